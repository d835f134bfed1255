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
    public void ProcessTimes(out long user, out long system)
    {
        // struct rusage: two timevals, then 14 longs.
        long* usage = stackalloc long[18];
        _ = Libc.getrusage(RUSAGE_SELF, usage);
        user = (usage[0] * 1_000_000_000) + (usage[1] * 1000);
        system = (usage[2] * 1_000_000_000) + (usage[3] * 1000);
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
            HostPollItem item = new() { Handle = waker.Handle, Wanted = LinuxHostPoll.POLLIN };
            HostTime timeout = HostTime.From(left);
            if (Libc.ppoll(&item, 1, &timeout, null) > 0)
                return false;
        }
    }

    private static long Get(int clock)
    {
        HostTime time;
        _ = Libc.clock_gettime(clock, &time);
        return time.Total;
    }
}
