namespace Faultline.Linux.Host;

/// <summary>The host's clocks. All values are nanoseconds.</summary>
internal interface IHostClock
{
    /// <summary>Time since 1970-01-01 UTC (CLOCK_REALTIME).</summary>
    long Realtime { get; }

    /// <summary>Time since some point, never set back (CLOCK_MONOTONIC).</summary>
    long Monotonic { get; }

    /// <summary>Like <see cref="Monotonic"/> without rate adjustment (CLOCK_MONOTONIC_RAW).</summary>
    long MonotonicRaw { get; }

    /// <summary>Time since boot with suspends included (CLOCK_BOOTTIME).</summary>
    long BootTime { get; }

    /// <summary>Processor time used by this host process (CLOCK_PROCESS_CPUTIME_ID).</summary>
    long ProcessTime { get; }

    /// <summary>Processor time used by the calling host thread (CLOCK_THREAD_CPUTIME_ID).</summary>
    long ThreadTime { get; }

    /// <summary>User and system parts of <see cref="ProcessTime"/>.</summary>
    void ProcessTimes(out long user, out long system);

    /// <summary>User and system parts of <see cref="ThreadTime"/>.</summary>
    void ThreadTimes(out long user, out long system);

    /// <summary>The calling host thread, for <see cref="ThreadTimeOf"/>.</summary>
    int CurrentThread { get; }

    /// <summary>Processor time used by some thread of this host process; 0 when it is gone.</summary>
    long ThreadTimeOf(int hostThread);

    /// <summary>Sleeps until <see cref="Monotonic"/> reaches a time, or <paramref name="waker"/> is woken.</summary>
    /// <returns>False when woken first.</returns>
    bool SleepUntil(long monotonic, IHostWaker? waker);
}
