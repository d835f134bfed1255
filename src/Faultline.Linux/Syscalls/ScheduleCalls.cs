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
        // As cpumask_size: whole words for every processor the kernel knows.
        int bytes = (processors + 63) / 64 * 8;
        if (length * 8 < (uint)processors || (length & 7) != 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is null)
            return -Errno.ESRCH;
        Span<byte> set = stackalloc byte[bytes];
        set.Clear();
        for (int i = 0; i < processors; i++)
            set[i / 8] |= (byte)(1 << (i % 8));
        int count = (int)Math.Min(length, (uint)bytes);
        return task.Memory.Write(a.A2, set[..count]) == count ? count : -Errno.EFAULT;
    }

    public static long SchedSetaffinity(Task task, in SyscallArguments a)
    {
        int processors = task.Host.Identity.ProcessorCount;
        Span<byte> set = stackalloc byte[(processors + 7) / 8];
        set.Clear();
        int count = (int)Math.Min((uint)a.A1, (uint)set.Length);
        if (task.Memory.Read(a.A2, set[..count]) != count)
            return -Errno.EFAULT;
        if (Find(task, a.Int0) is null)
            return -Errno.ESRCH;
        if (processors % 8 != 0)
            set[^1] &= (byte)((1 << (processors % 8)) - 1);
        // A set without any present processor is an error; otherwise it is a wish that the host's scheduler is not told of.
        return set.ContainsAnyExcept((byte)0) ? 0 : -Errno.EINVAL;
    }

    public static long SchedGetscheduler(Task task, in SyscallArguments a) =>
        a.Int0 < 0 ? -Errno.EINVAL : Find(task, a.Int0) is null ? -Errno.ESRCH : Clone.SCHED_OTHER;

    public static long SchedSetscheduler(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0 || a.Int1 < 0 || a.A2 == 0)
            return -Errno.EINVAL;
        return SetParameters(task, a.Int0, a.Int1 & ~Clone.SCHED_RESET_ON_FORK, a.A2);
    }

    public static long SchedGetparam(Task task, in SyscallArguments a)
    {
        if (a.Int0 < 0 || a.A1 == 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is null)
            return -Errno.ESRCH;
        return task.Memory.TryWrite(a.A1, default(SchedParam)) ? 0 : -Errno.EFAULT;
    }

    public static long SchedSetparam(Task task, in SyscallArguments a) =>
        a.Int0 < 0 || a.A1 == 0 ? -Errno.EINVAL : SetParameters(task, a.Int0, Clone.SCHED_OTHER, a.A1);

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
        if (Find(task, a.Int0) is null)
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

    private static long SetParameters(Task task, int pid, int policy, ulong address)
    {
        if (!task.Memory.TryRead(address, out SchedParam param))
            return -Errno.EFAULT;
        if (Find(task, pid) is null)
            return -Errno.ESRCH;
        switch (policy)
        {
            case Clone.SCHED_OTHER:
            case Clone.SCHED_BATCH:
            case Clone.SCHED_IDLE:
                return param.sched_priority == 0 ? 0 : -Errno.EINVAL;
            case Clone.SCHED_FIFO:
            case Clone.SCHED_RR:
                return param.sched_priority is >= 1 and <= 99 ? -Errno.EPERM : -Errno.EINVAL;
            default:
                return -Errno.EINVAL;
        }
    }

    private static Task? Find(Task task, int pid) => pid == 0 ? task : task.Kernel.FindTask(pid);

    private static bool Matches(Task task, Process process, int which, int who) => which switch
    {
        Resource.PRIO_PROCESS => process.Pid == (who == 0 ? task.Process.Pid : who),
        Resource.PRIO_PGRP => process.ProcessGroup == (who == 0 ? task.Process.ProcessGroup : who),
        _ => who == 0 || (uint)who == task.Credentials.Uid,
    };
}
