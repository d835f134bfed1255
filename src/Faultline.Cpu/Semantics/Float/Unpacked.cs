using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// A number of any format taken apart, or an exact result that waits for its rounding. A finite value is
/// <c>(-1)^Sign * (High:Low / 2^127) * 2^Exponent</c>, where bit 63 of <see cref="High"/> is set; bit 0 of
/// <see cref="Low"/> also stands for all non-zero bits below it (a sticky bit). Of a NaN, <see cref="High"/> holds the
/// payload as the 80-bit format would: bit 63 set, bit 62 the quiet bit.
/// </summary>
internal struct Unpacked
{
    /// <summary>The upper half of the significand.</summary>
    public ulong High;

    /// <summary>The lower half of the significand; zero in every operand.</summary>
    public ulong Low;

    /// <summary>The unbiased exponent of a finite value.</summary>
    public int Exponent;

    /// <summary>What the value is; it says which of the other fields matter.</summary>
    public FloatClass Class;

    /// <summary>Set for negative values.</summary>
    public bool Sign;

    /// <summary>Whether the operand was encoded as a denormal (or pseudo-denormal) number.</summary>
    public bool IsDenormal;

    /// <summary>Quiet, signalling or unsupported: whatever no arithmetic can be done on.</summary>
    public readonly bool IsNaN => Class >= FloatClass.QuietNaN;

    /// <summary>The default NaN of x86, "real indefinite": negative, quiet, no payload.</summary>
    public static Unpacked DefaultNaN => new() { High = 0xC000000000000000, Class = FloatClass.QuietNaN, Sign = true };

    /// <summary>A signed zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Unpacked Zero(bool sign) => new() { Sign = sign, Class = FloatClass.Zero };

    /// <summary>A signed infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Unpacked Infinity(bool sign) => new() { Sign = sign, Class = FloatClass.Infinity, High = 1UL << 63 };

    /// <summary>A finite value whose significand is normalised already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Unpacked Finite(bool sign, int exponent, ulong high, ulong low) =>
        new() { Sign = sign, Class = FloatClass.Finite, Exponent = exponent, High = high, Low = low };

    /// <summary>The exact value of a signed or unsigned integer given as sign and magnitude.</summary>
    public static Unpacked FromInteger(bool sign, ulong magnitude)
    {
        if (magnitude == 0)
            return Zero(sign);
        int shift = System.Numerics.BitOperations.LeadingZeroCount(magnitude);
        return Finite(sign, 63 - shift, magnitude << shift, 0);
    }
}
