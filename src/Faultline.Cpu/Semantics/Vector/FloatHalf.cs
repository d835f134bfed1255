using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Conversions between 16- and 32-bit floats (F16C). Halves come from the low part of their vector, and leave zeros above them.</summary>
internal static unsafe class FloatHalf
{
    /// <summary>How far the fraction of a 32-bit float is above that of a half.</summary>
    private const int Shift = 13;

    // Of halves: the sign, and the least magnitude that is infinite or a NaN.
    private const uint HalfSign = 0x8000;
    private const uint HalfInfinity = 0x7C00;

    // Magnitudes of 32-bit floats: the smallest normal and the largest finite half, and the difference of the biases.
    private const uint SmallestNormal = 0x38800000;
    private const uint Largest = 0x477FE000;
    private const uint Bias = 112U << 23;

    /// <summary>2^112: what is between the biases. It also normalises a denormal half, which as a 32-bit float with that exponent is denormal still.</summary>
    private const float Scale = (float)(1UL << 56) * (1UL << 56);

    /// <summary>VCVTPH2PS to an XMM register; always exact, and only signalling NaNs raise anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToSingle(CpuState* s, Vector128<byte> b)
    {
        Vector128<uint> x = Vector128.WidenLower(b.AsUInt16());
        Vector128<uint> magnitude = x & Vector128.Create(HalfSign - 1);
        Vector128<float> scaled = (magnitude << Shift).AsSingle() * Vector128.Create(Scale);
        Vector128<uint> r = scaled.AsUInt32() | ((x & Vector128.Create(HalfSign)) << 16);
        if (!Vector128.LessThanAll(magnitude, Vector128.Create(HalfInfinity)))
            r = ToSingleSlow(s, b, Vector128<uint>.Count).GetLower().AsUInt32();
        return r.AsByte();
    }

    /// <summary>VCVTPH2PS to a YMM register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ToSingle256(CpuState* s, Vector128<byte> b)
    {
        Vector256<uint> x = Vector256.Create(Vector128.WidenLower(b.AsUInt16()), Vector128.WidenUpper(b.AsUInt16()));
        Vector256<uint> magnitude = x & Vector256.Create(HalfSign - 1);
        Vector256<float> scaled = (magnitude << Shift).AsSingle() * Vector256.Create(Scale);
        Vector256<uint> r = scaled.AsUInt32() | ((x & Vector256.Create(HalfSign)) << 16);
        if (!Vector256.LessThanAll(magnitude, Vector256.Create(HalfInfinity)))
            r = ToSingleSlow(s, b, Vector256<uint>.Count).AsUInt32();
        return r.AsByte();
    }

    /// <summary>VCVTPS2PH from an XMM register; bits 0 and 1 of the immediate are the rounding mode, unless bit 2 leaves it to MXCSR.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FromSingle(CpuState* s, Vector128<byte> b, byte control)
    {
        Vector128<uint> magnitude = b.AsUInt32() & Vector128.Create(0x7FFFFFFFU);
        Vector128<uint> zero = Vector128.Equals(magnitude, default);
        Vector128<uint> plain = Vector128.LessThanOrEqual(magnitude - Vector128.Create(SmallestNormal), Vector128.Create(Largest - SmallestNormal));
        Vector128<uint> odd = (magnitude >> Shift) & Vector128<uint>.One;
        Vector128<uint> half = (magnitude + odd - Vector128.Create(Bias - 0xFFF)) >> Shift;
        Vector128<uint> signed = Vector128.AndNot(half, zero) | ((b.AsUInt32() >> 16) & Vector128.Create(HalfSign));
        Vector128<ushort> r = Vector128.Narrow(signed, default);
        if (!FloatControl.IsFast(s) || !IsNearest(control) || (plain | zero) != Vector128<uint>.AllBitsSet)
            r = FromSingleSlow(s, Vector256.Create(b, default), Vector128<uint>.Count, control).AsUInt16();
        return r.AsByte();
    }

    /// <summary>VCVTPS2PH from a YMM register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FromSingle256(CpuState* s, Vector256<byte> b, byte control)
    {
        Vector256<uint> magnitude = b.AsUInt32() & Vector256.Create(0x7FFFFFFFU);
        Vector256<uint> zero = Vector256.Equals(magnitude, default);
        Vector256<uint> plain = Vector256.LessThanOrEqual(magnitude - Vector256.Create(SmallestNormal), Vector256.Create(Largest - SmallestNormal));
        Vector256<uint> odd = (magnitude >> Shift) & Vector256<uint>.One;
        Vector256<uint> half = (magnitude + odd - Vector256.Create(Bias - 0xFFF)) >> Shift;
        Vector256<uint> signed = Vector256.AndNot(half, zero) | ((b.AsUInt32() >> 16) & Vector256.Create(HalfSign));
        Vector128<ushort> r = Vector128.Narrow(signed.GetLower(), signed.GetUpper());
        if (!FloatControl.IsFast(s) || !IsNearest(control) || (plain | zero) != Vector256<uint>.AllBitsSet)
            r = FromSingleSlow(s, b, Vector256<uint>.Count, control).AsUInt16();
        return r.AsByte();
    }

    /// <summary>Whether the immediate asks for rounding to nearest, given that MXCSR does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNearest(byte control) => (control & 7) is 0 or >= 4;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> ToSingleSlow(CpuState* s, Vector128<byte> b, int count)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < count; i++)
            ((uint*)&r)[i] = Float16.ToFloat32(((ushort*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> FromSingleSlow(CpuState* s, Vector256<byte> b, int count, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        Vector128<byte> r = default;
        for (int i = 0; i < count; i++)
            ((ushort*)&r)[i] = Float32.ToFloat16(((uint*)&b)[i], mode, ref c);
        FloatControl.Finish(s, c);
        return r;
    }
}
