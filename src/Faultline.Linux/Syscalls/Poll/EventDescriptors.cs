using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Files;
using static Faultline.Linux.Abi.Files.OpenFlags;
using static Faultline.Linux.Abi.Time.Clocks;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>signalfd(2) and the timerfd family (fs/signalfd.c, fs/timerfd.c).</summary>
internal static class EventDescriptors
{
    /// <summary>Bytes of the kernel's sigset_t.</summary>
    private const ulong SigsetSize = 8;

    private const int TFD_TIMER_ABSTIME = 1;
    private const int TFD_TIMER_CANCEL_ON_SET = 2;

    /// <summary>int signalfd(int fd, const sigset_t *mask, size_t size)</summary>
    public static long Signalfd(Task task, in SyscallArguments a) => MakeSignal(task, a, 0);

    /// <summary>int signalfd4(int fd, const sigset_t *mask, size_t size, int flags)</summary>
    public static long Signalfd4(Task task, in SyscallArguments a) => MakeSignal(task, a, a.Int3);

    /// <summary>int timerfd_create(int clockid, int flags)</summary>
    public static long TimerfdCreate(Task task, in SyscallArguments a)
    {
        if ((a.Int1 & ~(O_CLOEXEC | O_NONBLOCK)) != 0
            || a.Int0 is not (CLOCK_REALTIME or CLOCK_MONOTONIC or CLOCK_BOOTTIME or CLOCK_REALTIME_ALARM or CLOCK_BOOTTIME_ALARM))
            return -Errno.EINVAL;
        if (a.Int0 is CLOCK_REALTIME_ALARM or CLOCK_BOOTTIME_ALARM && !task.Credentials.IsPrivileged)
            return -Errno.EPERM;
        IHostIdentity identity = task.Host.Identity;
        TimerFile file = new(task.Kernel, a.Int0, a.Int1 & O_NONBLOCK, identity.EffectiveUserId, identity.EffectiveGroupId);
        return task.Process.Files.Add(file, (a.Int1 & O_CLOEXEC) != 0);
    }

    /// <summary>int timerfd_settime(int fd, int flags, const struct itimerspec *new_value, struct itimerspec *old_value)</summary>
    public static long TimerfdSettime(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A2, out Itimerspec wanted))
            return -Errno.EFAULT;
        if ((a.Int1 & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0 || !wanted.it_value.IsValid || !wanted.it_interval.IsValid)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File is not TimerFile timer)
            return -Errno.EINVAL;
        Itimerspec old = Read(timer);
        // Nobody is told that the host's clock was set: CANCEL_ON_SET never cancels.
        timer.Set(wanted.it_value.ToNanoseconds(), wanted.it_interval.ToNanoseconds(), (a.Int1 & TFD_TIMER_ABSTIME) != 0);
        return a.A3 == 0 || task.Memory.TryWrite(a.A3, old) ? 0 : -Errno.EFAULT;
    }

    /// <summary>int timerfd_gettime(int fd, struct itimerspec *curr_value)</summary>
    public static long TimerfdGettime(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File is not TimerFile timer)
            return -Errno.EINVAL;
        return task.Memory.TryWrite(a.A1, Read(timer)) ? 0 : -Errno.EFAULT;
    }

    private static long MakeSignal(Task task, in SyscallArguments a, int flags)
    {
        if (a.A2 != SigsetSize)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A1, out ulong mask))
            return -Errno.EFAULT;
        if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0)
            return -Errno.EINVAL;
        if (a.Int0 == -1)
        {
            IHostIdentity identity = task.Host.Identity;
            SignalFile file = new(mask, flags & O_NONBLOCK, identity.EffectiveUserId, identity.EffectiveGroupId);
            return task.Process.Files.Add(file, (flags & O_CLOEXEC) != 0);
        }
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File is not SignalFile present)
            return -Errno.EINVAL;
        present.Mask = mask;
        return a.Int0;
    }

    private static Itimerspec Read(TimerFile timer)
    {
        (long value, long interval) = timer.Get();
        return new Itimerspec { it_value = Timespec.FromNanoseconds(value), it_interval = Timespec.FromNanoseconds(interval) };
    }
}
