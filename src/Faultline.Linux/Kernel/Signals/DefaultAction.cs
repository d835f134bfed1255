namespace Faultline.Linux.Kernel.Signals;

/// <summary>What a signal does when nobody handles it (signal(7)).</summary>
internal enum DefaultAction : byte
{
    /// <summary>Ends the process.</summary>
    Terminate,

    /// <summary>Ends the process; a core would be written where cores are enabled.</summary>
    CoreDump,

    /// <summary>Nothing.</summary>
    Ignore,

    /// <summary>Stops the process until SIGCONT.</summary>
    Stop,
}
