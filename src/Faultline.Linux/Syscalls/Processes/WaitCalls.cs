using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>wait4 and waitid (kernel/exit.c).</summary>
internal static class WaitCalls
{
    private const int ContinuedStatus = 0xFFFF;
    private const int StoppedStatus = 0x7F;

    public static long Wait4(Task task, in SyscallArguments a)
    {
        const int known = Wait.WNOHANG | Wait.WUNTRACED | Wait.WCONTINUED | Wait.__WNOTHREAD | Wait.__WCLONE | Wait.__WALL;
        if ((a.Int2 & ~known) != 0)
            return -Errno.EINVAL;
        int pid = a.Int0;
        if (pid == int.MinValue)
            return -Errno.ESRCH;
        Selection selection = new()
        {
            Kind = pid == -1 ? Wait.P_ALL : pid > 0 ? Wait.P_PID : Wait.P_PGID,
            Id = pid > 0 ? pid : pid == 0 ? task.Process.ProcessGroup : -pid,
            Options = a.Int2 | Wait.WEXITED,
        };
        long result = WaitFor(task, selection, out Outcome outcome);
        if (result <= 0)
            return result;
        int status = outcome.Info.si_code switch
        {
            Sig.CLD_CONTINUED => ContinuedStatus,
            Sig.CLD_STOPPED => (outcome.Info.si_status << 8) | StoppedStatus,
            _ => outcome.WaitStatus,
        };
        if (a.A1 != 0 && !task.Memory.TryWrite(a.A1, status))
            return -Errno.EFAULT;
        return a.A3 == 0 || task.Memory.TryWrite(a.A3, outcome.Usage) ? result : -Errno.EFAULT;
    }

    public static long Waitid(Task task, in SyscallArguments a)
    {
        long result = WaitForId(task, a);
        if (result >= 0 || a.A2 == 0)
            return result;
        // What was found is written whatever comes of it: zeros after an error, which an address that cannot be written hides.
        bool isWritten = task.Memory.TryWrite(a.A2, default(SiginfoHead)) && task.Memory.TryWrite(a.A2 + SiginfoFields, default(SiginfoChild));
        return isWritten ? result : -Errno.EFAULT;
    }

    /// <summary>Where the fields of SIGCHLD begin in a siginfo.</summary>
    private const ulong SiginfoFields = 16;

    /// <summary>si_signo, si_errno, si_code.</summary>
    private readonly record struct SiginfoHead(int Signal, int Error, int Code);

    /// <summary>si_pid, si_uid, si_status.</summary>
    private readonly record struct SiginfoChild(int Pid, uint Uid, int Status);

    private static long WaitForId(Task task, in SyscallArguments a)
    {
        const int known = Wait.WNOHANG | Wait.WNOWAIT | Wait.WEXITED | Wait.WSTOPPED | Wait.WCONTINUED | Wait.__WNOTHREAD | Wait.__WCLONE | Wait.__WALL;
        int kind = a.Int0, id = a.Int1, options = a.Int3;
        if ((options & ~known) != 0 || (options & (Wait.WEXITED | Wait.WSTOPPED | Wait.WCONTINUED)) == 0)
            return -Errno.EINVAL;
        bool isNonBlocking = false;
        switch (kind)
        {
            case Wait.P_ALL:
                break;
            case Wait.P_PID when id <= 0:
            case Wait.P_PGID when id < 0:
            case Wait.P_PIDFD when id < 0:
                return -Errno.EINVAL;
            case Wait.P_PID:
                break;
            case Wait.P_PGID:
                id = id == 0 ? task.Process.ProcessGroup : id;
                break;
            case Wait.P_PIDFD:
                if (task.Process.Files.Get(id) is not PidFile file)
                    return -Errno.EBADF;
                isNonBlocking = file.IsNonBlocking;
                id = file.Process.Pid;
                kind = Wait.P_PID;
                break;
            default:
                return -Errno.EINVAL;
        }
        Selection selection = new() { Kind = kind, Id = id, Options = options | (isNonBlocking ? Wait.WNOHANG : 0) };
        long result = WaitFor(task, selection, out Outcome outcome);
        if (result == 0 && isNonBlocking && (options & Wait.WNOHANG) == 0)
            return -Errno.EAGAIN;
        if (result < 0)
            return result;
        // With WNOHANG and nothing to tell, the fields are zero.
        if (a.A4 != 0 && result > 0 && !task.Memory.TryWrite(a.A4, outcome.Usage))
            return -Errno.EFAULT;
        return a.A2 == 0 || task.Memory.TryWrite(a.A2, outcome.Info) ? 0 : -Errno.EFAULT;
    }

