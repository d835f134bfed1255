using System.Numerics;
using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// 80-bit arithmetic on ordinary numbers, without taking them apart: operands normal or zero, the result normal or an exact zero, rounding to
/// nearest at 64 bits. PE is then the only exception that can arise. Each operation returns what it raised, PE and C1 in their places in the
/// x87 status word, or <see cref="NotRoutine"/> with nothing stored: then <see cref="Float80"/> computes it, which agrees with these bit for
/// bit wherever both apply.
/// </summary>
/// <remarks>
/// Operands are a significand and a word with the sign in bit 15 and the biased exponent below it. A result goes to two words like those, as
/// registers lie in the processor's state.
/// </remarks>
internal static unsafe class Float80Routine
{
    /// <summary>The numbers are not ordinary: nothing was computed.</summary>
    public const int NotRoutine = -1;

    private const int Bias = 16383;
    private const int SignBit = 0x8000;
    private const uint NormalExponents = 0x7FFE;
    private const ulong IntegerBit = 1UL << 63;
    private const int RoundedUp = 0x0200;

    /// <summary>a + b.</summary>
    public static int Add(ulong a, ulong signExponentA, ulong b, ulong signExponentB, ulong* result)
    {
        uint exponentA = (uint)signExponentA & 0x7FFF, exponentB = (uint)signExponentB & 0x7FFF;
        if (!AreNormal(a, exponentA, b, exponentB))
            return AddZero(a, signExponentA, b, signExponentB, result);
        bool subtract = ((signExponentA ^ signExponentB) & SignBit) != 0;
        int exponent = (int)exponentA;
        int difference = (int)(exponentA - exponentB);
        ulong sign = signExponentA & SignBit;
        if (difference < 0 || (difference == 0 && a < b))
        {
            (a, b) = (b, a);
            (exponent, difference, sign) = ((int)exponentB, -difference, signExponentB & SignBit);
        }

        // The smaller operand in units of the larger one's last place, and what lies below, bit 0 of it sticky.
        ulong high = 0, low = 1;
        if (difference < 64)
        {
            high = b >> difference;
            low = b << 1 << (63 - difference);
        }
        else if (difference <= 65)
        {
            low = (b >> (difference - 64)) | (b & 1);
        }

        if (!subtract)
        {
            high += a;
            if (high < a)
            {
                low = (low >> 1) | (low & 1) | (high << 63);
                high = (high >> 1) | IntegerBit;
                exponent++;
            }
        }
        else
        {
            high = a - high - (low != 0 ? 1UL : 0);
            low = 0 - low;
            if ((long)high >= 0)
            {
                if (high == 0)
                {
                    if (low == 0)
                        return Store(result, 0, 0, 0);
                    (high, low) = (low, 0);
                    exponent -= 64;
                }

                int shift = BitOperations.LeadingZeroCount(high);
                high = (high << shift) | (low >> 1 >> (63 - shift));
                low <<= shift;
                exponent -= shift;
            }
        }

        return Round(result, sign, exponent, high, low);
    }

    /// <summary>a - b.</summary>
    public static int Subtract(ulong a, ulong signExponentA, ulong b, ulong signExponentB, ulong* result) =>
        Add(a, signExponentA, b, signExponentB ^ SignBit, result);

    /// <summary>a * b.</summary>
    public static int Multiply(ulong a, ulong signExponentA, ulong b, ulong signExponentB, ulong* result)
    {
        uint exponentA = (uint)signExponentA & 0x7FFF, exponentB = (uint)signExponentB & 0x7FFF;
        ulong sign = (signExponentA ^ signExponentB) & SignBit;
        if (!AreNormal(a, exponentA, b, exponentB))
            return IsNormalOrZero(a, exponentA) && IsNormalOrZero(b, exponentB) ? Store(result, 0, sign, 0) : NotRoutine;
        ulong high = Math.BigMul(a, b, out ulong low);
        int exponent = (int)(exponentA + exponentB) - (Bias - 1);
        if ((long)high >= 0)
        {
            high = (high << 1) | (low >> 63);
            low <<= 1;
            exponent--;
        }

        return Round(result, sign, exponent, high, low);
    }

