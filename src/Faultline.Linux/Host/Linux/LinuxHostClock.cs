namespace Faultline.Linux.Host.Linux;

/// <summary>Clocks of a Linux host.</summary>
internal sealed unsafe class LinuxHostClock : IHostClock
{
    private const int CLOCK_REALTIME = 0;
    private const int CLOCK_MONOTONIC = 1;
    private const int CLOCK_PROCESS_CPUTIME_ID = 2;
    private const int CLOCK_THREAD_CPUTIME_ID = 3;
    private const int CLOCK_MONOTONIC_RAW = 4;
    private const int CLOCK_BOOTTIME = 7;
    private const int TIMER_ABSTIME = 1;
    private const int RUSAGE_SELF = 0;
    private const int RUSAGE_THREAD = 1;

    /// <inheritdoc/>
    public long Realtime => Get(CLOCK_REALTIME);

    /// <inheritdoc/>
    public long Monotonic => Get(CLOCK_MONOTONIC);

    /// <inheritdoc/>
    public long MonotonicRaw => Get(CLOCK_MONOTONIC_RAW);

    /// <inheritdoc/>
    public long BootTime => Get(CLOCK_BOOTTIME);

    /// <inheritdoc/>
    public long ProcessTime => Get(CLOCK_PROCESS_CPUTIME_ID);

    /// <inheritdoc/>
    public long ThreadTime => Get(CLOCK_THREAD_CPUTIME_ID);

    /// <inheritdoc/>
    public void ProcessTimes(out long user, out long system) => Usage(RUSAGE_SELF, out user, out system);

    /// <inheritdoc/>
    public void ThreadTimes(out long user, out long system) => Usage(RUSAGE_THREAD, out user, out system);

    /// <inheritdoc/>
    public int CurrentThread => (int)Libc.syscall(HostCallNumbers.Gettid, 0, 0, 0, 0, 0);

    /// <inheritdoc/>
    public long ThreadTimeOf(int hostThread)
    {
        // The clock of a thread (include/linux/posix-timers.h): the id inverted, and CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED.
        const int perThreadScheduled = 6;
        HostTime time = default;
        return Libc.clock_gettime((~hostThread << 3) | perThreadScheduled, &time) == 0 ? time.Total : 0;
    }

    /// <inheritdoc/>
    public bool SleepUntil(long monotonic, IHostWaker? waker)
    {
        while (true)
        {
            long left = monotonic - Monotonic;
            if (left <= 0)
                return true;
            if (waker is null)
            {
                HostTime until = HostTime.From(monotonic);
                _ = Libc.clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, null);
                continue;
            }
            if (waker.Sleep(monotonic == long.MaxValue ? -1 : left))
                return false;
        }
    }

    /// <summary><see cref="Monotonic"/>, for the rest of this room.</summary>
    public static long Now() => Get(CLOCK_MONOTONIC);

    private static void Usage(int who, out long user, out long system)
    {
        // struct rusage: two timevals, then 14 longs.
        long* usage = stackalloc long[18];
        _ = Libc.getrusage(who, usage);
        user = (usage[0] * 1_000_000_000) + (usage[1] * 1000);
        system = (usage[2] * 1_000_000_000) + (usage[3] * 1000);
    }

    private static long Get(int clock)
    {
        HostTime time;
        _ = Libc.clock_gettime(clock, &time);
        return time.Total;
    }
}
