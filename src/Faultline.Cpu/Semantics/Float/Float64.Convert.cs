namespace Faultline.Cpu.Semantics.Float;

/// <content>Conversions.</content>
internal static partial class Float64
{
    /// <summary>CVTSD2SI r32: 0x80000000 and IE for NaNs and values out of range.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">MXCSR's rounding mode, or truncation for the CVTT forms.</param>
    /// <param name="c">Control and flags.</param>
    public static int ToInt32(ulong a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, int.MaxValue, 1UL << 31, ref c, out ulong magnitude)
            ? (int)Negate(a, magnitude)
            : int.MinValue;

    /// <summary>CVTSD2SI r64: 0x8000000000000000 and IE for NaNs and values out of range.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="mode">MXCSR's rounding mode, or truncation for the CVTT forms.</param>
    /// <param name="c">Control and flags.</param>
    public static long ToInt64(ulong a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, long.MaxValue, 1UL << 63, ref c, out ulong magnitude)
            ? Negate(a, magnitude)
            : long.MinValue;

    /// <summary>VCVTSD2USI r32: all ones and IE for NaNs and values out of range.</summary>
    public static uint ToUInt32(ulong a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, uint.MaxValue, 0, ref c, out ulong magnitude)
            ? (uint)magnitude
            : uint.MaxValue;

    /// <summary>VCVTSD2USI r64: all ones and IE for NaNs and values out of range.</summary>
    public static ulong ToUInt64(ulong a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(Unpack(a, c.DenormalsAreZero), mode, ulong.MaxValue, 0, ref c, out ulong magnitude)
            ? magnitude
            : ulong.MaxValue;

    /// <summary>CVTSI2SD from 32 bits.</summary>
    public static ulong FromInt32(int value, ref FloatContext c) => FromInt64(value, ref c);

    /// <summary>CVTSI2SD from 64 bits.</summary>
    public static ulong FromInt64(long value, ref FloatContext c) =>
        Pack(value == 0 ? Unpacked.Zero(false) : Unpacked.FromInteger(value < 0, value < 0 ? (ulong)-value : (ulong)value), ref c);

    /// <summary>VCVTUSI2SD from 32 bits.</summary>
    public static ulong FromUInt32(uint value, ref FloatContext c) => Pack(Unpacked.FromInteger(false, value), ref c);

    /// <summary>VCVTUSI2SD from 64 bits.</summary>
    public static ulong FromUInt64(ulong value, ref FloatContext c) => Pack(Unpacked.FromInteger(false, value), ref c);

    /// <summary>CVTSD2SS: narrows to 32 bits.</summary>
    public static uint ToFloat32(ulong a, ref FloatContext c) =>
        Float32.Pack(SoftFloat.ConvertOperand(Unpack(a, c.DenormalsAreZero), ref c), ref c);

    private static long Negate(ulong a, ulong magnitude) => (a & SignBit) != 0 ? (long)(0 - magnitude) : (long)magnitude;
}
