using Faultline.Explain.Decode.Numbers;

namespace Faultline.Explain.Decode.Syscalls;

/// <summary>How an architecture's programs enter the kernel: which registers hold what at that moment.</summary>
internal sealed record SyscallAbi
{
    private SyscallAbi(string name, SyscallNames names, uint auditArch, string source)
    {
        Name = name;
        Names = names;
        AuditArch = auditArch;
        Source = source;
    }

    /// <summary>SYSCALL in 64-bit mode.</summary>
    public static SyscallAbi X64 { get; } = new("x86-64", SyscallNames.X64, 0xC000_003E, "x86-64 psABI, section A.2.1; arch/x86/entry/entry_64.S");

    /// <summary>INT 80h, in 32-bit and in 64-bit programs: i386's numbers, the lower halves of i386's registers.</summary>
    public static SyscallAbi Int80 { get; } = new("int80", SyscallNames.I386, 0x4000_0003, "arch/x86/entry/entry_64_compat.S; syscall(2)");

    /// <summary>ia64's BREAK 0x100000: the kernel keeps the caller's register frame, in which locals precede the arguments.</summary>
    public static SyscallAbi Ia64Break { get; } = new("ia64-break", SyscallNames.Ia64, 0xC000_0032, "arch/ia64/kernel/ivt.S; Documentation/ia64/fsys.rst");

    /// <summary>ia64's EPC through the gate page: a frame without locals, arguments first.</summary>
    public static SyscallAbi Ia64Epc { get; } = new("ia64-epc", SyscallNames.Ia64, 0xC000_0032, "arch/ia64/kernel/gate.S; Documentation/ia64/fsys.rst");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SyscallAbi> All => [X64, Int80, Ia64Break, Ia64Epc];

    /// <summary>Its name on the command line.</summary>
    public string Name { get; }

    /// <summary>The names of its numbers.</summary>
    public SyscallNames Names { get; }

    /// <summary>What <c>ptrace_syscall_info.arch</c> holds (<c>include/uapi/linux/audit.h</c>).</summary>
    public uint AuditArch { get; }

    /// <summary>Where it is described.</summary>
    public string Source { get; }

    /// <summary>Whether it is one of ia64's.</summary>
    public bool IsIa64 => ReferenceEquals(Names, SyscallNames.Ia64);

    /// <summary>The interface of a name; null when there is none.</summary>
    public static SyscallAbi? Find(string name) => name.ToLowerInvariant() switch
    {
        "x86-64" or "x86_64" or "amd64" or "syscall" => X64,
        "int80" or "int-80" or "i386" => Int80,
        "ia64-break" or "break" => Ia64Break,
        "ia64-epc" or "epc" => Ia64Epc,
        _ => null,
    };
}
