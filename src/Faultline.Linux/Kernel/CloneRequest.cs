namespace Faultline.Linux.Kernel;

/// <summary>What clone(2) is asked for (struct kernel_clone_args).</summary>
internal readonly struct CloneRequest
{
    /// <summary>CLONE_ flags, and the exit signal in the bits of CSIGNAL.</summary>
    public ulong Flags { get; init; }

    /// <summary>The new stack pointer; 0 to keep the present one.</summary>
    public ulong Stack { get; init; }

    /// <summary>The base of FS with CLONE_SETTLS.</summary>
    public ulong Tls { get; init; }

    /// <summary>Where CLONE_PARENT_SETTID writes.</summary>
    public ulong ParentTid { get; init; }

    /// <summary>Where CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID write.</summary>
    public ulong ChildTid { get; init; }

    /// <summary>Where CLONE_PIDFD writes.</summary>
    public ulong Pidfd { get; init; }

    /// <summary>Whether a flag is set.</summary>
    public bool Has(ulong flag) => (Flags & flag) != 0;
}
