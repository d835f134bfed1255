using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Translator;

/// <content>Conversions from and to the formats in memory. See the arithmetic for what the parameters mean.</content>
internal static unsafe partial class X87Glue
{
    /// <summary>Widens a 64-bit number.</summary>
    /// <returns>False when it is neither normal nor zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Widen64(ulong bits, out ulong result, out uint signExponent)
    {
        uint exponent = (uint)(bits >> 52) & 0x7FF;
        bool isZero = bits << 1 == 0;
        ulong kept = isZero ? 0 : ulong.MaxValue;
        result = (IntegerBit | (bits << 11)) & kept;
        signExponent = (uint)(bits >> 48) & SignBit | (exponent + (Bias - 1023)) & (uint)kept;
        return isZero | exponent - 1 < 0x7FE;
    }

    /// <summary>Widens a 32-bit number.</summary>
    /// <returns>False when it is neither normal nor zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Widen32(uint bits, out ulong result, out uint signExponent)
    {
        uint exponent = (bits >> 23) & 0xFF;
        bool isZero = bits << 1 == 0;
        ulong kept = isZero ? 0 : ulong.MaxValue;
        result = (IntegerBit | ((ulong)bits << 40)) & kept;
        signExponent = bits >> 16 & SignBit | (exponent + (Bias - 127)) & (uint)kept;
        return isZero | exponent - 1 < 0xFE;
    }

    /// <summary>An integer, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromInteger(long value, out ulong result, out uint signExponent)
    {
        long sign = value >> 63;
        ulong magnitude = (ulong)((value ^ sign) - sign);
        int shift = System.Numerics.BitOperations.LeadingZeroCount(magnitude);
        result = magnitude << shift;
        signExponent = (uint)sign & SignBit | (magnitude == 0 ? 0 : (uint)(Bias + 63 - shift));
    }

    /// <summary>Rounds a normal number to the 64-bit format.</summary>
    /// <returns>False when the result would not be normal, or is in the largest binade.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Narrow64(ulong a, uint signExponent, out ulong bits, out ulong raised)
    {
        int exponent = (int)(signExponent & ExponentMask) - (Bias - 1023);
        ulong kept = a >> 11;
        ulong up = RoundUp(kept, a << 53, out raised);
        // The integer bit and a carry out of the significand both count into the exponent.
        bits = (ulong)(signExponent & SignBit) << 48 | (((ulong)(exponent - 1) << 52) + kept + up);
        return (uint)(exponent - 1) < 2 * 1023 - 1;
    }

    /// <summary>Rounds a normal number to the 32-bit format.</summary>
    /// <returns>False when the result would not be normal, or is in the largest binade.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Narrow32(ulong a, uint signExponent, out uint bits, out ulong raised)
    {
        int exponent = (int)(signExponent & ExponentMask) - (Bias - 127);
        ulong kept = a >> 40;
        ulong up = RoundUp(kept, a << 24, out raised);
        bits = (signExponent & SignBit) << 16 | (((uint)(exponent - 1) << 23) + (uint)kept + (uint)up);
        return (uint)(exponent - 1) < 2 * 127 - 1;
    }

    /// <summary>A zero in the 64-bit format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Zero64(uint signExponent) => (ulong)signExponent << 48;

    /// <summary>A zero in the 32-bit format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Zero32(uint signExponent) => signExponent << 16;

    /// <summary>Rounds a normal number or zero to an integer.</summary>
    /// <param name="a">Significand.</param>
    /// <param name="signExponent">Sign and exponent.</param>
    /// <param name="width">Bits of the integer. The magnitude must stay below half its range.</param>
    /// <param name="truncate">Toward zero instead of to nearest.</param>
    /// <param name="value">The integer.</param>
    /// <param name="raised">PE and C1, where results have them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ToInteger(ulong a, uint signExponent, int width, bool truncate, out long value, out ulong raised)
    {
        int exponent = (int)(signExponent & ExponentMask) - Bias;
        ulong magnitude = a >> (63 - exponent);
        ulong dropped = a << 1 << exponent;
        if (exponent < 0)
        {
            // Below 1: a half, less, or zero.
            magnitude = 0;
            dropped = exponent == -1 ? a : a == 0 ? 0 : 1UL;
        }
        if (truncate)
            raised = dropped != 0 ? 1UL << X87Result.InexactBit : 0;
        else
            magnitude += RoundUp(magnitude, dropped, out raised);
        long sign = -(long)(signExponent >> 15 & 1);
        value = ((long)magnitude ^ sign) - sign;
        return exponent < width - 2;
    }

    /// <summary>1 when rounding to nearest even increases the magnitude, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundUp(ulong kept, ulong dropped, out ulong raised)
    {
        ulong half = dropped >> 63, sticky = dropped << 1 != 0 ? 1UL : 0;
        ulong up = half & (kept | sticky);
        raised = up + ((half | sticky) * 2) << X87Result.UpBit;
        return up;
    }
}
