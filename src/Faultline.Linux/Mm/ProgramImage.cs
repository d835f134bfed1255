namespace Faultline.Linux.Mm;

/// <summary>Where a loaded program lies: the start_code family of Linux's mm_struct. Addresses are absolute.</summary>
internal sealed record ProgramImage
{
    /// <summary>Path of the program's file as /proc/self/exe shows it.</summary>
    public string Executable { get; init; } = "";

    /// <summary>What is added to the program's link-time addresses.</summary>
    public ulong LoadBias { get; init; }

    /// <summary>The entry point of the program itself (AT_ENTRY).</summary>
    public ulong Entry { get; init; }

    /// <summary>The program headers in memory (AT_PHDR).</summary>
    public ulong ProgramHeaders { get; init; }

    /// <summary>How many there are.</summary>
    public int ProgramHeaderCount { get; init; }

    /// <summary>What is added to the interpreter's link-time addresses (AT_BASE); 0 without one.</summary>
    public ulong InterpreterBase { get; init; }

    /// <summary>Where the vDSO was put (AT_SYSINFO_EHDR).</summary>
    public ulong Vdso { get; init; }

    /// <summary>First instruction that ran.</summary>
    public ulong Start { get; init; }

    public ulong StartCode { get; init; }

    public ulong EndCode { get; init; }

    public ulong StartData { get; init; }

    public ulong EndData { get; init; }

    /// <summary>Stack pointer at the start.</summary>
    public ulong StartStack { get; init; }

    /// <summary>First byte of argv's strings.</summary>
    public ulong ArgStart { get; init; }

    public ulong ArgEnd { get; init; }

    /// <summary>First byte of the environment's strings.</summary>
    public ulong EnvStart { get; init; }

    public ulong EnvEnd { get; init; }

    /// <summary>The files that were loaded: the program, and its interpreter if it has one.</summary>
    public IReadOnlyList<LoadedImage> Loaded { get; init; } = [];

    /// <summary>The auxiliary vector as it was put on the stack, for /proc/self/auxv.</summary>
    public byte[] AuxiliaryVector { get; init; } = [];
}
