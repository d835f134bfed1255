using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <content>The one place where significands are rounded.</content>
internal static partial class SoftFloat
{
    /// <summary>What the x87 adds to or takes from the exponent of an unmasked underflow or overflow (3 * 2^13).</summary>
    private const int X87ExponentWrap = 24576;

    /// <summary>
    /// Rounds a finite result to its destination and raises OE, UE and PE. Tininess is detected after rounding, as if
    /// the exponent range had no lower end.
    /// </summary>
    /// <param name="v">The exact result, normalised.</param>
    /// <param name="precision">Significand bits of the destination, with the leading one.</param>
    /// <param name="minExponent">The unbiased exponent of the smallest normal number.</param>
    /// <param name="maxExponent">The unbiased exponent of the largest finite number.</param>
    /// <param name="c">Control and flags.</param>
    public static Rounded Round(in Unpacked v, int precision, int minExponent, int maxExponent, ref FloatContext c)
    {
        ulong significand = RoundAt(v.High, v.Low, precision, v.Sign, c.Rounding, out bool inexact, out bool up, out bool carry);
        int exponent = carry ? v.Exponent + 1 : v.Exponent;
        c.RoundedUp = up;
        if (exponent > maxExponent)
            return Overflow(v.Sign, significand, exponent, precision, maxExponent, inexact, ref c);
        if (exponent < minExponent)
            return Underflow(v, significand, exponent, precision, minExponent, inexact, ref c);
        if (inexact)
            c.Raise(FloatFlags.Precision);
        return new Rounded(significand, exponent);
    }

    /// <summary>
    /// Rounds a 128-bit significand to its upper bits.
    /// </summary>
    /// <param name="high">The upper half.</param>
    /// <param name="low">The lower half, its bit 0 sticky.</param>
    /// <param name="bits">How many bits of <paramref name="high"/> stay: 1 to 64.</param>
    /// <param name="sign">The sign of the number, for the directed modes.</param>
    /// <param name="mode">The rounding mode.</param>
    /// <param name="inexact">Whether anything but zeros was dropped.</param>
    /// <param name="up">Whether the magnitude was increased.</param>
    /// <param name="carry">Whether the increment ran out at the top; the result is then 2^63, of twice the weight.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RoundAt(
        ulong high, ulong low, int bits, bool sign, RoundingMode mode, out bool inexact, out bool up, out bool carry)
    {
        int drop = 64 - bits;
        ulong unit = 1UL << drop;
        ulong dropped = drop == 0 ? low : (high << bits) | (low != 0 ? 1UL : 0);
        ulong kept = high & ~(unit - 1);
        inexact = dropped != 0;
        up = inexact && mode switch
        {
            RoundingMode.NearestEven => dropped > 1UL << 63 || (dropped == 1UL << 63 && (kept & unit) != 0),
            RoundingMode.Down => sign,
            RoundingMode.Up => !sign,
            _ => false,
        };
        carry = false;
        if (up)
        {
            kept += unit;
            // A denormal that rounds up to bit 63 is no carry; only wrapping past the top is.
            if (kept == 0)
            {
                kept = 1UL << 63;
                carry = true;
            }
        }

        return kept;
    }

    /// <summary>Shifts a 128-bit significand down; bit 0 collects every non-zero bit that falls out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ShiftRightJam(ref ulong high, ref ulong low, int count)
    {
        if (count == 0)
            return;
        if (count < 64)
        {
            ulong lost = low << (64 - count);
            low = (high << (64 - count)) | (low >> count) | (lost != 0 ? 1UL : 0);
            high >>= count;
        }
        else if (count < 128)
        {
            bool lost = low != 0 || (count > 64 && high << (128 - count) != 0);
            low = (high >> (count - 64)) | (lost ? 1UL : 0);
            high = 0;
        }
        else
        {
            low = (high | low) != 0 ? 1UL : 0;
            high = 0;
        }
    }

    private static Rounded Overflow(
        bool sign, ulong significand, int exponent, int precision, int maxExponent, bool inexact, ref FloatContext c)
    {
        c.Raise(FloatFlags.Overflow);
        if ((c.Masks & FloatFlags.Overflow) == 0)
        {
            // The x87 delivers the scaled result to a register; SSE and stores to memory deliver nothing.
            if (inexact)
                c.Raise(FloatFlags.Precision);
            if (!c.IsX87 || exponent - X87ExponentWrap <= maxExponent)
                return new Rounded(significand, c.IsX87 ? exponent - X87ExponentWrap : exponent);
            // Only FSCALE gets here: too large even when scaled is infinity in every rounding mode.
            c.Raise(FloatFlags.Precision);
            c.RoundedUp = true;
            return new Rounded(1UL << 63, maxExponent + 1);
        }

        c.Raise(FloatFlags.Precision);
        bool infinity = c.Rounding switch
        {
            RoundingMode.NearestEven => true,
            RoundingMode.Down => sign,
            RoundingMode.Up => !sign,
            _ => false,
        };
        c.RoundedUp = infinity;
        return infinity ? new Rounded(1UL << 63, maxExponent + 1) : new Rounded(ulong.MaxValue << (64 - precision), maxExponent);
    }

    private static Rounded Underflow(
        in Unpacked v, ulong significand, int exponent, int precision, int minExponent, bool inexact, ref FloatContext c)
    {
        if ((c.Masks & FloatFlags.Underflow) == 0)
        {
            c.Raise(inexact ? FloatFlags.Underflow | FloatFlags.Precision : FloatFlags.Underflow);
            if (!c.IsX87 || exponent + X87ExponentWrap >= minExponent)
                return new Rounded(significand, c.IsX87 ? exponent + X87ExponentWrap : exponent);
            // Only FSCALE gets here: too small even when scaled is zero.
            c.Raise(FloatFlags.Precision);
            c.RoundedUp = false;
            return default;
        }

        if (c.FlushToZero)
        {
            c.Raise(FloatFlags.Underflow | FloatFlags.Precision);
            c.RoundedUp = false;
            return default;
        }

        ulong high = v.High, low = v.Low;
        ShiftRightJam(ref high, ref low, minExponent - v.Exponent);
        significand = RoundAt(high, low, precision, v.Sign, c.Rounding, out inexact, out bool up, out _);
        c.RoundedUp = up;
        if (inexact)
            c.Raise(FloatFlags.Underflow | FloatFlags.Precision);
        return new Rounded(significand, minExponent);
    }
}
