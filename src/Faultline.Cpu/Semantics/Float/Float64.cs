using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// Arithmetic of the 64-bit format on raw bits, for SSE, AVX and FMA. Where rounding is to nearest and all values are
/// comfortably normal, the host's own IEEE arithmetic gives the result and an error term tells whether it is exact;
/// everything else takes the software path. The two agree bit for bit, flags included.
/// </summary>
internal static partial class Float64
{
    /// <summary>The default NaN ("real indefinite").</summary>
    public const ulong Indefinite = 0xFFF8000000000000;

    private const int Precision = 53;
    private const int Bias = 1023;
    private const int MaxBiased = 0x7FF;
    private const int FractionBits = 52;
    private const ulong FractionMask = (1UL << FractionBits) - 1;
    private const ulong SignBit = 1UL << 63;

    /// <summary>a + b: ADDSD with <paramref name="a"/> the first source.</summary>
    public static ulong Add(ulong a, ulong b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b), sum = x + y;
            if (IsPlain(a) && IsPlain(b) && IsPlain(BitConverter.DoubleToUInt64Bits(sum)))
            {
                // Knuth's two-sum: the rounding error of the addition, exactly.
                double part = sum - x;
                if ((x - (sum - part)) + (y - part) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.DoubleToUInt64Bits(sum);
            }
        }

