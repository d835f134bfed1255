using Faultline.Explain.Decode.Descriptors;
using Faultline.Explain.Decode.Instructions;
using Faultline.Explain.Decode.Msrs;
using Faultline.Explain.Decode.Numbers;
using Faultline.Explain.Decode.Paging;
using Faultline.Explain.Decode.Registers;
using Faultline.Explain.Decode.Syscalls;

namespace Faultline.Explain.Decode;

/// <summary>Everything that can be decoded.</summary>
internal static class DecodeKinds
{
    /// <summary>The kinds, in the order in which they are listed. A new kind is one row here.</summary>
    public static IReadOnlyList<DecodeKind> All { get; } =
    [
        new("descriptor", "WORD...", "0x00af9b000000ffff", "entry of the GDT, LDT or IDT, 8 or 16 bytes", SegmentDescriptor.Decode) { Aliases = ["desc", "gdt", "ldt"] },
        new("gate", "WORD...", "81808e0000101390 00000000ffffffff", "call, interrupt, trap or task gate", SegmentDescriptor.DecodeGate) { Aliases = ["idt"] },
        new("tss-base", "BASE0 BASE1 BASE2 BASE3", "0x5000 0xd6 0xf8 0xfffffe7c", "base of a descriptor from its parts, and as sign extension would spoil it", DescriptorBase.Decode)
        {
            Aliases = ["descriptor-base"],
        },
        new("tss", "WORD...", "0 3000 fffffe00 0 0 0 0 0 0 9000 fffffe00 0 0 0 0 0 0 0 0 0 0 0 0 0 0 00680000", "contents of a 64-bit TSS", TaskState.Decode),
        Register("selector", "0x33", "segment selector", Selector.Layout),
        Register("access-rights", "0xa09b", "access rights of a segment, as VMX and LAR have them", AccessRights.Layout, "ar"),
        Entry("pte", "80000000025e9067", PagingLevel.Pte),
        Entry("pde", "80000000024001e3", PagingLevel.Pde, "pmd"),
        Entry("pdpte", "0000000002a15067", PagingLevel.Pdpte, "pud"),
        Entry("pml4e", "0000000002975067", PagingLevel.Pml4e, "p4d"),
        Entry("pml5e", "0000000002974067", PagingLevel.Pml5e, "pgd"),
        Register("cr0", "80050033", "control register 0", Cr0.Layout),
        Register("cr3", "00000000030d4000", "control register 3: page tables", Cr3.Layout),
        Register("cr4", "750ef0", "control register 4: extensions", Cr4.Layout),
        Register("efer", "d01", "IA32_EFER", Efer.Layout),
        Register("rflags", "10246", "flags", Rflags.Layout, "eflags"),
        Register("dr6", "ffff0ff0", "debug status", Dr6.Layout),
        Register("dr7", "d0402", "debug control", Dr7.Layout),
        Register("xcr0", "2e7", "state that XSAVE manages", Xcr0.Layout),
        Register("pkru", "55555554", "protection keys", Pkru.Layout),
        Register("mxcsr", "1f80", "SSE control and status", Mxcsr.Layout),
        Register("page-fault", "0x0002", "error code of a page fault", PageFaultError.Layout, "pf"),
        Register("error-code", "0x0018", "error code of #GP, #TS, #NP and #SS", SelectorError.Layout, "selector-error"),
        new("msr", "NAME|NUMBER [VALUE]", "IA32_LSTAR", "model-specific register", MsrDecoder.Decode),
        new("instruction", "BYTE... [--bits 16|32|64] [--at ADDRESS]", "48 8b 04 25 00 00 40 00", "x86 instruction bytes", InstructionDecoder.Decode) { Aliases = ["insn", "code"] },
        new("errno", "NUMBER|NAME", "-14", "error number", ErrnoDecoder.Decode),
        new("syscall", "[ARCHITECTURE] NUMBER|NAME", "ia64 1034", "system call number", SyscallDecoder.Decode),
        new("signal", "NUMBER|NAME [SI_CODE]", "SIGSEGV 2", "signal, and what its si_code says", SignalDecoder.Decode),
        new("syscall-frame", "--abi x86-64|int80|ia64-break|ia64-epc [FILE]", "--abi ia64-epc dump.txt", "registers of a system call, as ptrace shows it", SyscallFrame.Decode)
        {
            ReadsText = true,
            Aliases = ["frame"],
        },
    ];

    /// <summary>The kind of a name or alias, regardless of case; null when there is none.</summary>
    public static DecodeKind? Find(string name)
    {
        foreach (DecodeKind kind in All)
        {
            if (kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || kind.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase))
                return kind;
        }
        return null;
    }

    private static DecodeKind Register(string name, string example, string summary, RegisterLayout layout, params string[] aliases) =>
        new(name, "VALUE", example, summary, request => One(request, name, layout.Decode)) { Aliases = aliases };

    private static DecodeKind Entry(string name, string example, PagingLevel level, params string[] aliases) =>
        new(name, "VALUE", example, $"{name.ToUpperInvariant()} of x86-64's page tables", request => One(request, name, value => PageTableEntry.Decode(level, value))) { Aliases = aliases };

    private static DecodeOutcome One(DecodeRequest request, string name, Func<ulong, Decoded> decode)
    {
        if (request.Words.Count != 1)
            return DecodeOutcome.Fail($"{name} takes one value, {request.Words.Count} given");
        return ValueText.TryHexadecimal(request.Words[0], out ulong value, out string error) ? decode(value) : DecodeOutcome.Fail(error);
    }
}
