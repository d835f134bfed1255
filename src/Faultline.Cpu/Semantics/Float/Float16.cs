namespace Faultline.Cpu.Semantics.Float;

/// <summary>The 16-bit format, which x86-64-v3 only converts from and to (F16C).</summary>
internal static class Float16
{
    private const int Precision = 11;
    private const int Bias = 15;
    private const int MaxBiased = 0x1F;

    /// <summary>VCVTPH2PS: widens to 32 bits, exactly. Denormals are neither flushed nor reported (SDM Vol. 2).</summary>
    public static uint ToFloat32(ushort a, ref FloatContext c)
    {
        Unpacked value = Unpack(a);
        return Float32.Pack(value.IsNaN ? SoftFloat.PropagateNaN(value, ref c) : value, ref c);
    }

    /// <summary>Takes raw bits apart.</summary>
    public static Unpacked Unpack(ushort a)
    {
        bool sign = (a & 0x8000) != 0;
        int biased = (a >> 10) & MaxBiased;
        ulong fraction = (ulong)(a & 0x3FF) << (64 - Precision);
        if (biased == MaxBiased)
        {
            if (fraction == 0)
                return Unpacked.Infinity(sign);
            FloatClass nan = (fraction & (1UL << 62)) != 0 ? FloatClass.QuietNaN : FloatClass.SignalingNaN;
            return new Unpacked { Sign = sign, Class = nan, High = fraction | (1UL << 63) };
        }

        if (biased != 0)
            return Unpacked.Finite(sign, biased - Bias, fraction | (1UL << 63), 0);
        return fraction == 0 ? Unpacked.Zero(sign) : SoftFloat.Normalize(sign, 1 - Bias, fraction, 0);
    }

    /// <summary>Rounds an exact result and puts it into raw bits.</summary>
    public static ushort Pack(in Unpacked v, ref FloatContext c)
    {
        int sign = v.Sign ? 0x8000 : 0;
        switch (v.Class)
        {
            case FloatClass.Finite:
                Rounded rounded = SoftFloat.Round(v, Precision, 1 - Bias, Bias, ref c);
                int biased = (long)rounded.Significand < 0 ? rounded.Exponent + Bias : 0;
                return (ushort)(sign | ((biased & MaxBiased) << 10) | ((int)(rounded.Significand >> (64 - Precision)) & 0x3FF));
            case FloatClass.Zero:
                return (ushort)sign;
            case FloatClass.Infinity:
                return (ushort)(sign | 0x7C00);
            default:
                return (ushort)(sign | 0x7C00 | ((int)(v.High >> (64 - Precision)) & 0x3FF));
        }
    }
}