        return Pack(SoftFloat.Add(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), false, ref c), ref c);
    }

    /// <summary>a - b.</summary>
    public static ulong Sub(ulong a, ulong b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            double x = BitConverter.UInt64BitsToDouble(a), y = -BitConverter.UInt64BitsToDouble(b), sum = x + y;
            if (IsPlain(a) && IsPlain(b) && IsPlain(BitConverter.DoubleToUInt64Bits(sum)))
            {
                double part = sum - x;
                if ((x - (sum - part)) + (y - part) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.DoubleToUInt64Bits(sum);
            }
        }

        return Pack(SoftFloat.Add(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), true, ref c), ref c);
    }

    /// <summary>a * b.</summary>
    public static ulong Mul(ulong a, ulong b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b), product = x * y;
            if (IsPlain(a) && IsPlain(b) && (IsMiddling(BitConverter.DoubleToUInt64Bits(product)) || IsZero(a) || IsZero(b)))
            {
                if (Math.FusedMultiplyAdd(x, y, -product) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.DoubleToUInt64Bits(product);
            }
        }

        return Pack(SoftFloat.Multiply(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), ref c), ref c);
    }

    /// <summary>a / b.</summary>
    public static ulong Div(ulong a, ulong b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b), quotient = x / y;
            if (IsMiddling(b) && ((IsMiddling(a) && IsMiddling(BitConverter.DoubleToUInt64Bits(quotient))) || IsZero(a)))
            {
                if (Math.FusedMultiplyAdd(quotient, y, -x) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.DoubleToUInt64Bits(quotient);
            }
        }

        return Pack(SoftFloat.Divide(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), ref c), ref c);
    }

    /// <summary>The square root of a.</summary>
    public static ulong Sqrt(ulong a, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven && (a & SignBit) == 0 && IsMiddling(a))
        {
            double x = BitConverter.UInt64BitsToDouble(a), root = Math.Sqrt(x);
            if (Math.FusedMultiplyAdd(root, root, -x) != 0)
                c.Raise(FloatFlags.Precision);
            return BitConverter.DoubleToUInt64Bits(root);
        }

        return Pack(SoftFloat.SquareRoot(Unpack(a, c.DenormalsAreZero), ref c), ref c);
    }

    /// <summary>(-)a * b (-)addend, rounded once: the FMA family. NaNs are preferred in the order of the parameters.</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="addend">The addend.</param>
    /// <param name="negateProduct">FNMADD and FNMSUB.</param>
    /// <param name="negateAddend">FMSUB and FNMSUB.</param>
    /// <param name="c">Control and flags.</param>
    public static ulong Fma(ulong a, ulong b, ulong addend, bool negateProduct, bool negateAddend, ref FloatContext c)
    {
        bool daz = c.DenormalsAreZero;
        return Pack(
            SoftFloat.FusedMultiplyAdd(Unpack(a, daz), Unpack(b, daz), Unpack(addend, daz), negateProduct, negateAddend, ref c), ref c);
    }

    /// <summary>MINSD: the second operand if either is a NaN or both are zero.</summary>
    public static ulong Min(ulong a, ulong b, ref FloatContext c)
    {
        FloatRelation relation = Compare(a, b, quiet: false, ref c);
        return relation == FloatRelation.Less ? FlushOperand(a, c.DenormalsAreZero) : FlushOperand(b, c.DenormalsAreZero);
    }

    /// <summary>MAXSD: the second operand if either is a NaN or both are zero.</summary>
    public static ulong Max(ulong a, ulong b, ref FloatContext c)
    {
        FloatRelation relation = Compare(a, b, quiet: false, ref c);
        return relation == FloatRelation.Greater ? FlushOperand(a, c.DenormalsAreZero) : FlushOperand(b, c.DenormalsAreZero);
    }

    /// <summary>Compares a with b.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="quiet">UCOMI: only signalling NaNs raise IE. COMI: every NaN does.</param>
    /// <param name="c">Control and flags.</param>
    public static FloatRelation Compare(ulong a, ulong b, bool quiet, ref FloatContext c) =>
        SoftFloat.Compare(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), quiet, ref c);

    /// <summary>CMPSD and VCMPSD: whether the predicate (0 to 31) holds.</summary>
    public static bool Compare(ulong a, ulong b, int predicate, ref FloatContext c) =>
        SoftFloat.Satisfies(Compare(a, b, SoftFloat.IsQuiet(predicate), ref c), predicate);

    /// <summary>ROUNDSD: rounds to an integral value; DE is never raised.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">The mode, from the immediate or from MXCSR.</param>
    /// <param name="suppressPrecision">Bit 3 of the immediate: PE is not raised.</param>
    /// <param name="c">Control and flags.</param>
    public static ulong RoundToIntegral(ulong a, RoundingMode mode, bool suppressPrecision, ref FloatContext c) =>
        Pack(SoftFloat.RoundToIntegral(Unpack(a, c.DenormalsAreZero), mode, suppressPrecision, ref c), ref c);

    /// <summary>Takes raw bits apart.</summary>
    /// <param name="a">The raw bits.</param>
    /// <param name="denormalsAreZero">Whether a denormal is read as zero.</param>
    public static Unpacked Unpack(ulong a, bool denormalsAreZero)
    {
        bool sign = (a & SignBit) != 0;
        int biased = (int)(a >> FractionBits) & MaxBiased;
        ulong fraction = (ulong)(a & FractionMask) << (64 - Precision);
        if (biased == MaxBiased)
        {
            if (fraction == 0)
                return Unpacked.Infinity(sign);
            FloatClass nan = (fraction & (1UL << 62)) != 0 ? FloatClass.QuietNaN : FloatClass.SignalingNaN;
            return new Unpacked { Sign = sign, Class = nan, High = fraction | (1UL << 63) };
        }

        if (biased != 0)
            return Unpacked.Finite(sign, biased - Bias, fraction | (1UL << 63), 0);
        if (fraction == 0 || denormalsAreZero)
            return Unpacked.Zero(sign);
        Unpacked result = SoftFloat.Normalize(sign, 1 - Bias, fraction, 0);
        result.IsDenormal = true;
        return result;
    }

    /// <summary>Rounds an exact result and puts it into raw bits.</summary>
    public static ulong Pack(in Unpacked v, ref FloatContext c)
    {
        ulong sign = v.Sign ? SignBit : 0;
        switch (v.Class)
        {
            case FloatClass.Finite:
                Rounded rounded = SoftFloat.Round(v, Precision, 1 - Bias, Bias, ref c);
                int biased = (long)rounded.Significand < 0 ? rounded.Exponent + Bias : 0;
                return sign | ((ulong)(biased & MaxBiased) << FractionBits) | ((ulong)(rounded.Significand >> (64 - Precision)) & FractionMask);
            case FloatClass.Zero:
                return sign;
            case FloatClass.Infinity:
                return sign | ((ulong)MaxBiased << FractionBits);
            default:
                return sign | ((ulong)MaxBiased << FractionBits) | ((ulong)(v.High >> (64 - Precision)) & FractionMask);
        }
    }

    /// <summary>A denormal operand as DAZ delivers it through MIN and MAX: a zero of the same sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FlushOperand(ulong a, bool denormalsAreZero) =>
        denormalsAreZero && (a & ((ulong)MaxBiased << FractionBits)) == 0 ? a & SignBit : a;

    /// <summary>
    /// Whether the exponent keeps clear of both ends of the range, so that neither the operation nor its error term
    /// can overflow or become denormal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMiddling(ulong a) => ((uint)(a >> FractionBits) & MaxBiased) - 128u < 1790u;

    /// <summary>Of either sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsZero(ulong a) => a << 1 == 0;

    /// <summary>Zero or comfortably normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(ulong a) => IsMiddling(a) || IsZero(a);
}
