namespace Faultline.Memory;

/// <summary>The guest's page: 4 KiB on every host, because that is what x86-64 has (SDM vol. 3, 4.5).</summary>
internal static class GuestPage
{
    /// <summary>Bits of an address that lie within a page.</summary>
    public const int Shift = 12;

    /// <summary>Bytes in a page.</summary>
    public const int Size = 1 << Shift;

    /// <summary>Mask of the bits within a page.</summary>
    public const ulong Mask = Size - 1;

    /// <summary>The end of the lower canonical half: no user address is at or above it (TASK_SIZE_MAX + one page).</summary>
    public const ulong CanonicalEnd = 1UL << 47;

    /// <summary>Rounds an address down to the start of its page.</summary>
    public static ulong Floor(ulong address) => address & ~Mask;

    /// <summary>Rounds an address up to a page boundary; wraps to 0 near 2^64.</summary>
    public static ulong Ceiling(ulong address) => (address + Mask) & ~Mask;

    /// <summary>Whether an address starts a page.</summary>
    public static bool IsAligned(ulong address) => (address & Mask) == 0;
}
