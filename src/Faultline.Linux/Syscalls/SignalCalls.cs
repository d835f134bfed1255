using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Syscalls;

/// <summary>Signals: actions, masks, sending, waiting, and the return from a handler.</summary>
internal static unsafe class SignalCalls
{
    private const ulong SigsetSize = 8;

    public static long RtSigaction(Task task, in SyscallArguments a)
    {
        if (a.A3 != SigsetSize)
            return -Errno.EINVAL;
        KernelSigaction wanted = default;
        if (a.A1 != 0 && !task.Memory.TryRead(a.A1, out wanted))
            return -Errno.EFAULT;
        int signal = a.Int0;
        if (!Sig.IsValid(signal) || (a.A1 != 0 && (Sig.Bit(signal) & DefaultActions.Unblockable) != 0))
            return -Errno.EINVAL;
        KernelSigaction old = task.Process.ExchangeAction(signal, a.A1 != 0 ? wanted : null);
        return a.A2 == 0 || task.Memory.TryWrite(a.A2, old) ? 0 : -Errno.EFAULT;
    }

    public static long RtSigprocmask(Task task, in SyscallArguments a)
    {
        if (a.A3 != SigsetSize)
            return -Errno.EINVAL;
        ulong old = task.Blocked;
        if (a.A1 != 0)
        {
            if (!task.Memory.TryRead(a.A1, out ulong set))
                return -Errno.EFAULT;
            switch (a.Int0)
            {
                case Sig.SIG_BLOCK:
                    task.SetBlocked(old | set);
                    break;
                case Sig.SIG_UNBLOCK:
                    task.SetBlocked(old & ~set);
                    break;
                case Sig.SIG_SETMASK:
                    task.SetBlocked(set);
                    break;
                default:
                    return -Errno.EINVAL;
            }
        }
        return a.A2 == 0 || task.Memory.TryWrite(a.A2, old) ? 0 : -Errno.EFAULT;
    }

    public static long RtSigpending(Task task, in SyscallArguments a)
    {
        if (a.A1 > SigsetSize)
            return -Errno.EINVAL;
        ulong set;
        lock (task.Process.SignalLock)
            set = (task.Pending.Set | task.Process.SharedPending.Set) & task.Blocked;
        ReadOnlySpan<byte> bytes = new(&set, (int)a.A1);
        return task.Memory.Write(a.A0, bytes) == bytes.Length ? 0 : -Errno.EFAULT;
    }

