using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls;

/// <summary>Scheduling: there is the ordinary policy on the processors the host has; what asks for more is refused as Linux refuses it to a user.</summary>
internal static class ScheduleCalls
{
    private const int NiceMinimum = -20;
    private const int NiceMaximum = 19;

    public static long SchedYield(Task task, in SyscallArguments a)
    {
        Thread.Yield();
        return 0;
    }

    public static long SchedGetaffinity(Task task, in SyscallArguments a)
    {
        uint length = (uint)a.A1;
        int processors = task.Host.Identity.ProcessorCount;
        if (length * 8 < (uint)processors || (length & 7) != 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is not { } target)
        {
            if (!IsOutside(task, a.Int0))
                return -Errno.ESRCH;
            target = task;
        }
        ReadOnlySpan<byte> mask = target.Affinity.Mask;
        int count = (int)Math.Min(length, (uint)mask.Length);
        return task.Memory.Write(a.A2, mask[..count]) == count ? count : -Errno.EFAULT;
    }

    /// <summary>The set is kept, inherited and shown; the thread says that it runs on the first processor of it. The host's scheduler is not told.</summary>
    public static long SchedSetaffinity(Task task, in SyscallArguments a)
    {
        int processors = task.Host.Identity.ProcessorCount;
        int count = (int)Math.Min((uint)a.A1, (uint)ProcessorSet.ByteCount(processors));
        Span<byte> mask = stackalloc byte[count];
        if (task.Memory.Read(a.A2, mask) != count)
            return -Errno.EFAULT;
        if (Find(task, a.Int0) is not { } target)
            return IsOutside(task, a.Int0) ? -Errno.EPERM : -Errno.ESRCH;
        if (!task.Credentials.IsPrivileged && task.Credentials.Euid != target.Credentials.Euid && task.Credentials.Euid != target.Credentials.Uid)
            return -Errno.EPERM;
        if (ProcessorSet.From(mask, processors) is not { } set)
            return -Errno.EINVAL;
        target.MoveTo(set);
        return 0;
    }

