using Faultline.Cpu;
using Faultline.Elf.Layout;
using Faultline.Linux.Host;
using Faultline.Linux.Net;

namespace Faultline.Linux.Kernel;

/// <summary>What a <see cref="LinuxKernel"/> is made of.</summary>
internal sealed record LinuxKernelOptions
{
    /// <summary>The machine underneath.</summary>
    public required IHost Host { get; init; }

    /// <summary>The folder of the host that guests see as <c>/</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Folders of the host at places of the guests' tree, mounted in this order.</summary>
    public IReadOnlyList<Bind> Binds { get; init; } = [];

    /// <summary>Where the first process starts, a path from <see cref="Root"/>; null for the host's current directory, or <c>/</c> when that lies outside.</summary>
    public string? CurrentDirectory { get; init; }

    /// <summary>The processor model.</summary>
    public CpuModel Model { get; init; } = CpuModel.Default;

    /// <summary>How processors execute guest code.</summary>
    public ExecutionEngine Engine { get; init; } = ExecutionEngine.Auto;

    /// <summary>How segments are rounded to pages. The guest's pages are 4 KiB under every policy.</summary>
    public LoadPolicy LoadPolicy { get; init; } = LoadPolicy.Default;

    /// <summary>Where system calls are traced to in the format of strace(1); null for no trace.</summary>
    public TextWriter? Strace { get; init; }

    /// <summary>What of the network guests reach.</summary>
    public NetworkAccess Network { get; init; } = NetworkAccess.Host;

    /// <summary>Permission bits that new files do not get, until the guest says otherwise.</summary>
    public uint Umask { get; init; } = DefaultUmask;

    /// <summary>022, what most systems start users with.</summary>
    public const uint DefaultUmask = 0x12;

    /// <summary>Signals that first processes start with ignored, bit N-1 for signal N.</summary>
    public ulong IgnoredSignals { get; init; }

    /// <summary>Signals that first processes start with blocked, bit N-1 for signal N.</summary>
    public ulong BlockedSignals { get; init; }

    /// <summary>What the first process reads from descriptor 0; null for the host's own. Stays the caller's.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Where descriptor 1 writes; null for the host's own. Stays the caller's.</summary>
    public Stream? StandardOutput { get; init; }

    /// <summary>Where descriptor 2 writes; null for the host's own. Stays the caller's.</summary>
    public Stream? StandardError { get; init; }
}
