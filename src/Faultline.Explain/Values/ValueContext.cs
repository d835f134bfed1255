namespace Faultline.Explain.Values;

/// <summary>What is known about the machine that a value comes from. Everything may be absent; the classifier then says less.</summary>
internal sealed record ValueContext
{
    /// <summary>Nothing known but x86-64.</summary>
    public static readonly ValueContext Unknown = new();

    /// <summary>The address space's layout.</summary>
    public ValueArchitecture Architecture { get; init; } = ValueArchitecture.X64;

    /// <summary>CR4.LA57: addresses have 57 bits. Null when no CR4 was printed.</summary>
    public bool? FiveLevelPaging { get; init; }

    /// <summary>The stack pointer of the report, kernel or user, or null.</summary>
    public ulong? StackPointer { get; init; }

    /// <summary>The kernel's GS base: per-CPU data, which the boot processors' first chunk puts into the direct map. Or null.</summary>
    public ulong? PerCpuBase { get; init; }

    /// <summary>"Kernel Offset" of the report: how far address randomisation moved the image. Null when not printed or not worked out.</summary>
    public ulong? KernelOffset { get; init; }

    /// <summary>Name and offset of a code or data address of the running kernel, such as "vfs_read+0x2c8", or null.</summary>
    public Func<ulong, string?> Symbol { get; init; } = static _ => null;
}
