using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Kernel;

// Signals of one thread: mask, pending set, alternate stack (kernel/signal.c). All fields are guarded by Process.SignalLock; the mask is written
// by the thread itself only.
internal sealed partial class Task
{
    /// <summary>Non-zero when signals may be waiting to be acted on; a hint that is checked before every return to guest code.</summary>
    private int _attention;
    private ulong _blocked;
    private ulong _savedMask;
    private bool _restoreMask;

    /// <summary>Signals sent to this thread alone.</summary>
    public PendingSignals Pending { get; } = new();

    /// <summary>The alternate signal stack; size 0 when there is none.</summary>
    public StackT AlternateStack { get; set; }

    /// <summary>Vector of the last exception, for sigcontext and fault reports.</summary>
    public ulong TrapNumber { get; private set; }

    /// <summary>Error code of the last exception.</summary>
    public ulong ErrorCode { get; private set; }

    /// <summary>Address of the last page fault.</summary>
    public ulong Cr2 { get; private set; }

    /// <summary>The blocked signals.</summary>
    public ulong Blocked => _blocked;

    /// <inheritdoc/>
    public bool IsInterrupted
    {
        get
        {
            if (Volatile.Read(ref _attention) == 0)
                return false;
            lock (Process.SignalLock)
                return Process.IsExiting || MustEnd || Process.IsStopped || ((Pending.Set | Process.SharedPending.Set) & ~_blocked) != 0;
        }
    }

    /// <summary>Whether the thread has been killed and only does not know it yet.</summary>
    private bool HasPendingKill
    {
        get
        {
            lock (Process.SignalLock)
                return ((Pending.Set | Process.SharedPending.Set) & Sig.Bit(Sig.SIGKILL)) != 0;
        }
    }

    /// <summary>Replaces the mask; SIGKILL and SIGSTOP stay deliverable.</summary>
    public void SetBlocked(ulong mask)
    {
        lock (Process.SignalLock)
        {
            ulong added = mask & ~_blocked;
            _blocked = mask & ~DefaultActions.Unblockable;
            if (added != 0)
                Process.Retarget(this, added);
            if (((Pending.Set | Process.SharedPending.Set) & ~_blocked) != 0)
                Volatile.Write(ref _attention, 1);
        }
    }

    /// <summary>
    /// Replaces the mask until the present system call has returned and its signal has been handled (sigsuspend, ppoll, pselect).
    /// </summary>
    public void SetTemporaryMask(ulong mask)
    {
        _savedMask = _blocked;
        _restoreMask = true;
        SetBlocked(mask);
    }

    /// <summary>Ends a temporary mask early: the call completed without a signal.</summary>
    public void RestoreMask()
    {
        if (!_restoreMask)
            return;
        _restoreMask = false;
        SetBlocked(_savedMask);
    }

    /// <summary>Takes a pending signal of a set, this thread's before the process's (dequeue_signal).</summary>
    public bool TryTakeSignal(ulong wanted, out Siginfo info)
    {
        lock (Process.SignalLock)
        {
            if (!Pending.TryTake(wanted, out info) && !Process.SharedPending.TryTake(wanted, out info))
                return false;
        }
        TellTimer(info);
        return true;
    }

    /// <summary>The signal of a timer has been taken: its overrun is known (posixtimer_rearm).</summary>
    private void TellTimer(in Siginfo info)
    {
        if (info.si_code == Sig.SI_TIMER && Process.Timers.Find(info.si_tid) is { } timer)
            timer.Overrun = info.si_overrun;
    }

    /// <summary>Waits for one of a set of signals, which are taken without being delivered (sigtimedwait).</summary>
    /// <returns>0, -EAGAIN at the deadline, -EINTR when another signal came.</returns>
    public int WaitForSignal(ulong wanted, long deadline, out Siginfo info)
    {
        while (true)
        {
            Waker.Reset();
            if (TryTakeSignal(wanted, out info))
                return 0;
            if (IsInterrupted)
                return -Errno.EINTR;
            if (deadline <= Host.Clock.Monotonic || Sleep(deadline))
                return TryTakeSignal(wanted, out info) ? 0 : -Errno.EAGAIN;
        }
    }

    /// <summary>
    /// Raises a signal that this thread's own instruction caused: it cannot be blocked or ignored (force_sig_info).
    /// </summary>
    public void Force(in Siginfo info)
    {
        lock (Process.SignalLock)
        {
            ref KernelSigaction action = ref Process.Actions[info.si_signo];
            bool isBlocked = (_blocked & Sig.Bit(info.si_signo)) != 0;
            if (isBlocked || action.sa_handler == Sig.SIG_IGN)
            {
                action.sa_handler = Sig.SIG_DFL;
                _blocked &= ~Sig.Bit(info.si_signo);
            }
            _ = Pending.Add(info, ulong.MaxValue);
            Volatile.Write(ref _attention, 1);
        }
    }

    /// <summary>A signal frame could not be written or read: SIGSEGV, which cannot be handled if it is SIGSEGV's own (force_sigsegv).</summary>
    public void ForceSegv(int signal)
    {
        if (signal == Sig.SIGSEGV)
        {
            lock (Process.SignalLock)
                Process.Actions[Sig.SIGSEGV].sa_handler = Sig.SIG_DFL;
        }
        Force(new Siginfo { si_signo = Sig.SIGSEGV, si_code = Sig.SI_KERNEL });
    }

    /// <summary>sigaltstack(2).</summary>
    /// <param name="wanted">The new stack.</param>
    /// <param name="stackPointer">RSP, to tell whether the present one is in use.</param>
    public int SetAlternateStack(in StackT wanted, ulong stackPointer)
    {
        if (IsOnAlternateStack(stackPointer))
            return -Errno.EPERM;
        int mode = wanted.ss_flags & ~Sig.SS_AUTODISARM;
        if (mode is not (Sig.SS_DISABLE or Sig.SS_ONSTACK or 0))
            return -Errno.EINVAL;
        if (mode == Sig.SS_DISABLE)
        {
            AlternateStack = new StackT { ss_flags = wanted.ss_flags };
            return 0;
        }
        if (wanted.ss_size < Sig.MINSIGSTKSZ)
            return -Errno.ENOMEM;
        AlternateStack = wanted;
        return 0;
    }

    /// <summary>Whether a stack pointer lies on the alternate stack (on_sig_stack).</summary>
    public bool IsOnAlternateStack(ulong stackPointer)
    {
        StackT stack = AlternateStack;
        return (stack.ss_flags & Sig.SS_AUTODISARM) == 0 && IsWithin(stack, stackPointer);
    }

    /// <summary>What sigaltstack(2) reports: SS_DISABLE without one, SS_ONSTACK while on it (sas_ss_flags).</summary>
    public int AlternateStackFlags(ulong stackPointer) =>
        AlternateStack.ss_size == 0 ? Sig.SS_DISABLE : IsOnAlternateStack(stackPointer) ? Sig.SS_ONSTACK : 0;

    private static bool IsWithin(in StackT stack, ulong stackPointer) =>
        stackPointer > stack.ss_sp && stackPointer - stack.ss_sp <= stack.ss_size;

    /// <summary>The mask that a signal frame saves: the one before a temporary mask (sigmask_to_save).</summary>
    private ulong TakeMaskToSave()
    {
        ulong mask = _restoreMask ? _savedMask : _blocked;
        _restoreMask = false;
        return mask;
    }
}
