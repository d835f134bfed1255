using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Timers;
using static Faultline.Linux.Abi.Time.Clocks;
using Timezone = Faultline.Linux.Abi.Time.Timezone;

namespace Faultline.Linux.Syscalls;

/// <summary>Clocks, sleeps and timers.</summary>
internal static class TimeCalls
{
    private const long Second = 1_000_000_000;

    /// <summary>Resolution of the coarse clocks: a tick of 4 ms (CONFIG_HZ=250).</summary>
    private const long CoarseResolution = 4_000_000;

    /// <summary>USER_HZ in nanoseconds.</summary>
    private const long ClockTick = 10_000_000;

    public static long Gettimeofday(Task task, in SyscallArguments a)
    {
        if (a.A0 != 0 && !task.Memory.TryWrite(a.A0, Timeval.FromNanoseconds(task.Host.Clock.Realtime)))
            return -Errno.EFAULT;
        return a.A1 == 0 || task.Memory.TryWrite(a.A1, default(Timezone)) ? 0 : -Errno.EFAULT;
    }

    public static long Time(Task task, in SyscallArguments a)
    {
        long seconds = task.Host.Clock.Realtime / Second;
        return a.A0 == 0 || task.Memory.TryWrite(a.A0, seconds) ? seconds : -Errno.EFAULT;
    }

    public static long Times(Task task, in SyscallArguments a)
    {
        Process process = task.Process;
        process.ReadTimes(task, out long user, out long system);
        Tms tms = new()
        {
            tms_utime = user / ClockTick,
            tms_stime = system / ClockTick,
            tms_cutime = process.ChildrenUserTime / ClockTick,
            tms_cstime = process.ChildrenSystemTime / ClockTick,
        };
        if (a.A0 != 0 && !task.Memory.TryWrite(a.A0, tms))
            return -Errno.EFAULT;
        return task.Host.Clock.BootTime / ClockTick;
    }

    public static long ClockGettime(Task task, in SyscallArguments a)
    {
        if (!TryRead(task, a.Int0, out long time))
            return -Errno.EINVAL;
        return task.Memory.TryWrite(a.A1, Timespec.FromNanoseconds(time)) ? 0 : -Errno.EFAULT;
    }

    public static long ClockGetres(Task task, in SyscallArguments a)
    {
        if (!TryRead(task, a.Int0, out _))
            return -Errno.EINVAL;
        long resolution = a.Int0 is CLOCK_REALTIME_COARSE or CLOCK_MONOTONIC_COARSE ? CoarseResolution : 1;
        return a.A1 == 0 || task.Memory.TryWrite(a.A1, Timespec.FromNanoseconds(resolution)) ? 0 : -Errno.EFAULT;
    }

