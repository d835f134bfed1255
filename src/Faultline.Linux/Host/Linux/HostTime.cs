using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct timespec</c> of a 64-bit Linux host.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HostTime
{
    /// <summary>Seconds.</summary>
    public long Seconds;

    /// <summary>Nanoseconds below a second.</summary>
    public long Nanoseconds;

    /// <summary>The whole in nanoseconds.</summary>
    public readonly long Total => (Seconds * 1_000_000_000) + Nanoseconds;

    /// <summary>From nanoseconds.</summary>
    public static HostTime From(long nanoseconds) => new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
}
