using System.Numerics;

namespace Faultline.Cpu.Semantics.Float;

/// <content>Conversions from and to the other formats.</content>
internal readonly partial record struct Float80
{
    /// <summary>FLD m32: exact; a signalling NaN raises IE, a denormal DE.</summary>
    public static Float80 FromFloat32(uint a, ref FloatContext c) =>
        Pack(SoftFloat.ConvertOperand(Float32.Unpack(a, false), ref c), ref c);

    /// <summary>FLD m64: exact; a signalling NaN raises IE, a denormal DE.</summary>
    public static Float80 FromFloat64(ulong a, ref FloatContext c) =>
        Pack(SoftFloat.ConvertOperand(Float64.Unpack(a, false), ref c), ref c);

    /// <summary>FILD: exact.</summary>
    public static Float80 FromInt64(long value)
    {
        if (value == 0)
            return Zero;
        ulong magnitude = value < 0 ? 0 - (ulong)value : (ulong)value;
        int shift = BitOperations.LeadingZeroCount(magnitude);
        return new Float80(magnitude << shift, (ushort)((value < 0 ? 0x8000 : 0) | (Bias + 63 - shift)));
    }

    /// <summary>FST m32. After an unmasked IE, OE or UE nothing must be stored.</summary>
    public static uint ToFloat32(Float80 a, ref FloatContext c) => Float32.Pack(StoreOperand(a, ref c), ref c);

    /// <summary>FST m64. After an unmasked IE, OE or UE nothing must be stored.</summary>
    public static ulong ToFloat64(Float80 a, ref FloatContext c) => Float64.Pack(StoreOperand(a, ref c), ref c);

    /// <summary>FIST m16 and FISTTP m16: -32768 and IE for NaNs and values out of range.</summary>
    public static short ToInt16(Float80 a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(a.Unpack(), mode, 0x7FFF, 0x8000, ref c, out ulong magnitude)
            ? (short)(a.IsNegative ? 0 - magnitude : magnitude)
            : short.MinValue;

    /// <summary>FIST m32 and FISTTP m32: -2^31 and IE for NaNs and values out of range.</summary>
    public static int ToInt32(Float80 a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(a.Unpack(), mode, int.MaxValue, 1UL << 31, ref c, out ulong magnitude)
            ? (int)(a.IsNegative ? 0 - magnitude : magnitude)
            : int.MinValue;

    /// <summary>FISTP m64 and FISTTP m64: -2^63 and IE for NaNs and values out of range.</summary>
    public static long ToInt64(Float80 a, RoundingMode mode, ref FloatContext c) =>
        SoftFloat.TryToInteger(a.Unpack(), mode, long.MaxValue, 1UL << 63, ref c, out ulong magnitude)
            ? (long)(a.IsNegative ? 0 - magnitude : magnitude)
            : long.MinValue;

    /// <summary>FBLD: 18 packed decimal digits. Bits 78:72 are ignored; invalid digits count their binary value.</summary>
    /// <param name="low">Digits 0 to 15, four bits each.</param>
    /// <param name="high">Digits 16 and 17, and the sign in bit 15.</param>
    public static Float80 FromBcd(ulong low, ushort high)
    {
        ulong magnitude = 0;
        for (int digit = 17; digit >= 0; digit--)
            magnitude = (magnitude * 10) + (digit >= 16 ? (ulong)(high >> ((digit - 16) * 4)) & 15 : (low >> (digit * 4)) & 15);
        FloatContext c = new() { Masks = FloatFlags.All };
        return Pack(Unpacked.FromInteger((high & 0x8000) != 0, magnitude), ref c);
    }

    /// <summary>FBSTP: rounds to an integer of 18 digits; packed BCD indefinite and IE for all else.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="high">Digits 16 and 17, and the sign in bit 15.</param>
    /// <param name="c">Control and flags.</param>
    /// <returns>Digits 0 to 15.</returns>
    public static ulong ToBcd(Float80 a, out ushort high, ref FloatContext c)
    {
        const ulong largest = 999_999_999_999_999_999;
        if (!SoftFloat.TryToInteger(a.Unpack(), c.Rounding, largest, largest, ref c, out ulong magnitude))
        {
            high = 0xFFFF;
            return 0xC000000000000000;
        }

        ulong low = 0;
        for (int digit = 0; digit < 16; digit++)
        {
            low |= magnitude % 10 << (digit * 4);
            magnitude /= 10;
        }

        high = (ushort)((a.IsNegative ? 0x8000 : 0) | (int)(magnitude / 10 << 4) | (int)(magnitude % 10));
        return low;
    }

    private static Unpacked StoreOperand(Float80 a, ref FloatContext c)
    {
        // A denormal 80-bit number is tiny in any shorter format: UE and PE say so, DE is not raised.
        Unpacked value = a.Unpack();
        return value.IsNaN ? SoftFloat.PropagateNaN(value, ref c) : value;
    }
}
