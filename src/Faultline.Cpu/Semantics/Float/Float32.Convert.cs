namespace Faultline.Cpu.Semantics.Float;

/// <content>Conversions.</content>
internal static partial class Float32
{
    /// <summary>CVTSS2SI r32: 0x80000000 and IE for NaNs and values out of range.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">MXCSR's rounding mode, or truncation for the CVTT forms.</param>
    /// <param name="c">Control and flags.</param>
    public static int ToInt32(uint a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, int.MaxValue, 1UL << 31, ref c, out ulong magnitude)
            ? (int)Negate(a, magnitude)
            : int.MinValue;

    /// <summary>CVTSS2SI r64: 0x8000000000000000 and IE for NaNs and values out of range.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">MXCSR's rounding mode, or truncation for the CVTT forms.</param>
    /// <param name="c">Control and flags.</param>
    public static long ToInt64(uint a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, long.MaxValue, 1UL << 63, ref c, out ulong magnitude)
            ? Negate(a, magnitude)
            : long.MinValue;

    /// <summary>VCVTSS2USI r32: all ones and IE for NaNs and values out of range.</summary>
    public static uint ToUInt32(uint a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, uint.MaxValue, 0, ref c, out ulong magnitude)
            ? (uint)magnitude
            : uint.MaxValue;

    /// <summary>VCVTSS2USI r64: all ones and IE for NaNs and values out of range.</summary>
    public static ulong ToUInt64(uint a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, ulong.MaxValue, 0, ref c, out ulong magnitude)
            ? magnitude
            : ulong.MaxValue;

    /// <summary>CVTSI2SS from 32 bits.</summary>
    public static uint FromInt32(int value, ref FloatContext c) => FromInt64(value, ref c);

    /// <summary>CVTSI2SS from 64 bits.</summary>
    public static uint FromInt64(long value, ref FloatContext c) =>
        Pack(value == 0 ? Unpacked.Zero(false) : Unpacked.FromInteger(value < 0, value < 0 ? (ulong)-value : (ulong)value), ref c);

    /// <summary>VCVTUSI2SS from 32 bits.</summary>
    public static uint FromUInt32(uint value, ref FloatContext c) => Pack(Unpacked.FromInteger(false, value), ref c);

    /// <summary>VCVTUSI2SS from 64 bits.</summary>
    public static uint FromUInt64(ulong value, ref FloatContext c) => Pack(Unpacked.FromInteger(false, value), ref c);

    /// <summary>CVTSS2SD: widens to 64 bits, exactly.</summary>
    public static ulong ToFloat64(uint a, ref FloatContext c) =>
        Float64.Pack(SoftFloat.ConvertOperand(Unpack(a, c.DenormalsAreZero), ref c), ref c);

    /// <summary>VCVTPS2PH: narrows to 16 bits. MXCSR.FZ has no effect (SDM Vol. 2, VCVTPS2PH).</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">The mode, from the immediate or from MXCSR.</param>
    /// <param name="c">Control and flags.</param>
    public static ushort ToFloat16(uint a, RoundingMode mode, ref FloatContext c)
    {
        FloatContext inner = c;
        inner.Rounding = mode;
        inner.FlushToZero = false;
        ushort result = Float16.Pack(SoftFloat.ConvertOperand(Unpack(a, c.DenormalsAreZero), ref inner), ref inner);
        c.Flags = inner.Flags;
        return result;
    }

    private static long Negate(uint a, ulong magnitude) => (a & SignBit) != 0 ? (long)(0 - magnitude) : (long)magnitude;
}
