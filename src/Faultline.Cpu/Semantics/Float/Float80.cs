namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// The x87's double extended-precision format: a 64-bit significand with an explicit integer bit, and a sign with a
/// 15-bit exponent of bias 16383.
/// </summary>
/// <param name="Significand">The significand, bit 63 its integer bit.</param>
/// <param name="SignExponent">Bit 15 the sign, bits 14:0 the biased exponent.</param>
internal readonly partial record struct Float80(ulong Significand, ushort SignExponent)
{
    private const int Bias = 16383;
    private const int MaxBiased = 0x7FFF;
    private const ulong IntegerBit = 1UL << 63;

    /// <summary>The default NaN ("real indefinite"), also the masked response to stack faults.</summary>
    public static Float80 Indefinite => new(0xC000000000000000, 0xFFFF);

    /// <summary>Plus zero.</summary>
    public static Float80 Zero => default;

    /// <summary>Plus one.</summary>
    public static Float80 One => new(IntegerBit, Bias);

    /// <summary>Whether the sign bit is set, whatever the value is.</summary>
    public bool IsNegative => (SignExponent & 0x8000) != 0;

    /// <summary>The biased exponent.</summary>
    public int BiasedExponent => SignExponent & MaxBiased;

    /// <summary>FCHS: turns the sign of any encoding.</summary>
    public Float80 Negate() => new(Significand, (ushort)(SignExponent ^ 0x8000));

    /// <summary>FABS: clears the sign of any encoding.</summary>
    public Float80 Abs() => new(Significand, (ushort)(SignExponent & 0x7FFF));

    /// <summary>Takes the number apart. Pseudo-denormals read as the denormals they stand for.</summary>
    public Unpacked Unpack()
    {
        bool sign = IsNegative;
        int biased = BiasedExponent;
        if (biased == 0)
        {
            if (Significand == 0)
                return Unpacked.Zero(sign);
            Unpacked denormal = SoftFloat.Normalize(sign, 1 - Bias, Significand, 0);
            denormal.IsDenormal = true;
            return denormal;
        }

        if ((Significand & IntegerBit) == 0)
            return new Unpacked { Sign = sign, Class = FloatClass.Unsupported };
        if (biased != MaxBiased)
            return Unpacked.Finite(sign, biased - Bias, Significand, 0);
        if (Significand == IntegerBit)
            return Unpacked.Infinity(sign);
        FloatClass nan = (Significand & (1UL << 62)) != 0 ? FloatClass.QuietNaN : FloatClass.SignalingNaN;
        return new Unpacked { Sign = sign, Class = nan, High = Significand };
    }

    /// <summary>Rounds an exact result to the full 64 bits, whatever the precision control says.</summary>
    public static Float80 Pack(in Unpacked v, ref FloatContext c) => Pack(v, 64, ref c);

    /// <summary>Rounds an exact result to a number of significand bits, within the full exponent range.</summary>
    /// <param name="v">The exact result.</param>
    /// <param name="precision">24, 53 or 64: the precision control.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Pack(in Unpacked v, int precision, ref FloatContext c)
    {
        int sign = v.Sign ? 0x8000 : 0;
        switch (v.Class)
        {
            case FloatClass.Finite:
                Rounded rounded = SoftFloat.Round(v, precision, 1 - Bias, Bias, ref c);
                int biased = (long)rounded.Significand < 0 ? rounded.Exponent + Bias : 0;
                return new Float80(rounded.Significand, (ushort)(sign | (biased & MaxBiased)));
            case FloatClass.Zero:
                return new Float80(0, (ushort)sign);
            case FloatClass.Infinity:
                return new Float80(IntegerBit, (ushort)(sign | MaxBiased));
            default:
                return new Float80(v.High, (ushort)(sign | MaxBiased));
        }
    }
}
