using System.Numerics;
using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// IEEE 754 arithmetic as x86 does it, once for all formats: each operation takes unpacked operands, raises the
/// exceptions that concern operands (IE, DE, ZE) and returns the exact result, up to a sticky bit. The destination
/// format then rounds it once (<see cref="Round"/>), which is where OE, UE and PE come from.
/// </summary>
internal static partial class SoftFloat
{
    /// <summary>Adds or subtracts.</summary>
    /// <param name="a">The first source operand, the one that SSE prefers among NaNs.</param>
    /// <param name="b">The second source operand.</param>
    /// <param name="subtract">Whether <paramref name="b"/>'s sign is turned; never that of a NaN.</param>
    /// <param name="c">Control and flags.</param>
    public static Unpacked Add(in Unpacked a, in Unpacked b, bool subtract, ref FloatContext c)
    {
        if (a.IsNaN || b.IsNaN)
            return PropagateNaN(a, b, ref c);
        bool signB = b.Sign ^ subtract;
        if (a.Class == FloatClass.Infinity && b.Class == FloatClass.Infinity && a.Sign != signB)
            return InvalidResult(ref c);
        RaiseDenormal(a, b, ref c);
        if (a.Class == FloatClass.Infinity)
            return Unpacked.Infinity(a.Sign);
        if (b.Class == FloatClass.Infinity)
            return Unpacked.Infinity(signB);
        return AddFinite(a, signB, b.Exponent, b.High, 0, b.Class == FloatClass.Zero, c.Rounding);
    }

    /// <summary>Multiplies.</summary>
    public static Unpacked Multiply(in Unpacked a, in Unpacked b, ref FloatContext c)
    {
        if (a.IsNaN || b.IsNaN)
            return PropagateNaN(a, b, ref c);
        bool sign = a.Sign ^ b.Sign;
        bool infinite = a.Class == FloatClass.Infinity || b.Class == FloatClass.Infinity;
        bool zero = a.Class == FloatClass.Zero || b.Class == FloatClass.Zero;
        if (infinite && zero)
            return InvalidResult(ref c);
        RaiseDenormal(a, b, ref c);
        if (infinite)
            return Unpacked.Infinity(sign);
        return zero ? Unpacked.Zero(sign) : MultiplyFinite(sign, a, b);
    }

    /// <summary>Divides <paramref name="a"/> by <paramref name="b"/>.</summary>
    public static Unpacked Divide(in Unpacked a, in Unpacked b, ref FloatContext c)
    {
        if (a.IsNaN || b.IsNaN)
            return PropagateNaN(a, b, ref c);
        bool sign = a.Sign ^ b.Sign;
        if (a.Class == b.Class && a.Class != FloatClass.Finite)
            return InvalidResult(ref c);
        if (b.Class == FloatClass.Zero && a.Class == FloatClass.Finite)
        {
            // A zero divisor outranks a denormal dividend (SDM Vol. 1, 4.9.2): DE is not raised.
            c.Raise(FloatFlags.DivideByZero);
            return Unpacked.Infinity(sign);
        }

        RaiseDenormal(a, b, ref c);
        if (a.Class == FloatClass.Infinity)
            return Unpacked.Infinity(sign);
        if (a.Class == FloatClass.Zero || b.Class == FloatClass.Infinity)
            return Unpacked.Zero(sign);
        return DivideFinite(sign, a, b);
    }

    /// <summary>Square root.</summary>
    public static Unpacked SquareRoot(in Unpacked a, ref FloatContext c)
    {
        if (a.IsNaN)
            return PropagateNaN(a, ref c);
        if (a.Class == FloatClass.Zero)
            return a;
        if (a.Sign)
            return InvalidResult(ref c);
        RaiseDenormal(a, ref c);
        return a.Class == FloatClass.Infinity ? a : SquareRootFinite(a);
    }

    /// <summary>
    /// a * b + addend with one rounding, for the 32- and 64-bit formats (the alignment relies on products of at most
    /// 106 bits). The signs of product and addend are turned as FMSUB, FNMADD and FNMSUB need; never those of NaNs.
    /// </summary>
    public static Unpacked FusedMultiplyAdd(
        in Unpacked a, in Unpacked b, in Unpacked addend, bool negateProduct, bool negateAddend, ref FloatContext c)
    {
        if (a.IsNaN || b.IsNaN || addend.IsNaN)
        {
            if (a.Class >= FloatClass.SignalingNaN || b.Class >= FloatClass.SignalingNaN || addend.Class >= FloatClass.SignalingNaN)
                c.Raise(FloatFlags.Invalid);
            return Quiet(a.IsNaN ? a : b.IsNaN ? b : addend);
        }

        bool sign = a.Sign ^ b.Sign ^ negateProduct;
        bool addendSign = addend.Sign ^ negateAddend;
        bool infinite = a.Class == FloatClass.Infinity || b.Class == FloatClass.Infinity;
        bool zero = a.Class == FloatClass.Zero || b.Class == FloatClass.Zero;
        if ((infinite && zero) || (infinite && addend.Class == FloatClass.Infinity && sign != addendSign))
            return InvalidResult(ref c);
        RaiseDenormal(a, b, ref c);
        RaiseDenormal(addend, ref c);
        if (infinite)
            return Unpacked.Infinity(sign);
        if (addend.Class == FloatClass.Infinity)
            return Unpacked.Infinity(addendSign);
        Unpacked product = zero ? Unpacked.Zero(sign) : MultiplyFinite(sign, a, b);
        return AddFinite(product, addendSign, addend.Exponent, addend.High, 0, addend.Class == FloatClass.Zero, c.Rounding);
    }

