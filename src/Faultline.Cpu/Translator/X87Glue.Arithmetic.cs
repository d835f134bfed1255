using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Semantics.Float;

namespace Faultline.Cpu.Translator;

/// <content>
/// Arithmetic as translated code calls it: Float80Routine's with values instead of memory, and no state. Operands are normal numbers or zeros. A call costs translated code
/// its registers, but so do some forty instructions with ten values alive: inline the JIT spilled more, and took longer.
/// </content>
internal static unsafe partial class X87Glue
{
    private const uint SignBit = 0x8000;
    private const uint ExponentMask = 0x7FFF;
    private const uint Largest = 0x7FFE;
    private const int Bias = 16383;
    private const ulong IntegerBit = 1UL << 63;

    /// <summary>a + b, or a - b when the sign bit of the last parameter says so.</summary>
    /// <param name="a">Significand.</param>
    /// <param name="signExponentA">Sign in bit 15 and biased exponent.</param>
    /// <param name="b">Significand.</param>
    /// <param name="signExponentB">Sign and exponent.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static X87Result Add(ulong a, uint signExponentA, ulong b, uint signExponentB)
    {
        if ((long)(a & b) >= 0)
            return AddZero(a, signExponentA, b, signExponentB);
        int difference = (int)(signExponentA & ExponentMask) - (int)(signExponentB & ExponentMask);
        if (difference < 0)
        {
            (a, b) = (b, a);
            (signExponentA, signExponentB) = (signExponentB, signExponentA);
            difference = -difference;
        }
        int exponent = (int)(signExponentA & ExponentMask);
        uint sign = signExponentA & SignBit;

        // The other in units of the larger one's last place, and what lies below, bit 0 of it sticky.
        ulong high = b >> difference, low = b << 1 << ~difference;
        if (difference >= 64)
        {
            high = 0;
            low = difference <= 65 ? (b >> (difference - 64)) | (b & 1) : 1;
        }
        if (((signExponentA ^ signExponentB) & SignBit) == 0)
        {
            high += a;
            if (high < a)
            {
                low = (low >> 1) | (low & 1) | (high << 63);
                high = (high >> 1) | IntegerBit;
                exponent++;
            }
            return RoundDropping(high, low, exponent, sign);
        }

        ulong rest = a - high - (low != 0 ? 1UL : 0);
        low = 0 - low;
        if (a < high)
        {
            // Exponents alike: nothing lies below.
            rest = 0 - rest;
            sign ^= SignBit;
        }
        if ((long)rest >= 0)
        {
            if (rest == 0)
            {
                if (low == 0)
                    return default;
                (rest, low) = (low, 0);
                exponent -= 64;
            }
            int shift = BitOperations.LeadingZeroCount(rest);
            rest = (rest << shift) | (low >> 1 >> ~shift);
            low <<= shift;
            exponent -= shift;
        }
        return RoundDropping(rest, low, exponent, sign);
    }

