namespace Faultline.Linux.Kernel;

// Processor time of one thread: that of its host thread since the task runs on it. All values in nanoseconds.
internal sealed partial class Task
{
    private int _hostThread;
    private long _startUser;
    private long _startSystem;
    private long _startTotal;

    /// <summary>CLOCK_THREAD_CPUTIME_ID, for whichever thread asks; 0 before the task runs.</summary>
    public long CpuTime => _hostThread == 0 || HasEnded ? 0 : Math.Max(Host.Clock.ThreadTimeOf(_hostThread) - _startTotal, 0);

    /// <summary>User and system time; on the task's own thread.</summary>
    public void ReadTimes(out long user, out long system)
    {
        Host.Clock.ThreadTimes(out user, out system);
        user = Math.Max(user - _startUser, 0);
        system = Math.Max(system - _startSystem, 0);
    }

    private void BeginTimes()
    {
        Host.Clock.ThreadTimes(out _startUser, out _startSystem);
        _startTotal = Host.Clock.ThreadTime;
        _hostThread = Host.Clock.CurrentThread;
    }
}
