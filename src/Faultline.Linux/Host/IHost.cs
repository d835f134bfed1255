namespace Faultline.Linux.Host;

/// <summary>
/// Everything the Linux kernel of this process asks of the machine it runs on. What makes one run differ from the next (files, clocks,
/// randomness, waiting) passes through here and nowhere else, so that a run can be recorded later. Nothing outside this folder calls the host's libc.
/// </summary>
/// <remarks>
/// The vocabulary is Linux's on every host: x86-64's O_ flags, errno values returned negative, paths of one char per byte (Latin-1).
/// A host with other numbers translates.
/// </remarks>
internal interface IHost
{
    /// <summary>Files and directories.</summary>
    IHostFiles Files { get; }

    /// <summary>Terminals.</summary>
    IHostTerminal Terminal { get; }

    /// <summary>Clocks and sleeping.</summary>
    IHostClock Clock { get; }

    /// <summary>Random bytes.</summary>
    IHostRandom Random { get; }

    /// <summary>Waiting for handles.</summary>
    IHostPoll Poll { get; }

    /// <summary>Internet sockets.</summary>
    IHostSockets Sockets { get; }

    /// <summary>Who and where we are.</summary>
    IHostIdentity Identity { get; }
}