    public static long ClockSettime(Task task, in SyscallArguments a)
    {
        if (a.Int0 != CLOCK_REALTIME)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A1, out Timespec time))
            return -Errno.EFAULT;
        return time.IsValid ? -Errno.EPERM : -Errno.EINVAL;
    }

    public static long Settimeofday(Task task, in SyscallArguments a)
    {
        if (a.A0 != 0)
        {
            if (!task.Memory.TryRead(a.A0, out Timeval time))
                return -Errno.EFAULT;
            if (!time.IsValid)
                return -Errno.EINVAL;
        }
        return -Errno.EPERM;
    }

    public static long Nanosleep(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A0, out Timespec time))
            return -Errno.EFAULT;
        if (!time.IsValid)
            return -Errno.EINVAL;
        return TimedSleep.Relative(task, TimedSleep.Add(task.Host.Clock.Monotonic, time.ToNanoseconds()), a.A1);
    }

    public static long ClockNanosleep(Task task, in SyscallArguments a)
    {
        int clock = a.Int0;
        if (!TryRead(task, clock, out long now))
            return -Errno.EINVAL;
        if (clock is CLOCK_THREAD_CPUTIME_ID or CLOCK_MONOTONIC_RAW or CLOCK_REALTIME_COARSE or CLOCK_MONOTONIC_COARSE)
            return -Errno.EOPNOTSUPP;
        if (!task.Memory.TryRead(a.A2, out Timespec time))
            return -Errno.EFAULT;
        if (!time.IsValid)
            return -Errno.EINVAL;
        if ((a.Int1 & TIMER_ABSTIME) == 0)
            return TimedSleep.Relative(task, TimedSleep.Add(task.Host.Clock.Monotonic, time.ToNanoseconds()), a.A3);

        // Looked at again after each sleep: the real-time clock may be set meanwhile, and processor time stands still while we sleep.
        while (TryRead(task, clock, out now) && now < time.ToNanoseconds())
        {
            if (!task.SleepUntil(TimedSleep.Add(task.Host.Clock.Monotonic, time.ToNanoseconds() - now)))
                return -Errno.ERESTARTNOHAND;
        }
        return 0;
    }

    public static long RestartSyscall(Task task, in SyscallArguments a)
    {
        Func<Task, long>? restart = task.Restart;
        task.Restart = null;
        return restart is null ? -Errno.EINTR : restart(task);
    }

    public static long Alarm(Task task, in SyscallArguments a)
    {
        IntervalTimers timers = task.Process.Timers;
        (long left, _) = timers.GetInterval(ITIMER_REAL);
        timers.SetInterval(ITIMER_REAL, (uint)a.A0 * Second, 0);
        // Rounded to the nearest second, but never to 0 while one was pending (alarm_setitimer).
        long seconds = left / Second;
        return (seconds == 0 && left != 0) || left % Second >= Second / 2 ? seconds + 1 : seconds;
    }

    public static long Getitimer(Task task, in SyscallArguments a)
    {
        if (a.Int0 is < ITIMER_REAL or > ITIMER_PROF)
            return -Errno.EINVAL;
        return task.Memory.TryWrite(a.A1, Interval(task, a.Int0)) ? 0 : -Errno.EFAULT;
    }

    public static long Setitimer(Task task, in SyscallArguments a)
    {
        Itimerval wanted = default;
        if (a.A1 != 0)
        {
            if (!task.Memory.TryRead(a.A1, out wanted))
                return -Errno.EFAULT;
            if (!wanted.it_value.IsValid || !wanted.it_interval.IsValid)
                return -Errno.EINVAL;
        }
        if (a.Int0 is < ITIMER_REAL or > ITIMER_PROF)
            return -Errno.EINVAL;
        Itimerval old = Interval(task, a.Int0);
        task.Process.Timers.SetInterval(a.Int0, wanted.it_value.ToNanoseconds(), wanted.it_interval.ToNanoseconds());
        return a.A2 == 0 || task.Memory.TryWrite(a.A2, old) ? 0 : -Errno.EFAULT;
    }

    public static long TimerCreate(Task task, in SyscallArguments a)
    {
        int clock = a.Int0;
        Sigevent request = new() { sigev_signo = Sig.SIGALRM, sigev_notify = Sigevent.SIGEV_SIGNAL };
        bool isDefault = a.A1 == 0;
        if (!isDefault && !task.Memory.TryRead(a.A1, out request))
            return -Errno.EFAULT;
        if (!TryRead(task, clock, out _))
            return -Errno.EINVAL;
        if (clock is CLOCK_MONOTONIC_RAW or CLOCK_REALTIME_COARSE or CLOCK_MONOTONIC_COARSE)
            return -Errno.EOPNOTSUPP;
        Task? target = null;
        switch (request.sigev_notify)
        {
            case Sigevent.SIGEV_SIGNAL | Sigevent.SIGEV_THREAD_ID:
                target = task.Process.FindTask(request.sigev_notify_thread_id);
                if (target is null)
                    return -Errno.EINVAL;
                goto case Sigevent.SIGEV_SIGNAL;
            case Sigevent.SIGEV_SIGNAL:
            case Sigevent.SIGEV_THREAD:
                if (!Sig.IsValid(request.sigev_signo))
                    return -Errno.EINVAL;
                break;
            case Sigevent.SIGEV_NONE:
                break;
            default:
                return -Errno.EINVAL;
        }
        LinuxKernel kernel = task.Kernel;
        SignalTimer timer = new(task.Process, () => TryRead(kernel.Host.Clock, clock, out long now) ? now : 0, IsCpuTime(clock))
        {
            Signal = request.sigev_notify == Sigevent.SIGEV_NONE ? 0 : request.sigev_signo,
            Target = target,
            Value = request.sigev_value,
            IsPosix = true,
        };
        int id = task.Process.Timers.Create(timer);
        if (!task.Memory.TryWrite(a.A2, id))
        {
            task.Process.Timers.Delete(id);
            return -Errno.EFAULT;
        }
        return 0;
    }

    public static long TimerSettime(Task task, in SyscallArguments a)
    {
        if (a.A2 == 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A2, out Itimerspec wanted))
            return -Errno.EFAULT;
        if (!wanted.it_value.IsValid || !wanted.it_interval.IsValid || task.Process.Timers.Find(a.Int0) is not { } timer)
            return -Errno.EINVAL;
        Itimerspec old = Read(timer);
        long value = wanted.it_value.ToNanoseconds();
        if ((a.Int1 & TIMER_ABSTIME) != 0)
            timer.ArmAt(value, wanted.it_interval.ToNanoseconds());
        else
            timer.Arm(value, wanted.it_interval.ToNanoseconds());
        return a.A3 == 0 || task.Memory.TryWrite(a.A3, old) ? 0 : -Errno.EFAULT;
    }

    public static long TimerGettime(Task task, in SyscallArguments a)
    {
        if (task.Process.Timers.Find(a.Int0) is not { } timer)
            return -Errno.EINVAL;
        return task.Memory.TryWrite(a.A1, Read(timer)) ? 0 : -Errno.EFAULT;
    }

    public static long TimerGetoverrun(Task task, in SyscallArguments a) => task.Process.Timers.Find(a.Int0)?.Overrun ?? -Errno.EINVAL;

    public static long TimerDelete(Task task, in SyscallArguments a) => task.Process.Timers.Delete(a.Int0) ? 0 : -Errno.EINVAL;

    /// <summary>Reads a clock; false for a number that is none.</summary>
    public static bool TryRead(IHostClock host, int clock, out long time)
    {
        time = clock switch
        {
            CLOCK_REALTIME or CLOCK_REALTIME_COARSE or CLOCK_REALTIME_ALARM or CLOCK_TAI => host.Realtime,
            CLOCK_MONOTONIC or CLOCK_MONOTONIC_COARSE => host.Monotonic,
            CLOCK_MONOTONIC_RAW => host.MonotonicRaw,
            CLOCK_BOOTTIME or CLOCK_BOOTTIME_ALARM => host.BootTime,
            CLOCK_PROCESS_CPUTIME_ID => host.ProcessTime,
            CLOCK_THREAD_CPUTIME_ID => host.ThreadTime,
            _ => -1,
        };
        return clock is >= CLOCK_REALTIME and <= CLOCK_BOOTTIME_ALARM or CLOCK_TAI;
    }

    /// <summary>Reads a clock of a task: besides the fixed ones, clocks of processes and threads (negative numbers).</summary>
    private static bool TryRead(Task task, int clock, out long time)
    {
        if (clock is CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID)
        {
            time = clock == CLOCK_PROCESS_CPUTIME_ID ? task.Process.CpuTime : task.CpuTime;
            return true;
        }
        if (clock >= 0)
            return TryRead(task.Host.Clock, clock, out time);
        // MAKE_PROCESS_CPUCLOCK: ~id in the upper bits, then 4 for a thread, then PROF, VIRT or SCHED. FD_TO_CLOCKID is kind 3: no such devices.
        time = 0;
        int id = ~(clock >> 3);
        if ((clock & 3) == 3)
            return false;
        bool isThread = (clock & 4) != 0;
        if (isThread)
        {
            Task? thread = id == 0 ? task : task.Process.FindTask(id);
            time = thread?.CpuTime ?? 0;
            return thread is not null;
        }
        Process? process = id == 0 ? task.Process : task.Kernel.Find(id);
        time = process?.CpuTime ?? 0;
        return process is not null;
    }

    private static bool IsCpuTime(int clock) => clock is CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID or < 0;

    private static Itimerval Interval(Task task, int which)
    {
        (long value, long interval) = task.Process.Timers.GetInterval(which);
        // A timer about to expire still shows a microsecond: zero would mean that it is disarmed.
        Timeval left = Timeval.FromNanoseconds(value);
        if (value != 0 && left.tv_sec == 0 && left.tv_usec == 0)
            left.tv_usec = 1;
        return new Itimerval { it_value = left, it_interval = Timeval.FromNanoseconds(interval) };
    }

    private static Itimerspec Read(SignalTimer timer)
    {
        (long value, long interval) = timer.Read();
        return new Itimerspec { it_value = Timespec.FromNanoseconds(value), it_interval = Timespec.FromNanoseconds(interval) };
    }
}
