using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Kernel;

// Sending signals, stopping and ending (kernel/signal.c, kernel/exit.c).
internal sealed partial class Process
{
    /// <summary>Guards signal actions, pending sets, masks, and the exiting and stopped states.</summary>
    public Lock SignalLock { get; } = new();

    /// <summary>What each signal does.</summary>
    public SignalActions Actions { get; private set; } = new();

    /// <summary>Signals sent to the process as a whole.</summary>
    public PendingSignals SharedPending { get; } = new();

    /// <summary>Told of every signal that is sent to the process or one of its threads (signalfd).</summary>
    public Vfs.WaitQueue SignalQueue { get; } = new();

    /// <summary>The process is ending or has ended.</summary>
    public bool IsExiting { get; private set; }

    /// <summary>A stop signal has stopped the process; SIGCONT ends that.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>A thread has taken a stop signal, and no SIGCONT has come since that would undo it (JOBCTL_STOP_DEQUEUED).</summary>
    private bool _hasTakenStop;

    /// <summary>The stop signal that the parent is told of when the last thread has stopped; 0 for none (group_stop_count).</summary>
    private int _stopToTell;

    /// <summary>How it ended: as wait(2) encodes it. Valid once <see cref="IsExiting"/>.</summary>
    public int WaitStatus { get; private set; }

    /// <summary>The signal that ended it, with everything a report needs; null otherwise.</summary>
    public FatalSignal? Fatal { get; private set; }

    /// <summary>Sends a signal to the process, or to one of its threads.</summary>
    /// <param name="info">The signal.</param>
    /// <param name="only">The thread that alone may take it, or null for any.</param>
    /// <returns>0, or -EAGAIN when the queue of a real-time signal with a value is full.</returns>
    public int Send(in Siginfo info, Task? only = null)
    {
        int result;
        if (info.si_signo == Sig.SIGCONT)
        {
            bool continued;
            // What the parent is told next must not be of the stop before.
            lock (Kernel.Tree)
            {
                result = Queue(info, only, out continued);
                if (continued)
                    NoteForParent(Sig.CLD_CONTINUED, Sig.SIGCONT);
            }
            if (continued)
                TellParent(Sig.CLD_CONTINUED, Sig.SIGCONT);
        }
        else
        {
            result = Queue(info, only, out _);
        }
        if (result == 0)
            SignalQueue.Wake();
        return result;
    }

    private int Queue(in Siginfo info, Task? only, out bool continued)
    {
        int signal = info.si_signo;
        continued = false;
        lock (SignalLock)
        {
            if (IsExiting)
                return 0;
            continued = Prepare(signal);
            Task target = only ?? Choose(signal);
            bool isBlocked = (target.Blocked & Sig.Bit(signal)) != 0;
            if (!isBlocked && Actions.IsIgnored(signal))
                return 0;
            PendingSignals queue = only is null ? SharedPending : only.Pending;
            if (!queue.Add(info, Limits[Resource.RLIMIT_SIGPENDING].rlim_cur) && info.si_code == Sig.SI_QUEUE)
                return -Errno.EAGAIN;
            if (!isBlocked)
                target.Notify();
            else
                WakeSignalWaiters();
            return 0;
        }
    }

    /// <summary>Reads, and with a value replaces, the action of a signal (do_sigaction).</summary>
    public KernelSigaction ExchangeAction(int signal, KernelSigaction? wanted)
    {
        lock (SignalLock)
        {
            ref KernelSigaction action = ref Actions[signal];
            KernelSigaction old = action;
            if (wanted is not { } next)
                return old;
            next.sa_flags &= Sig.SA_SUPPORTED;
            next.sa_mask &= ~DefaultActions.Unblockable;
            action = next;
            // Pending signals that are ignored from now on are gone (POSIX 3.3.1.3).
            if (Actions.IsIgnored(signal))
                Discard(Sig.Bit(signal));
            return old;
        }
    }

    /// <summary>Ends the process: its threads leave guest code at the next opportunity.</summary>
    /// <param name="status">As wait(2) encodes it: exit code times 256, or a signal with 0x80 for a core.</param>
    /// <param name="fatal">The signal that did it.</param>
    public void Exit(int status, FatalSignal? fatal = null)
    {
        lock (SignalLock)
        {
            if (IsExiting)
                return;
            IsExiting = true;
            WaitStatus = status;
            Fatal = fatal;
        }
        foreach (Task task in Tasks)
            task.Notify();
    }

