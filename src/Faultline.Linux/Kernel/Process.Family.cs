using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

// Parents and children: the end of a process and what its parent is told (kernel/exit.c). Guarded by LinuxKernel.Tree.
internal sealed partial class Process
{
    private readonly List<Process> _children = [];
    private readonly ManualResetEventSlim _ended = new();
    private bool _isReaped;

    /// <summary>The process that waits for this one; null when its parent has ended, and for the first.</summary>
    public Process? Parent { get; private set; }

    /// <summary>getppid(2).</summary>
    public int ParentPid => Parent?.Pid ?? (IsFirst ? Kernel.Host.Identity.ParentProcessId : LinuxKernel.InitPid);

    /// <summary>The program that the machine was asked to run. Its memory stays until it is disposed.</summary>
    public bool IsFirst { get; init; }

    /// <summary>The signal that the parent gets at the end, SIGCHLD as a rule; 0 for none.</summary>
    public int ExitSignal { get; set; } = Sig.SIGCHLD;

    /// <summary>All threads have ended; the parent may not have been told (a zombie).</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The stop signal that the parent has not been told of; 0 for none.</summary>
    public int UnreportedStop { get; set; }

    /// <summary>The parent has not been told that the process goes on.</summary>
    public bool HasUnreportedContinue { get; set; }

    /// <summary>execve was called since the process was made: its parent cannot move it to another group any more.</summary>
    public bool HasExecuted { get; private set; }

    /// <summary>The parent's vfork need not wait any more: the child has a program of its own, or has ended.</summary>
    public bool IsReleasedFromVfork { get; private set; }

    /// <summary>The thread whose vfork(2) made this process, as long as it waits.</summary>
    public Task? VforkWaiter { get; set; }

    /// <summary>Told of the end (pidfd).</summary>
    public WaitQueue EndQueue { get; } = new();

    /// <summary>The children, as they are now.</summary>
    public Process[] Children
    {
        get
        {
            lock (Kernel.Tree)
                return [.. _children];
        }
    }

    /// <summary>The children themselves; with <see cref="LinuxKernel.Tree"/> held.</summary>
    public List<Process> ChildrenLocked => _children;

    /// <summary>Joins a parent's children.</summary>
    public void BornTo(Process parent)
    {
        lock (Kernel.Tree)
        {
            Parent = parent;
            parent._children.Add(this);
        }
    }

    /// <summary>Waits for the end of all threads, on a host thread that is none of them.</summary>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    public void WaitForEnd(int milliseconds) => _ended.Wait(milliseconds);

    /// <summary>execve was successful or the process ends: the parent may go on.</summary>
    public void ReleaseFromVfork()
    {
        IsReleasedFromVfork = true;
        VforkWaiter?.Waker.Wake();
    }

    /// <summary>The last thread has ended.</summary>
    private void Finish()
    {
        if (Fatal is { } fatal)
            Kernel.Crashed?.Invoke(this, fatal);
        _ = NoteResident();
        Timers.Dispose();
        Kernel.UndoSemaphores(this);
        Kernel.LeaveTerminal(this);
        Files.Release();
        if (!IsFirst)
        {
            Mm.Release();
            Executable?.Release();
            Executable = null;
        }
        FileSystem.Release();
        ReleaseFromVfork();
        Kernel.Strace?.Ended(this);

        Process? told;
        bool isForgotten;
        lock (Kernel.Tree)
        {
            OrphanChildren();
            HasEnded = true;
            told = Parent;
            isForgotten = told is null ? !IsFirst : ExitSignal == Sig.SIGCHLD && told.ForgetsChildren;
            if (isForgotten)
                ReapLocked();
        }
        EndQueue.Wake();
        // A number that is no signal tells nobody (do_notify_parent).
        if (told is not null && ExitSignal is > 0 and <= Sig.SIGRTMAX)
            _ = told.Send(ChildInfo(ExitSignal));
        told?.WakeWaitingThreads();
        _ended.Set();
    }

