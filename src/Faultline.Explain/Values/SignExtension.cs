namespace Faultline.Explain.Values;

/// <summary>Values whose upper half is the sign of their lower one.</summary>
internal static class SignExtension
{
    /// <summary>The upper half is all ones and bit 31 is set: what a negative 32-bit integer becomes when it is widened to 64 bits as a signed one.</summary>
    public static bool LooksExtended(ulong value) => value >> 31 == 0x1_ffff_ffff;

    /// <summary>
    /// Whether <paramref name="bad"/> is what <paramref name="good"/> becomes when its lower half passes through a signed 32-bit integer: the same lower half
    /// with bit 31 set, all ones above it, and something else above it in the good one.
    /// </summary>
    public static bool IsPair(ulong bad, ulong good) => LooksExtended(bad) && bad != good && (uint)bad == (uint)good;

    /// <summary>
    /// Whether the lower half is plausible as half of an address at all: small negative numbers have all ones above them by right, and their lower halves
    /// agree with those of other counters by chance.
    /// </summary>
    public static bool HasPlausibleHalf(ulong value) => LooksExtended(value) && (uint)value < 0xffff_0000;
}
