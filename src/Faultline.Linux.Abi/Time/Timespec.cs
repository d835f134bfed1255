using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct timespec</c> (__kernel_timespec): seconds and nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timespec
{
    /// <summary>Makes one of nanoseconds, which may be negative: the fraction never is.</summary>
    public static Timespec FromNanoseconds(long value)
    {
        long seconds = Math.DivRem(value, 1_000_000_000, out long rest);
        return rest < 0 ? new() { tv_sec = seconds - 1, tv_nsec = rest + 1_000_000_000 } : new() { tv_sec = seconds, tv_nsec = rest };
    }

    /// <summary>Whether Linux accepts it as a time or an interval (timespec64_valid).</summary>
    public readonly bool IsValid => tv_sec >= 0 && (ulong)tv_nsec < 1_000_000_000;

    /// <summary>In nanoseconds; saturates as Linux's ktime does.</summary>
    public readonly long ToNanoseconds() =>
        tv_sec >= long.MaxValue / 1_000_000_000 ? long.MaxValue : tv_sec * 1_000_000_000 + tv_nsec;

    /// <summary>Seconds.</summary>
    public long tv_sec;

    /// <summary>Nanoseconds, 0 to 999,999,999.</summary>
    public long tv_nsec;
}