    /// <summary>a / b.</summary>
    public static int Divide(ulong a, ulong signExponentA, ulong b, ulong signExponentB, ulong* result)
    {
        uint exponentA = (uint)signExponentA & 0x7FFF, exponentB = (uint)signExponentB & 0x7FFF;
        ulong sign = (signExponentA ^ signExponentB) & SignBit;
        if (!AreNormal(a, exponentA, b, exponentB))
            return a == 0 && exponentA == 0 && IsNormal(b, exponentB) ? Store(result, 0, sign, 0) : NotRoutine;
        int exponent = (int)(exponentA - exponentB) + Bias;
        ulong high = a, low = 0;
        if (a >= b)
        {
            low = a << 63;
            high = a >> 1;
        }
        else
        {
            exponent--;
        }

        ulong quotient = SoftFloat.Divide128(high, low, b, out ulong remainder);
        // Never half a unit: a quotient of 65 bits times the divisor has too many bits for a dividend.
        ulong dropped = (remainder > b - remainder ? IntegerBit : 0) | (remainder != 0 ? 1UL : 0);
        return Round(result, sign, exponent, quotient, dropped);
    }

    /// <summary>The square root of a.</summary>
    public static int SquareRoot(Float80 a, ulong* result)
    {
        // The sign is part of the comparison: of negative numbers only zero has a root, itself.
        if (!IsNormal(a.Significand, a.SignExponent))
            return IsZero(a) ? Store(result, 0, a.SignExponent, 0) : NotRoutine;
        Unpacked root = SoftFloat.SquareRootFinite(Unpacked.Finite(false, a.SignExponent - Bias, a.Significand, 0));
        return Round(result, 0, root.Exponent + Bias, root.High, root.Low);
    }

    /// <summary>Compares two numbers.</summary>
    /// <returns>False when one of them is neither normal nor zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCompare(Float80 a, Float80 b, out FloatRelation relation)
    {
        relation = FloatRelation.Equal;
        if (!IsNormalOrZero(a.Significand, (uint)a.BiasedExponent) || !IsNormalOrZero(b.Significand, (uint)b.BiasedExponent))
            return false;
        if (a == b || (a.Significand | b.Significand) == 0)
            return true;
        bool magnitudeLess = a.SignExponent < b.SignExponent || (a.SignExponent == b.SignExponent && a.Significand < b.Significand);
        bool less = a.IsNegative != (b.IsNegative == a.IsNegative && magnitudeLess);
        relation = less ? FloatRelation.Less : FloatRelation.Greater;
        return true;
    }

    /// <summary>Widens a 64-bit number, exactly, if it is normal or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWiden64(ulong bits, out Float80 value)
    {
        uint exponent = (uint)(bits >> 52) & 0x7FF;
        ushort sign = (ushort)((bits >> 48) & SignBit);
        value = new Float80(IntegerBit | (bits << 11), (ushort)(sign | (exponent + (Bias - 1023))));
        if (exponent - 1 < 0x7FE)
            return true;
        value = new Float80(0, sign);
        return bits << 1 == 0;
    }

    /// <summary>Widens a 32-bit number, exactly, if it is normal or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWiden32(uint bits, out Float80 value)
    {
        uint exponent = (bits >> 23) & 0xFF;
        ushort sign = (ushort)((bits >> 16) & SignBit);
        value = new Float80(IntegerBit | ((ulong)bits << 40), (ushort)(sign | (exponent + (Bias - 127))));
        if (exponent - 1 < 0xFE)
            return true;
        value = new Float80(0, sign);
        return bits << 1 == 0;
    }

    /// <summary>Rounds to the 64-bit format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Narrow64(Float80 a, out ulong bits) => Narrow(a, 53, 1023, out bits);

    /// <summary>Rounds to the 32-bit format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Narrow32(Float80 a, out uint bits)
    {
        int raised = Narrow(a, 24, 127, out ulong wide);
        bits = (uint)wide;
        return raised;
    }