    /// <summary>
    /// Adds two finite numbers, the second one given by its parts. Exact but for the sticky bit: at most one bit of the
    /// larger operand's significand is lost to cancellation once the exponents differ by two or more.
    /// </summary>
    public static Unpacked AddFinite(in Unpacked a, bool signB, int exponentB, ulong highB, ulong lowB, bool zeroB, RoundingMode mode)
    {
        if (zeroB)
        {
            if (a.Class != FloatClass.Zero)
                return a;
            return Unpacked.Zero(a.Sign == signB ? signB : mode == RoundingMode.Down);
        }

        if (a.Class == FloatClass.Zero)
            return Unpacked.Finite(signB, exponentB, highB, lowB);
        ulong high = a.High, low = a.Low;
        int exponent = a.Exponent;
        bool sign = a.Sign;
        bool subtract = sign != signB;
        int difference = exponent - exponentB;
        if (difference < 0 || (difference == 0 && (high < highB || (high == highB && low < lowB))))
        {
            (high, highB) = (highB, high);
            (low, lowB) = (lowB, low);
            (exponent, difference, sign) = (exponentB, -difference, signB);
        }

        ShiftRightJam(ref highB, ref lowB, difference);
        if (!subtract)
        {
            ulong sumLow = low + lowB;
            ulong carry = sumLow < low ? 1UL : 0;
            ulong sum = high + highB;
            bool overflow = sum < high;
            sum += carry;
            overflow |= carry != 0 && sum == 0;
            if (overflow)
            {
                sumLow = (sumLow >> 1) | (sumLow & 1) | (sum << 63);
                sum = (sum >> 1) | (1UL << 63);
                exponent++;
            }

            return Unpacked.Finite(sign, exponent, sum, sumLow);
        }

        ulong differenceLow = low - lowB;
        ulong differenceHigh = high - highB - (low < lowB ? 1UL : 0);
        if ((differenceHigh | differenceLow) == 0)
            return Unpacked.Zero(mode == RoundingMode.Down);
        return Normalize(sign, exponent, differenceHigh, differenceLow);
    }

    /// <summary>Multiplies two finite non-zero operands (with 64-bit significands), exactly.</summary>
    public static Unpacked MultiplyFinite(bool sign, in Unpacked a, in Unpacked b)
    {
        ulong high = Math.BigMul(a.High, b.High, out ulong low);
        int exponent = a.Exponent + b.Exponent + 1;
        if ((long)high >= 0)
        {
            high = (high << 1) | (low >> 63);
            low <<= 1;
            exponent--;
        }

        return Unpacked.Finite(sign, exponent, high, low);
    }

    /// <summary>Divides two finite non-zero operands: 64 quotient bits, a guard bit and a sticky bit.</summary>
    public static Unpacked DivideFinite(bool sign, in Unpacked a, in Unpacked b)
    {
        int exponent = a.Exponent - b.Exponent;
        ulong high = a.High, low = 0;
        if (high >= b.High)
        {
            low = high << 63;
            high >>= 1;
        }
        else
        {
            exponent--;
        }

        ulong quotient = Divide128(high, low, b.High, out ulong remainder);
        ulong guard = 0;
        if (remainder >= b.High - remainder)
        {
            guard = 1UL << 63;
            remainder -= b.High - remainder;
        }

        return Unpacked.Finite(sign, exponent, quotient, guard | (remainder != 0 ? 1UL : 0));
    }

    /// <summary>Square root of a finite positive number: 64 bits, a guard bit and a sticky bit.</summary>
    public static Unpacked SquareRootFinite(in Unpacked a)
    {
        // value = sig * 2^(e - 63); an even exponent for the radicand: sig * 2^63 or sig * 2^64 as a 128-bit integer.
        bool odd = (a.Exponent & 1) != 0;
        ulong high = odd ? a.High : a.High >> 1;
        ulong low = odd ? 0 : a.High << 63;
        ulong root = IntegerSquareRoot(high, low, out ulong remainderHigh, out ulong remainderLow);
        bool guard = remainderHigh != 0 || remainderLow > root;
        bool sticky = (remainderHigh | remainderLow) != 0;
        return Unpacked.Finite(false, a.Exponent >> 1, root, (guard ? 1UL << 63 : 0) | (sticky ? 1UL : 0));
    }

    /// <summary>Shifts a non-zero 128-bit significand up until its top bit is set.</summary>
    public static Unpacked Normalize(bool sign, int exponent, ulong high, ulong low)
    {
        if (high == 0)
        {
            high = low;
            low = 0;
            exponent -= 64;
        }

        int shift = BitOperations.LeadingZeroCount(high);
        if (shift != 0)
        {
            high = (high << shift) | (low >> (64 - shift));
            low <<= shift;
            exponent -= shift;
        }

        return Unpacked.Finite(sign, exponent, high, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RaiseDenormal(in Unpacked a, ref FloatContext c)
    {
        if (a.IsDenormal)
            c.Raise(FloatFlags.Denormal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RaiseDenormal(in Unpacked a, in Unpacked b, ref FloatContext c)
    {
        if (a.IsDenormal || b.IsDenormal)
            c.Raise(FloatFlags.Denormal);
    }
}
