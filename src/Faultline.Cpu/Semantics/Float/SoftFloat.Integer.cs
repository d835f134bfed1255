using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu.Semantics.Float;

/// <content>Integers: rounding to integral values, conversions, and the 128-bit helpers of division and root.</content>
internal static partial class SoftFloat
{
    /// <summary>
    /// Converts to an integer magnitude.
    /// </summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">The rounding mode.</param>
    /// <param name="maxPositive">The largest magnitude allowed for a positive result.</param>
    /// <param name="maxNegative">The largest magnitude allowed for a negative result.</param>
    /// <param name="c">Receives IE (NaN, infinity, out of range) or PE.</param>
    /// <param name="magnitude">The rounded magnitude.</param>
    /// <returns>False after IE: the caller returns its "integer indefinite" value.</returns>
    public static bool TryToInteger(
        in Unpacked a, RoundingMode mode, ulong maxPositive, ulong maxNegative, ref FloatContext c, out ulong magnitude)
    {
        magnitude = 0;
        c.RoundedUp = false;
        if (a.Class == FloatClass.Zero)
            return true;
        if (a.Class != FloatClass.Finite || a.Exponent > 63)
        {
            c.Raise(FloatFlags.Invalid);
            return false;
        }

        magnitude = RoundMagnitude(a, mode, out bool inexact, out bool up);
        if (magnitude > (a.Sign ? maxNegative : maxPositive))
        {
            c.Raise(FloatFlags.Invalid);
            return false;
        }

        c.RoundedUp = up;
        if (inexact)
            c.Raise(FloatFlags.Precision);
        return true;
    }

    /// <summary>Rounds to an integral value of the same format; raises IE for a signalling NaN.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">The rounding mode.</param>
    /// <param name="suppressPrecision">Whether PE stays quiet (bit 3 of the ROUND immediates).</param>
    /// <param name="c">Receives IE and PE.</param>
    public static Unpacked RoundToIntegral(in Unpacked a, RoundingMode mode, bool suppressPrecision, ref FloatContext c)
    {
        c.RoundedUp = false;
        if (a.IsNaN)
            return PropagateNaN(a, ref c);
        if (a.Class != FloatClass.Finite || a.Exponent >= 63)
            return a;
        ulong magnitude = RoundMagnitude(a, mode, out bool inexact, out bool up);
        c.RoundedUp = up;
        if (inexact && !suppressPrecision)
            c.Raise(FloatFlags.Precision);
        return Unpacked.FromInteger(a.Sign, magnitude);
    }

    /// <summary>Rounds a finite number below 2^64 to an integer, without range check.</summary>
    private static ulong RoundMagnitude(in Unpacked a, RoundingMode mode, out bool inexact, out bool up)
    {
        ulong high = a.High, low = a.Low;
        if (a.Exponent == 63)
        {
            inexact = low != 0;
            up = false;
            return high;
        }

        ShiftRightJam(ref high, ref low, 63 - a.Exponent);
        return RoundAt(high, low, 64, a.Sign, mode, out inexact, out up, out _);
    }

    /// <summary>Divides a 128-bit number by a normalised 64-bit one.</summary>
    /// <param name="high">The upper half of the dividend, less than <paramref name="divisor"/>.</param>
    /// <param name="low">The lower half of the dividend.</param>
    /// <param name="divisor">The divisor; bit 63 must be set.</param>
    /// <param name="remainder">The remainder.</param>
    public static ulong Divide128(ulong high, ulong low, ulong divisor, out ulong remainder)
    {
#pragma warning disable SYSLIB5004 // Still marked for evaluation in .NET 10. The quotient always fits, so that it cannot fault.
        if (X86Base.X64.IsSupported)
        {
            (ulong quotient, remainder) = X86Base.X64.DivRem(low, high, divisor);
            return quotient;
        }
#pragma warning restore SYSLIB5004

        ulong upper = DivideStep(high, (uint)(low >> 32), divisor, out ulong rest);
        ulong lower = DivideStep(rest, (uint)low, divisor, out remainder);
        return (upper << 32) | lower;
    }

    /// <summary>One digit of Knuth's algorithm D in base 2^32: 96 bits by a normalised 64-bit divisor.</summary>
    private static ulong DivideStep(ulong high, uint digit, ulong divisor, out ulong remainder)
    {
        ulong divisorHigh = divisor >> 32;
        ulong estimate = high / divisorHigh;
        ulong rest = high - (estimate * divisorHigh);
        ulong divisorLow = (uint)divisor;
        // At most two too large. Both corrections are arithmetic: which of them is needed cannot be predicted.
        ulong over = (estimate > uint.MaxValue) | (estimate * divisorLow > ((rest << 32) | digit)) ? 1UL : 0;
        estimate -= over;
        rest += (0 - over) & divisorHigh;
        over &= (rest <= uint.MaxValue) & ((estimate > uint.MaxValue) | (estimate * divisorLow > ((rest << 32) | digit))) ? 1UL : 0;
        estimate -= over;
        remainder = unchecked(((high << 32) | digit) - (estimate * divisor));
        return estimate;
    }

    /// <summary>The integer square root of a 128-bit number of which one of the top two bits is set.</summary>
    private static ulong IntegerSquareRoot(ulong high, ulong low, out ulong remainderHigh, out ulong remainderLow)
    {
        // IEEE double gives 52 good bits on every host; one Newton step gives the rest to within one or two units.
        double estimate = Math.Sqrt((double)high) * 4294967296.0;
        ulong root = estimate >= 18446744073709551615.0 ? ulong.MaxValue : (ulong)estimate;
        root = high == ulong.MaxValue ? ulong.MaxValue : Math.Max(root, high + 1);
        if (root > high)
        {
            ulong quotient = Divide128(high, low, root, out _);
            root = (root >> 1) + (quotient >> 1) + (root & quotient & 1);
        }

        while (true)
        {
            ulong squareHigh = Math.BigMul(root, root, out ulong squareLow);
            if (squareHigh > high || (squareHigh == high && squareLow > low))
            {
                root--;
                continue;
            }

            remainderLow = low - squareLow;
            remainderHigh = high - squareHigh - (low < squareLow ? 1UL : 0);
            // remainder <= 2 * root holds for the true root.
            ulong twiceHigh = root >> 63;
            ulong twiceLow = root << 1;
            if (remainderHigh < twiceHigh || (remainderHigh == twiceHigh && remainderLow <= twiceLow))
                return root;
            root++;
        }
    }
}