    /// <summary>What SIGCHLD and waitid(2) tell of the end of this process.</summary>
    public Siginfo ChildInfo(int signal) => new()
    {
        si_signo = signal,
        si_code = (WaitStatus & 0x7F) == 0 ? Sig.CLD_EXITED : (WaitStatus & 0x80) != 0 ? Sig.CLD_DUMPED : Sig.CLD_KILLED,
        si_pid = Pid,
        si_uid = Main.Credentials.Uid,
        si_status = (WaitStatus & 0x7F) == 0 ? (WaitStatus >> 8) & 0xFF : WaitStatus & 0x7F,
        si_utime = UserTime / TickLength,
        si_stime = SystemTime / TickLength,
    };

    /// <summary>The parent has been told of the end: the process is gone. With <see cref="LinuxKernel.Tree"/> held.</summary>
    public void ReapLocked()
    {
        if (_isReaped)
            return;
        _isReaped = true;
        if (Parent is { } parent)
        {
            parent._children.Remove(this);
            parent.AddChildTimes(this);
        }
        Kernel.Remove(this);
    }

    /// <summary>What wait4(2) tells the parent next. With <see cref="LinuxKernel.Tree"/> held.</summary>
    private void NoteForParent(int code, int signal)
    {
        UnreportedStop = code == Sig.CLD_STOPPED ? signal : 0;
        HasUnreportedContinue = code == Sig.CLD_CONTINUED;
    }

    /// <summary>Tells the parent that the process has stopped or goes on (do_notify_parent_cldstop).</summary>
    /// <param name="code">CLD_STOPPED or CLD_CONTINUED.</param>
    /// <param name="signal">The signal that did it.</param>
    private void TellParent(int code, int signal)
    {
        if (Parent is not { } parent)
            return;
        bool wantsSignal;
        lock (parent.SignalLock)
        {
            KernelSigaction action = parent.Actions[Sig.SIGCHLD];
            wantsSignal = action.sa_handler != Sig.SIG_IGN && (action.sa_flags & Sig.SA_NOCLDSTOP) == 0;
        }
        if (wantsSignal)
            _ = parent.Send(new Siginfo { si_signo = Sig.SIGCHLD, si_code = code, si_pid = Pid, si_uid = Main.Credentials.Uid, si_status = signal });
        parent.WakeWaitingThreads();
    }

    /// <summary>SIGCHLD is ignored, or SA_NOCLDWAIT is set: children leave no zombies.</summary>
    private bool ForgetsChildren
    {
        get
        {
            lock (SignalLock)
            {
                KernelSigaction action = Actions[Sig.SIGCHLD];
                return action.sa_handler == Sig.SIG_IGN || (action.sa_flags & Sig.SA_NOCLDWAIT) != 0;
            }
        }
    }

    /// <summary>Children of an ended process get another parent: the nearest ancestor that asked for them, else the machine's init.</summary>
    private void OrphanChildren()
    {
        Process? heir = Parent;
        while (heir is not null && (!heir.IsSubreaper || heir.IsExiting))
            heir = heir.Parent;
        foreach (Process child in _children.ToArray())
        {
            int signal = child.Main.ParentDeathSignal;
            bool wasStopped = child.IsStopped && child.Session == Session && child.ProcessGroup != ProcessGroup;
            _children.Remove(child);
            child.Parent = heir;
            child.ExitSignal = Sig.SIGCHLD;
            heir?._children.Add(child);
            if (child.HasEnded && heir is null)
                child.ReapLocked();
            if (signal != 0)
                _ = child.Send(new Siginfo { si_signo = signal, si_code = Sig.SI_USER, si_pid = Pid, si_uid = Main.Credentials.Uid });
            // A stopped group that nobody is left to continue (kill_orphaned_pgrp).
            if (wasStopped && !Kernel.HasGroupLeaderOutside(child))
            {
                _ = Kernel.SendToGroup(child.ProcessGroup, new Siginfo { si_signo = Sig.SIGHUP, si_code = Sig.SI_KERNEL });
                _ = Kernel.SendToGroup(child.ProcessGroup, new Siginfo { si_signo = Sig.SIGCONT, si_code = Sig.SI_KERNEL });
            }
        }
        heir?.WakeWaitingThreads();
    }

    /// <summary>Threads in wait4(2) look again.</summary>
    private void WakeWaitingThreads()
    {
        foreach (Task task in Tasks)
        {
            if (task.IsWaitingForChildren)
                task.Waker.Wake();
        }
    }
}
