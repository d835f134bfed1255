using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct timeval</c>: seconds and microseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timeval
{
    /// <summary>Makes one of nanoseconds, rounding down.</summary>
    public static Timeval FromNanoseconds(long value)
    {
        Timespec time = Timespec.FromNanoseconds(value);
        return new() { tv_sec = time.tv_sec, tv_usec = time.tv_nsec / 1000 };
    }

    /// <summary>Whether Linux accepts it as an interval.</summary>
    public readonly bool IsValid => tv_sec >= 0 && (ulong)tv_usec < 1_000_000;

    /// <summary>In nanoseconds; saturates.</summary>
    public readonly long ToNanoseconds() =>
        tv_sec >= long.MaxValue / 1_000_000_000 ? long.MaxValue : tv_sec * 1_000_000_000 + tv_usec * 1000;

    /// <summary>Seconds.</summary>
    public long tv_sec;

    /// <summary>Microseconds, 0 to 999,999.</summary>
    public long tv_usec;
}