    /// <summary>a * b.</summary>
    /// <inheritdoc cref="Add"/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static X87Result Multiply(ulong a, uint signExponentA, ulong b, uint signExponentB)
    {
        uint sign = (signExponentA ^ signExponentB) & SignBit;
        if ((long)(a & b) >= 0)
            return new X87Result(0, sign);
        // The upper half apart: together the JIT takes the lower one through memory.
        ulong high = Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);
        ulong low = a * b;
        int exponent = (int)((signExponentA & ExponentMask) + (signExponentB & ExponentMask)) - (Bias - 1);
        // Which binade the product is in cannot be predicted.
        ulong small = high >> 63 ^ 1;
        high = (high << (int)small) | (low >> 63 & small);
        return RoundDropping(high, low << (int)small, exponent - (int)small, sign);
    }

    /// <summary>a / b.</summary>
    /// <inheritdoc cref="Add"/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static X87Result Divide(ulong a, uint signExponentA, ulong b, uint signExponentB)
    {
        uint sign = (signExponentA ^ signExponentB) & SignBit;
        if ((long)(a & b) >= 0)
            return new X87Result(0, b == 0 ? -1 : sign);
        int exponent = (int)(signExponentA & ExponentMask) - (int)(signExponentB & ExponentMask) + (Bias - 1);
        ulong large = a >= b ? 1UL : 0;
        ulong quotient = SoftFloat.Divide128(a >> (int)large, (a & large) << 63, b, out ulong remainder);
        // Never half a unit: a quotient of 65 bits times the divisor has too many bits for a dividend.
        ulong half = remainder > b - remainder ? 1UL : 0;
        return Round(quotient, half, remainder != 0 ? 1UL : 0, exponent + (int)large, sign);
    }

    /// <summary>The square root of a.</summary>
    /// <inheritdoc cref="Add"/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static X87Result SquareRoot(ulong a, uint signExponentA)
    {
        if (a == 0)
            return new X87Result(0, signExponentA);
        if (signExponentA >= SignBit)
            return new X87Result(0, -1);
        // An even exponent for the radicand, a number of 128 bits.
        int exponent = (int)signExponentA - Bias;
        int even = ~exponent & 1;
        ulong high = a >> even, low = (ulong)even * a << 63;

        // 50 good bits from the host's root, nearly all from a step of Newton's method, which gives the true root or one more.
        ulong root = (ulong)(long)(Math.Sqrt((double)(long)(high >> 1)) * 3037000499.97605) << 1;
        if (root <= high)
            return new X87Result(0, -1);
        ulong quotient = SoftFloat.Divide128(high, low, root, out _);
        root = (root >> 1) + (quotient >> 1) + (root & quotient & 1);
        ulong squareHigh = Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(root, root) : Math.BigMul(root, root, out _);
        ulong squareLow = root * root;
        ulong restLow = low - squareLow;
        ulong restHigh = high - squareHigh - (low < squareLow ? 1UL : 0);
        if ((long)restHigh < 0)
        {
            // (r - 1)^2 = r^2 - 2r + 1.
            root--;
            ulong twice = (root << 1) | 1;
            restLow += twice;
            restHigh += (root >> 63) + (restLow < twice ? 1UL : 0);
        }
        // 0 <= rest <= 2 * root holds for the true root.
        if (restHigh > root >> 63 || (restHigh == root >> 63 && restLow > root << 1))
            return new X87Result(0, -1);
        // The upper word is 0 or 1.
        ulong half = restHigh | (restLow > root ? 1UL : 0);
        return Round(root, half, (restHigh | restLow) != 0 ? 1UL : 0, (exponent >> 1) + Bias, 0);
    }

    private static X87Result AddZero(ulong a, uint signExponentA, ulong b, uint signExponentB)
    {
        if (a != 0)
            return new X87Result(a, signExponentA);
        return b != 0 ? new X87Result(b, signExponentB) : new X87Result(0, signExponentA & signExponentB);
    }

    /// <summary>Less than, equal to or greater than 0 as a is to b; both may be zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(ulong a, uint signExponentA, ulong b, uint signExponentB)
    {
        // Exponents with the number's sign; where they are alike, so are the signs, unless both are zeros.
        int signA = -(int)(signExponentA >> 15), signB = -(int)(signExponentB >> 15);
        int exponents = (((int)(signExponentA & ExponentMask) ^ signA) - signA) - (((int)(signExponentB & ExponentMask) ^ signB) - signB);
        int significands = (a > b ? 1 : 0) - (a < b ? 1 : 0);
        return exponents * 4 + ((significands ^ signA) - signA);
    }

    /// <summary>Rounds a normalised significand to nearest even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static X87Result RoundDropping(ulong high, ulong low, int exponent, uint sign) => Round(high, low >> 63, low << 1 != 0 ? 1UL : 0, exponent, sign);

    /// <summary>The same with what lies below as 0 or 1: its first bit, and whether there is more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static X87Result Round(ulong high, ulong half, ulong sticky, int exponent, uint sign)
    {
        ulong up = half & (high | sticky);
        high += up;
        // The smallest exponent before rounding is what tells tiny results; the largest binade counts as too large, since rounding may leave it.
        if ((uint)(exponent - 1) >= Largest - 1)
            return new X87Result(0, -1);
        if (high == 0)
        {
            high = IntegerBit;
            exponent++;
        }
        return new X87Result(high, (uint)exponent | sign | (long)(up + ((half | sticky) * 2)) << X87Result.UpBit);
    }
}
