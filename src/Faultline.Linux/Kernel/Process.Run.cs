using Faultline.Linux.Kernel.Timers;

namespace Faultline.Linux.Kernel;

// Running.
internal sealed partial class Process
{
    private IntervalTimers? _timers;

    /// <summary>setitimer's and timer_create's timers of the process.</summary>
    public IntervalTimers Timers => _timers ??= new IntervalTimers(this);

    /// <summary>The exit code, or 128 and the number of the signal that ended the process, as a shell reports it.</summary>
    public int ExitCode => (WaitStatus & 0x7F) != 0 ? 128 + (WaitStatus & 0x7F) : (WaitStatus >> 8) & 0xFF;

    /// <summary>Runs the process on the calling host thread until it ends.</summary>
    /// <returns><see cref="ExitCode"/>.</returns>
    public int Run()
    {
        Main.RunToEnd();
        WaitForEnd(-1);
        return ExitCode;
    }
}
