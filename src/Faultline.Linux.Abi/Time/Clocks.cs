namespace Faultline.Linux.Abi.Time;

/// <summary>Clock numbers and timer flags (<c>linux/time.h</c>).</summary>
internal static class Clocks
{
    public const int CLOCK_REALTIME = 0;
    public const int CLOCK_MONOTONIC = 1;
    public const int CLOCK_PROCESS_CPUTIME_ID = 2;
    public const int CLOCK_THREAD_CPUTIME_ID = 3;
    public const int CLOCK_MONOTONIC_RAW = 4;
    public const int CLOCK_REALTIME_COARSE = 5;
    public const int CLOCK_MONOTONIC_COARSE = 6;
    public const int CLOCK_BOOTTIME = 7;
    public const int CLOCK_REALTIME_ALARM = 8;
    public const int CLOCK_BOOTTIME_ALARM = 9;
    public const int CLOCK_TAI = 11;

    public const int TIMER_ABSTIME = 1;

    public const int ITIMER_REAL = 0;
    public const int ITIMER_VIRTUAL = 1;
    public const int ITIMER_PROF = 2;
}