    public static long RtSigsuspend(Task task, in SyscallArguments a)
    {
        if (a.A1 != SigsetSize)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A0, out ulong set))
            return -Errno.EFAULT;
        task.SetTemporaryMask(set);
        _ = task.SleepUntil(long.MaxValue);
        return -Errno.ERESTARTNOHAND;
    }

    public static long Pause(Task task, in SyscallArguments a)
    {
        _ = task.SleepUntil(long.MaxValue);
        return -Errno.ERESTARTNOHAND;
    }

    public static long RtSigtimedwait(Task task, in SyscallArguments a)
    {
        if (a.A3 != SigsetSize)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A0, out ulong wanted))
            return -Errno.EFAULT;
        long deadline = long.MaxValue;
        if (a.A2 != 0)
        {
            if (!task.Memory.TryRead(a.A2, out Timespec timeout))
                return -Errno.EFAULT;
            if (!timeout.IsValid)
                return -Errno.EINVAL;
            deadline = TimedSleep.Add(task.Host.Clock.Monotonic, timeout.ToNanoseconds());
        }
        int result = task.WaitForSignal(wanted & ~DefaultActions.Unblockable, deadline, out Siginfo info);
        if (result < 0)
            return result;
        return a.A1 == 0 || task.Memory.TryWrite(a.A1, info) ? info.si_signo : -Errno.EFAULT;
    }

    public static long RtSigqueueinfo(Task task, in SyscallArguments a)
    {
        int error = ReadInfo(task, a.A2, a.Int1, a.Int0, out Siginfo info);
        if (error != 0)
            return error;
        Process? process = task.Kernel.Find(a.Int0);
        return process is null ? -Errno.ESRCH : Deliver(process, info, null);
    }

    public static long RtTgsigqueueinfo(Task task, in SyscallArguments a)
    {
        if (a.Int0 <= 0 || a.Int1 <= 0)
            return -Errno.EINVAL;
        int error = ReadInfo(task, a.A3, a.Int2, a.Int1, out Siginfo info);
        if (error != 0)
            return error;
        Task? target = task.Kernel.Find(a.Int0)?.FindTask(a.Int1);
        return target is null ? -Errno.ESRCH : Deliver(target.Process, info, target);
    }

    public static long Kill(Task task, in SyscallArguments a)
    {
        int pid = a.Int0, signal = a.Int1;
        if (!IsSignalOrZero(signal))
            return pid == int.MinValue ? -Errno.ESRCH : FindAny(task, pid) ? -Errno.EINVAL : -Errno.ESRCH;
        Siginfo info = FromUser(task, signal, Sig.SI_USER);
        bool found = false;
        long result = 0;
        foreach (Process process in task.Kernel.Processes)
        {
            if (!Matches(task, process, pid))
                continue;
            found = true;
            result = Deliver(process, info, null);
        }
        return found ? result : -Errno.ESRCH;
    }

    public static long Tkill(Task task, in SyscallArguments a)
    {
        if (a.Int0 <= 0)
            return -Errno.EINVAL;
        return SendToTask(task, task.Kernel.FindTask(a.Int0), a.Int1);
    }

    public static long Tgkill(Task task, in SyscallArguments a)
    {
        if (a.Int0 <= 0 || a.Int1 <= 0)
            return -Errno.EINVAL;
        return SendToTask(task, task.Kernel.Find(a.Int0)?.FindTask(a.Int1), a.Int2);
    }

    public static long Sigaltstack(Task task, in SyscallArguments a)
    {
        ulong stackPointer = task.Cpu.State->Gpr[4];
        StackT wanted = default;
        if (a.A0 != 0 && !task.Memory.TryRead(a.A0, out wanted))
            return -Errno.EFAULT;
        StackT old = task.AlternateStack;
        old.ss_flags = task.AlternateStackFlags(stackPointer) | (old.ss_flags & Sig.SS_AUTODISARM);
        if (a.A0 != 0)
        {
            int error = task.SetAlternateStack(wanted, stackPointer);
            if (error != 0)
                return error;
        }
        return a.A1 == 0 || task.Memory.TryWrite(a.A1, old) ? 0 : -Errno.EFAULT;
    }

    public static long RtSigreturn(Task task, in SyscallArguments a) => task.ReturnFromSignal();

    private static bool IsSignalOrZero(int signal) => signal is >= 0 and <= Sig.SIGRTMAX;

    private static bool FindAny(Task task, int pid)
    {
        foreach (Process process in task.Kernel.Processes)
        {
            if (Matches(task, process, pid))
                return true;
        }
        return false;
    }

    /// <summary>Whom kill(2) means: one process, a group (0 for one's own), or with -1 everyone but oneself and the first.</summary>
    private static bool Matches(Task task, Process process, int pid) => pid switch
    {
        > 0 => process.Pid == pid || task.Kernel.FindTask(pid)?.Process == process,
        0 => process.ProcessGroup == task.Process.ProcessGroup,
        -1 => process != task.Process && !process.IsFirst,
        _ => process.ProcessGroup == -pid,
    };

    private static Siginfo FromUser(Task task, int signal, int code) =>
        new() { si_signo = signal, si_code = code, si_pid = task.Process.Pid, si_uid = task.Credentials.Uid };

    private static long SendToTask(Task task, Task? target, int signal)
    {
        if (target is null)
            return -Errno.ESRCH;
        return IsSignalOrZero(signal) ? Deliver(target.Process, FromUser(task, signal, Sig.SI_TKILL), target) : -Errno.EINVAL;
    }

    private static long Deliver(Process process, in Siginfo info, Task? target) => info.si_signo == 0 ? 0 : process.Send(info, target);

    private static int ReadInfo(Task task, ulong address, int signal, int target, out Siginfo info)
    {
        if (!task.Memory.TryRead(address, out info))
            return -Errno.EFAULT;
        info.si_signo = signal;
        // Only the kernel may claim to be the kernel, or kill(2), except towards oneself.
        if ((info.si_code >= 0 || info.si_code == Sig.SI_TKILL) && target != task.Process.Pid && target != task.Tid)
            return -Errno.EPERM;
        return IsSignalOrZero(signal) ? 0 : -Errno.EINVAL;
    }
}
