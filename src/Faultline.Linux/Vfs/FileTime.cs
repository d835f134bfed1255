namespace Faultline.Linux.Vfs;

/// <summary>A time stamp of a file: seconds since 1970 (negative before) and nanoseconds.</summary>
/// <param name="Seconds">Whole seconds.</param>
/// <param name="Nanoseconds">0 to 999,999,999, or <see cref="Now"/> or <see cref="Omit"/> when setting.</param>
internal readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    /// <summary>UTIME_NOW: set to the current time.</summary>
    public const uint Now = 0x3FFFFFFF;

    /// <summary>UTIME_OMIT: leave as it is.</summary>
    public const uint Omit = 0x3FFFFFFE;

    /// <summary>Whether two are the same; by hand, as what the compiler writes has a comparer made for each field's type.</summary>
    public bool Equals(FileTime other) => Seconds == other.Seconds && Nanoseconds == other.Nanoseconds;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Seconds, Nanoseconds);

    /// <summary>In nanoseconds since 1970, as far as they go: to the year 2262.</summary>
    public long ToNanoseconds() => Seconds > long.MaxValue / 1_000_000_000 ? long.MaxValue : Seconds < long.MinValue / 1_000_000_000 + 1 ? long.MinValue : (Seconds * 1_000_000_000) + Nanoseconds;

    /// <summary>From nanoseconds since 1970.</summary>
    public static FileTime FromNanoseconds(long value)
    {
        long seconds = Math.DivRem(value, 1_000_000_000, out long rest);
        return rest < 0 ? new FileTime(seconds - 1, (uint)(rest + 1_000_000_000)) : new FileTime(seconds, (uint)rest);
    }
}