    /// <summary>Rounds a number of at least 1 to an integer.</summary>
    /// <param name="a">The number; a zero is ordinary too.</param>
    /// <param name="width">Bits of the integer. The magnitude must stay below half its range.</param>
    /// <param name="truncate">Toward zero instead of to nearest.</param>
    /// <param name="value">The integer.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInteger(Float80 a, int width, bool truncate, out long value)
    {
        value = 0;
        int exponent = a.BiasedExponent - Bias;
        // One bit less than fits, so that rounding up cannot leave the range.
        if ((uint)exponent >= (uint)(width - 2) || (long)a.Significand >= 0)
            return IsZero(a) ? 0 : NotRoutine;
        ulong magnitude = a.Significand >> (63 - exponent);
        ulong dropped = a.Significand << 1 << exponent;
        ulong up = truncate ? 0 : Increment(magnitude, dropped);
        magnitude += up;
        value = a.IsNegative ? -(long)magnitude : (long)magnitude;
        return Raised(dropped, up);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Narrow(Float80 a, int precision, int bias, out ulong bits)
    {
        ulong sign = (ulong)(a.SignExponent & SignBit) << (precision == 53 ? 48 : 16);
        int exponent = a.BiasedExponent - Bias + bias;
        if ((uint)(exponent - 1) >= (uint)(2 * bias) || (long)a.Significand >= 0)
        {
            bits = sign;
            return IsZero(a) ? 0 : NotRoutine;
        }

        ulong kept = a.Significand >> (64 - precision);
        ulong dropped = a.Significand << precision;
        ulong up = Increment(kept, dropped);
        // The integer bit and a carry out of the significand both count into the exponent.
        bits = sign | (((ulong)(exponent - 1) << (precision - 1)) + kept + up);
        return (uint)(bits >> (precision - 1) & (uint)((2 * bias) + 1)) == (uint)((2 * bias) + 1) ? NotRoutine : Raised(dropped, up);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNormal(ulong significand, uint exponent) => exponent - 1 < NormalExponents && (long)significand < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsZero(Float80 a) => (a.Significand | (uint)a.BiasedExponent) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNormalOrZero(ulong significand, uint exponent) =>
        IsNormal(significand, exponent) || (significand | exponent) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreNormal(ulong a, uint exponentA, ulong b, uint exponentB) =>
        exponentA - 1 < NormalExponents && exponentB - 1 < NormalExponents && (long)(a & b) < 0;

    /// <summary>Adds when at least one of the numbers is not normal.</summary>
    private static int AddZero(ulong a, ulong signExponentA, ulong b, ulong signExponentB, ulong* result)
    {
        uint exponentA = (uint)signExponentA & 0x7FFF, exponentB = (uint)signExponentB & 0x7FFF;
        if (!IsNormalOrZero(a, exponentA) || !IsNormalOrZero(b, exponentB))
            return NotRoutine;
        if ((a | b) == 0)
            return Store(result, 0, signExponentA & signExponentB, 0);
        return a == 0 ? Store(result, b, signExponentB, 0) : Store(result, a, signExponentA, 0);
    }

    /// <summary>Rounds a normalised significand to nearest even, if the result is normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Round(ulong* result, ulong sign, int exponent, ulong high, ulong low)
    {
        ulong up = Increment(high, low);
        int biased = exponent;
        ulong rounded = high + up;
        if (rounded == 0)
        {
            rounded = IntegerBit;
            biased++;
        }

        // The smallest exponent before rounding is what tells tiny results: those that become normal by it are left out.
        if (exponent < 1 || biased > (int)NormalExponents)
            return NotRoutine;
        return Store(result, rounded, sign | (uint)biased, Raised(low, up));
    }

    /// <summary>1 when rounding to nearest even increases the magnitude, else 0.</summary>
    /// <param name="kept">What stays; bit 0 is its last place.</param>
    /// <param name="dropped">What does not, as a fraction of 2^64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Increment(ulong kept, ulong dropped) => (dropped >> 63) & (kept | (dropped << 1 != 0 ? 1UL : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Raised(ulong dropped, ulong up) => (dropped != 0 ? (int)FloatFlags.Precision : 0) | ((int)up * RoundedUp);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Store(ulong* result, ulong significand, ulong signExponent, int raised)
    {
        result[0] = significand;
        result[1] = signExponent;
        return raised;
    }
}