    /// <summary>execve: no handlers, no alternate stacks; pending and blocked signals stay.</summary>
    public void ResetSignalsForExecute()
    {
        lock (SignalLock)
        {
            // Another process may share the actions (CLONE_SIGHAND): execve has its own from here on.
            Actions = Actions.Clone();
            Actions.ResetForExecute();
            foreach (Task task in Tasks)
                task.AlternateStack = default;
        }
    }

    /// <summary>A stop signal stops all threads, each at its next opportunity.</summary>
    public void Stop(int signal)
    {
        // An orphaned group is not stopped by the terminal: nobody would continue it (is_current_pgrp_orphaned).
        if (signal != Sig.SIGSTOP && Kernel.IsOrphaned(this))
            return;
        lock (SignalLock)
        {
            // SIGCONT may have come since the signal was taken.
            if (IsExiting || IsStopped || !_hasTakenStop)
                return;
            IsStopped = true;
            _stopToTell = signal;
        }
        foreach (Task task in Tasks)
            task.Notify();
    }

    /// <summary>A thread has taken a stop signal that it will act on; with <see cref="SignalLock"/> held.</summary>
    public void NoteStopTaken() => _hasTakenStop = true;

    /// <summary>Tells the parent of the stop once every thread has stopped or ended.</summary>
    private void TellOfStop()
    {
        int signal;
        if (Volatile.Read(ref _stopToTell) == 0)
            return;
        lock (Kernel.Tree)
        {
            lock (SignalLock)
            {
                signal = _stopToTell;
                if (signal == 0 || !IsStopped || IsExiting || Array.Exists(Tasks, task => task is { HasStopped: false, TakesNoSignals: false }))
                    return;
                _stopToTell = 0;
            }
            NoteForParent(Sig.CLD_STOPPED, signal);
        }
        TellParent(Sig.CLD_STOPPED, signal);
    }

    /// <summary>Signals of the process that a thread will not take after all go to others (retarget_shared_pending). With <see cref="SignalLock"/> held.</summary>
    /// <param name="from">The thread that blocks them from now on, or ends.</param>
    /// <param name="signals">Which.</param>
    public void Retarget(Task from, ulong signals)
    {
        signals &= SharedPending.Set;
        foreach (Task task in Tasks)
        {
            if (signals == 0)
                return;
            if (task == from || task.TakesNoSignals || (signals & ~task.Blocked) == 0)
                continue;
            signals &= task.Blocked;
            task.Notify();
        }
    }

    /// <summary>prepare_signal: a stop signal cancels SIGCONT, and SIGCONT cancels stop signals and continues.</summary>
    /// <returns>Whether the process was stopped and goes on.</returns>
    private bool Prepare(int signal)
    {
        if ((Sig.Bit(signal) & DefaultActions.Stops) != 0)
        {
            Discard(Sig.Bit(Sig.SIGCONT));
        }
        else if (signal == Sig.SIGCONT)
        {
            Discard(DefaultActions.Stops);
            _hasTakenStop = false;
            _stopToTell = 0;
            if (!IsStopped)
                return false;
            IsStopped = false;
            foreach (Task task in Tasks)
                task.Notify();
            return true;
        }
        return false;
    }

    private void Discard(ulong signals)
    {
        SharedPending.Discard(signals);
        foreach (Task task in Tasks)
            task.Pending.Discard(signals);
    }

    /// <summary>complete_signal: the first thread that does not block it; the main thread when all do.</summary>
    private Task Choose(int signal)
    {
        Task[] tasks = Tasks;
        foreach (Task task in tasks)
        {
            if (!task.TakesNoSignals && (task.Blocked & Sig.Bit(signal)) == 0)
                return task;
        }
        return tasks[0];
    }

    /// <summary>A blocked signal still ends sigtimedwait.</summary>
    private void WakeSignalWaiters()
    {
        foreach (Task task in Tasks)
            task.Notify();
    }
}