    /// <summary>Waits until a child of the selection has something to tell.</summary>
    /// <returns>Its id, 0 when there is nothing and WNOHANG is set, or a negative errno.</returns>
    private static long WaitFor(Task task, in Selection selection, out Outcome outcome)
    {
        task.IsWaitingForChildren = true;
        try
        {
            while (true)
            {
                task.Waker.Reset();
                bool any = false;
                lock (task.Kernel.Tree)
                {
                    foreach (Process child in task.Process.ChildrenLocked)
                    {
                        if (!selection.Includes(child))
                            continue;
                        any = true;
                        if (Take(child, selection.Options, out outcome))
                            return child.Pid;
                    }
                }
                outcome = default;
                if (!any)
                    return -Errno.ECHILD;
                if ((selection.Options & Wait.WNOHANG) != 0)
                    return 0;
                if (task.IsInterrupted)
                    return -Errno.ERESTARTSYS;
                _ = task.Sleep(long.MaxValue);
            }
        }
        finally
        {
            task.IsWaitingForChildren = false;
        }
    }

    /// <summary>What a child has to tell, if anything. With the tree's lock held.</summary>
    private static bool Take(Process child, int options, out Outcome outcome)
    {
        bool keeps = (options & Wait.WNOWAIT) != 0;
        outcome = default;
        Siginfo info;
        if (child.HasEnded)
        {
            if ((options & Wait.WEXITED) == 0)
                return false;
            info = child.ChildInfo(Sig.SIGCHLD);
            outcome = new Outcome
            {
                Info = info,
                WaitStatus = child.WaitStatus,
                Usage = new Rusage
                {
                    ru_utime = Timeval.FromNanoseconds(child.UserTime + child.ChildrenUserTime),
                    ru_stime = Timeval.FromNanoseconds(child.SystemTime + child.ChildrenSystemTime),
                    ru_maxrss = Math.Max(child.MaxResident, child.ChildrenMaxResident),
                },
            };
            if (!keeps)
                child.ReapLocked();
            return true;
        }
        info = new Siginfo { si_signo = Sig.SIGCHLD, si_pid = child.Pid, si_uid = child.Main.Credentials.Uid };
        if (child.UnreportedStop != 0 && (options & Wait.WSTOPPED) != 0)
        {
            info.si_code = Sig.CLD_STOPPED;
            info.si_status = child.UnreportedStop;
            if (!keeps)
                child.UnreportedStop = 0;
        }
        else if (child.HasUnreportedContinue && (options & Wait.WCONTINUED) != 0)
        {
            info.si_code = Sig.CLD_CONTINUED;
            info.si_status = Sig.SIGCONT;
            if (!keeps)
                child.HasUnreportedContinue = false;
        }
        else
        {
            return false;
        }
        outcome = new Outcome { Info = info };
        return true;
    }

    /// <summary>What is waited for.</summary>
    private readonly struct Selection
    {
        /// <summary>P_ALL, P_PID or P_PGID.</summary>
        public int Kind { get; init; }

        /// <summary>The process or group.</summary>
        public int Id { get; init; }

        /// <summary>W options, of waitid's kind.</summary>
        public int Options { get; init; }

        /// <summary>Whether a child is one of them (eligible_child): one made by clone with another exit signal needs __WCLONE or __WALL.</summary>
        public bool Includes(Process child)
        {
            if ((Options & Wait.__WALL) == 0 && (child.ExitSignal != Sig.SIGCHLD) != ((Options & Wait.__WCLONE) != 0))
                return false;
            return Kind switch
            {
                Wait.P_PID => child.Pid == Id,
                Wait.P_PGID => child.ProcessGroup == Id,
                _ => true,
            };
        }
    }

    private struct Outcome
    {
        public Siginfo Info;
        public int WaitStatus;
        public Rusage Usage;
    }
}
