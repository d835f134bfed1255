using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// Arithmetic of the 32-bit format on raw bits, for SSE, AVX and FMA. Where rounding is to nearest and all values are
/// comfortably normal, the host's own IEEE arithmetic gives the result and an error term tells whether it is exact;
/// everything else takes the software path. The two agree bit for bit, flags included.
/// </summary>
internal static partial class Float32
{
    /// <summary>The default NaN ("real indefinite").</summary>
    public const uint Indefinite = 0xFFC00000;

    private const int Precision = 24;
    private const int Bias = 127;
    private const int MaxBiased = 0xFF;
    private const int FractionBits = 23;
    private const uint FractionMask = (1u << FractionBits) - 1;
    private const uint SignBit = 1u << 31;

    /// <summary>a + b: ADDSS with <paramref name="a"/> the first source.</summary>
    public static uint Add(uint a, uint b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b), sum = x + y;
            if (IsPlain(a) && IsPlain(b) && IsPlain(BitConverter.SingleToUInt32Bits(sum)))
            {
                // Knuth's two-sum: the rounding error of the addition, exactly.
                float part = sum - x;
                if ((x - (sum - part)) + (y - part) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.SingleToUInt32Bits(sum);
            }
        }

        return Pack(SoftFloat.Add(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), false, ref c), ref c);
    }

    /// <summary>a - b.</summary>
    public static uint Sub(uint a, uint b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            float x = BitConverter.UInt32BitsToSingle(a), y = -BitConverter.UInt32BitsToSingle(b), sum = x + y;
            if (IsPlain(a) && IsPlain(b) && IsPlain(BitConverter.SingleToUInt32Bits(sum)))
            {
                float part = sum - x;
                if ((x - (sum - part)) + (y - part) != 0)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.SingleToUInt32Bits(sum);
            }
        }

        return Pack(SoftFloat.Add(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), true, ref c), ref c);
    }

    /// <summary>a * b.</summary>
    public static uint Mul(uint a, uint b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b), product = x * y;
            if (IsPlain(a) && IsPlain(b) && (IsMiddling(BitConverter.SingleToUInt32Bits(product)) || IsZero(a) || IsZero(b)))
            {
                if ((double)x * y != product)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.SingleToUInt32Bits(product);
            }
        }

        return Pack(SoftFloat.Multiply(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), ref c), ref c);
    }

    /// <summary>a / b.</summary>
    public static uint Div(uint a, uint b, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven)
        {
            float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b), quotient = x / y;
            if (IsMiddling(b) && ((IsMiddling(a) && IsMiddling(BitConverter.SingleToUInt32Bits(quotient))) || IsZero(a)))
            {
                if ((double)quotient * y != x)
                    c.Raise(FloatFlags.Precision);
                return BitConverter.SingleToUInt32Bits(quotient);
            }
        }

        return Pack(SoftFloat.Divide(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), ref c), ref c);
    }

    /// <summary>The square root of a.</summary>
    public static uint Sqrt(uint a, ref FloatContext c)
    {
        if (c.Rounding == RoundingMode.NearestEven && (a & SignBit) == 0 && IsMiddling(a))
        {
            float x = BitConverter.UInt32BitsToSingle(a), root = MathF.Sqrt(x);
            if ((double)root * root != x)
                c.Raise(FloatFlags.Precision);
            return BitConverter.SingleToUInt32Bits(root);
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
    public static uint Fma(uint a, uint b, uint addend, bool negateProduct, bool negateAddend, ref FloatContext c)
    {
        bool daz = c.DenormalsAreZero;
        return Pack(
            SoftFloat.FusedMultiplyAdd(Unpack(a, daz), Unpack(b, daz), Unpack(addend, daz), negateProduct, negateAddend, ref c), ref c);
    }

    /// <summary>MINSS: the second operand if either is a NaN or both are zero.</summary>
    public static uint Min(uint a, uint b, ref FloatContext c)
    {
        FloatRelation relation = Compare(a, b, quiet: false, ref c);
        return relation == FloatRelation.Less ? FlushOperand(a, c.DenormalsAreZero) : FlushOperand(b, c.DenormalsAreZero);
    }

    /// <summary>MAXSS: the second operand if either is a NaN or both are zero.</summary>
    public static uint Max(uint a, uint b, ref FloatContext c)
    {
        FloatRelation relation = Compare(a, b, quiet: false, ref c);
        return relation == FloatRelation.Greater ? FlushOperand(a, c.DenormalsAreZero) : FlushOperand(b, c.DenormalsAreZero);
    }

    /// <summary>Compares a with b.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="quiet">UCOMI: only signalling NaNs raise IE. COMI: every NaN does.</param>
    /// <param name="c">Control and flags.</param>
    public static FloatRelation Compare(uint a, uint b, bool quiet, ref FloatContext c) =>
        SoftFloat.Compare(Unpack(a, c.DenormalsAreZero), Unpack(b, c.DenormalsAreZero), quiet, ref c);

    /// <summary>CMPSS and VCMPSS: whether the predicate (0 to 31) holds.</summary>
    public static bool Compare(uint a, uint b, int predicate, ref FloatContext c) =>
        SoftFloat.Satisfies(Compare(a, b, SoftFloat.IsQuiet(predicate), ref c), predicate);

    /// <summary>ROUNDSS: rounds to an integral value; DE is never raised.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">The mode, from the immediate or from MXCSR.</param>
    /// <param name="suppressPrecision">Bit 3 of the immediate: PE is not raised.</param>
    /// <param name="c">Control and flags.</param>
    public static uint RoundToIntegral(uint a, RoundingMode mode, bool suppressPrecision, ref FloatContext c) =>
        Pack(SoftFloat.RoundToIntegral(Unpack(a, c.DenormalsAreZero), mode, suppressPrecision, ref c), ref c);

    /// <summary>Takes raw bits apart.</summary>
    /// <param name="a">The raw bits.</param>
    /// <param name="denormalsAreZero">Whether a denormal is read as zero.</param>
    public static Unpacked Unpack(uint a, bool denormalsAreZero)
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
    public static uint Pack(in Unpacked v, ref FloatContext c)
    {
        uint sign = v.Sign ? SignBit : 0;
        switch (v.Class)
        {
            case FloatClass.Finite:
                Rounded rounded = SoftFloat.Round(v, Precision, 1 - Bias, Bias, ref c);
                int biased = (long)rounded.Significand < 0 ? rounded.Exponent + Bias : 0;
                return sign | ((uint)(biased & MaxBiased) << FractionBits) | ((uint)(rounded.Significand >> (64 - Precision)) & FractionMask);
            case FloatClass.Zero:
                return sign;
            case FloatClass.Infinity:
                return sign | ((uint)MaxBiased << FractionBits);
            default:
                return sign | ((uint)MaxBiased << FractionBits) | ((uint)(v.High >> (64 - Precision)) & FractionMask);
        }
    }

    /// <summary>A denormal operand as DAZ delivers it through MIN and MAX: a zero of the same sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FlushOperand(uint a, bool denormalsAreZero) =>
        denormalsAreZero && (a & ((uint)MaxBiased << FractionBits)) == 0 ? a & SignBit : a;

    /// <summary>
    /// Whether the exponent keeps clear of both ends of the range, so that neither the operation nor its error term
    /// can overflow or become denormal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMiddling(uint a) => ((uint)(a >> FractionBits) & MaxBiased) - 32u < 190u;

    /// <summary>Of either sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsZero(uint a) => a << 1 == 0;

    /// <summary>Zero or comfortably normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(uint a) => IsMiddling(a) || IsZero(a);
}
