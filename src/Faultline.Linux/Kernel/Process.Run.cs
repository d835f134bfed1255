using Faultline.Linux.Kernel.Timers;

namespace Faultline.Linux.Kernel;

// Running.
internal sealed partial class Process
{
    private IntervalTimers? _timers;
    private bool _isRun;

    /// <summary>setitimer's and timer_create's timers of the process.</summary>
    public IntervalTimers Timers => _timers ??= new IntervalTimers(this);

    /// <summary>The exit code, or 128 and the number of the signal that ended the process, as a shell reports it.</summary>
    public int ExitCode => (WaitStatus & 0x7F) != 0 ? 128 + (WaitStatus & 0x7F) : (WaitStatus >> 8) & 0xFF;

    /// <summary>Whether the first process was loaded and has not been run: nothing of it will end, and nobody need wait for it.</summary>
    public bool IsUnused => IsFirst && !Volatile.Read(ref _isRun);

    /// <summary>Runs the process on the calling host thread until it ends.</summary>
    /// <returns><see cref="ExitCode"/>.</returns>
    public int Run()
    {
        Volatile.Write(ref _isRun, true);
        Main.RunToEnd();
        WaitForEnd(-1);
        return ExitCode;
    }
}