    public static long SchedGetscheduler(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is not { } target)
            return IsOutside(task, a.Int0) ? Clone.SCHED_OTHER : -Errno.ESRCH;
        return target.SchedulingPolicy | (target.ResetsOnFork ? Clone.SCHED_RESET_ON_FORK : 0);
    }

    public static long SchedSetscheduler(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0 || a.Int1 < 0 || a.A2 == 0)
            return -Errno.EINVAL;
        return SetParameters(task, a.Int0, a.Int1 & ~Clone.SCHED_RESET_ON_FORK, (a.Int1 & Clone.SCHED_RESET_ON_FORK) != 0, a.A2);
    }

    public static long SchedGetparam(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0 || a.A1 == 0)
            return -Errno.EINVAL;
        if (!Exists(task, a.Int0))
            return -Errno.ESRCH;
        return task.Memory.TryWrite(a.A1, default(SchedParam)) ? 0 : -Errno.EFAULT;
    }

    public static long SchedSetparam(Task task, in SyscallArguments a) =>
        a.Int0 < 0 || a.A1 == 0 ? -Errno.EINVAL : SetParameters(task, a.Int0, policy: -1, resetsOnFork: false, a.A1);

    public static long SchedGetPriorityMax(Task task, in SyscallArguments a) => a.Int0 switch
    {
        Clone.SCHED_FIFO or Clone.SCHED_RR => 99,
        Clone.SCHED_OTHER or Clone.SCHED_BATCH or Clone.SCHED_IDLE or Clone.SCHED_DEADLINE => 0,
        _ => -Errno.EINVAL,
    };

    public static long SchedGetPriorityMin(Task task, in SyscallArguments a) => a.Int0 switch
    {
        Clone.SCHED_FIFO or Clone.SCHED_RR => 1,
        Clone.SCHED_OTHER or Clone.SCHED_BATCH or Clone.SCHED_IDLE or Clone.SCHED_DEADLINE => 0,
        _ => -Errno.EINVAL,
    };

    public static long SchedRrGetInterval(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0)
            return -Errno.EINVAL;
        if (!Exists(task, a.Int0))
            return -Errno.ESRCH;
        // The slice of an ordinary thread on an otherwise idle system.
        return task.Memory.TryWrite(a.A1, new Timespec { tv_nsec = 4_000_000 }) ? 0 : -Errno.EFAULT;
    }

    public static long Getpriority(Task task, in SyscallArguments a)
    {
        if (a.Int0 is < Resource.PRIO_PROCESS or > Resource.PRIO_USER)
            return -Errno.EINVAL;
        int best = int.MinValue;
        foreach (Process process in task.Kernel.Processes)
        {
            // The raw call returns 20 - nice, so that no result is negative.
            if (Matches(task, process, a.Int0, a.Int1))
                best = Math.Max(best, 20 - process.Nice);
        }
        return best == int.MinValue ? -Errno.ESRCH : best;
    }

    public static long Setpriority(Task task, in SyscallArguments a)
    {
        if (a.Int0 is < Resource.PRIO_PROCESS or > Resource.PRIO_USER)
            return -Errno.EINVAL;
        int nice = Math.Clamp(a.Int2, NiceMinimum, NiceMaximum);
        long result = -Errno.ESRCH;
        foreach (Process process in task.Kernel.Processes)
        {
            if (!Matches(task, process, a.Int0, a.Int1))
                continue;
            if (nice < process.Nice && !task.Credentials.IsPrivileged)
            {
                result = -Errno.EACCES;
                continue;
            }
            process.Nice = nice;
            result = result == -Errno.ESRCH ? 0 : result;
        }
        return result;
    }

    /// <param name="task">Who asks.</param>
    /// <param name="pid">About whom; 0 for itself.</param>
    /// <param name="policy">The policy, or -1 for the one it has.</param>
    /// <param name="resetsOnFork">SCHED_RESET_ON_FORK was given with it.</param>
    /// <param name="address">Where the struct sched_param is.</param>
    private static long SetParameters(Task task, int pid, int policy, bool resetsOnFork, ulong address)
    {
        if (!task.Memory.TryRead(address, out SchedParam param))
            return -Errno.EFAULT;
        if (Find(task, pid) is not { } target)
            return IsOutside(task, pid) ? -Errno.EPERM : -Errno.ESRCH;
        return policy < 0
            ? SetPolicy(task, target, target.SchedulingPolicy, target.ResetsOnFork, param.sched_priority)
            : SetPolicy(task, target, policy, resetsOnFork, param.sched_priority);
    }

    /// <summary>Gives a thread a policy. What goes beyond an ordinary user's threads is refused: the host is not asked (__sched_setscheduler).</summary>
    internal static long SetPolicy(Task task, Task target, int policy, bool resetsOnFork, int priority)
    {
        switch (policy)
        {
            case Clone.SCHED_OTHER:
            case Clone.SCHED_BATCH:
            case Clone.SCHED_IDLE:
                if (priority != 0)
                    return -Errno.EINVAL;
                break;
            case Clone.SCHED_FIFO:
            case Clone.SCHED_RR:
                return priority is >= 1 and <= 99 ? -Errno.EPERM : -Errno.EINVAL;
            default:
                return -Errno.EINVAL;
        }
        // Up from idle is as much as a better nice value; and who is to lose its policy on fork does.
        if (!task.Credentials.IsPrivileged
            && ((target.SchedulingPolicy == Clone.SCHED_IDLE && policy != Clone.SCHED_IDLE) || (target.ResetsOnFork && !resetsOnFork)))
            return -Errno.EPERM;
        target.SchedulingPolicy = policy;
        target.ResetsOnFork = resetsOnFork;
        return 0;
    }

    private static Task? Find(Task task, int pid) => pid == 0 ? task : task.Kernel.FindTask(pid);

    /// <summary>The parent of the first process is no guest, but guests know its id: to them it is an ordinary process of somebody else.</summary>
    private static bool IsOutside(Task task, int pid) => pid > 0 && pid == task.Host.Identity.ParentProcessId;

    private static bool Exists(Task task, int pid) => Find(task, pid) is not null || IsOutside(task, pid);

    private static bool Matches(Task task, Process process, int which, int who) => which switch
    {
        Resource.PRIO_PROCESS => process.Pid == (who == 0 ? task.Process.Pid : who),
        Resource.PRIO_PGRP => process.ProcessGroup == (who == 0 ? task.Process.ProcessGroup : who),
        _ => who == 0 || (uint)who == task.Credentials.Uid,
    };
}
