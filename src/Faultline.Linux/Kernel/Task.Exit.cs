using Faultline.Linux.Kernel.Futexes;

namespace Faultline.Linux.Kernel;

// The end of a thread (do_exit).
internal sealed partial class Task
{
    private bool _hasEnded;

    /// <summary>The thread has called exit(2): it runs no more guest code.</summary>
    private bool _isEnding;

    /// <summary>Another thread replaces the program: this one ends at the next opportunity.</summary>
    public bool MustEnd { get; set; }

    /// <summary>The thread runs no more; who joins it may have been told.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>The thread has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <summary>It is ending or has ended: signals of the process are for other threads.</summary>
    public bool TakesNoSignals => _isEnding || MustEnd || HasEnded || IsLeaving;

    /// <summary>It waits for SIGCONT. Guarded by <see cref="Process.SignalLock"/>.</summary>
    public bool HasStopped { get; set; }

    /// <summary>The code of exit(2) as wait(2) encodes it.</summary>
    public int ExitStatus { get; private set; }

    /// <summary>The thread is in wait4(2) or waitid(2).</summary>
    public bool IsWaitingForChildren { get; set; }

    /// <summary>exit(2): this thread alone ends.</summary>
    public void End(int status)
    {
        ExitStatus = status;
        lock (Process.SignalLock)
        {
            _isEnding = true;
            Process.Retarget(this, ~_blocked);
        }
    }

    /// <summary>No more is to be expected of the thread.</summary>
    public void MarkEnded() => Volatile.Write(ref _hasEnded, true);

    /// <summary>Runs the thread on the calling host thread to its end, and ends what ends with it.</summary>
    public void RunToEnd()
    {
        Run();
        Leave();
    }

    /// <summary>Lets go of robust locks, then of those that others wait for (futex_cleanup).</summary>
    private void LeaveLocks()
    {
        RobustList.Release(this);
        HasLeftLocks = true;
        Kernel.Futexes.LeaveLocks(this);
    }

    /// <summary>Lets go of futexes and tells whoever joins the thread (mm_release), then leaves the process.</summary>
    private void Leave()
    {
        LeaveLocks();
        // Whoever joins it finds it gone.
        if (Process.Main != this)
            IsLeaving = true;
        if (ClearChildTid != 0 && Process.Mm.IsShared)
        {
            if (Memory.TryWrite(ClearChildTid, 0))
                _ = Kernel.Futexes.Wake(this, ClearChildTid, isPrivate: false, 1, uint.MaxValue);
        }
        Process.AddTimes(this);
        _current = null;
        Pins.Release();
        Vfs.Pins.Current = null;
        _cpu?.User.FallAsleep();
        Process.End(this);
    }
}
