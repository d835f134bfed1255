using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Conversions of all elements of a vector: between the formats, and from and to 32-bit integers. Narrower results leave the upper half zero.</summary>
internal static unsafe class FloatConvertPacked
{
    /// <summary>CVTDQ2PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int32ToSingle(CpuState* s, Vector128<byte> b) =>
        (FloatControl.IsPrecisionFast(s) ? Vector128.ConvertToSingle(b.AsInt32()) : Int32ToSingleSlow(s, b).AsSingle()).AsByte();

    /// <summary>CVTDQ2PD; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int32ToDouble(CpuState* s, Vector128<byte> b) =>
        Vector128.Create((double)b.AsInt32().ToScalar(), (double)b.AsInt32().GetElement(1)).AsByte();

    /// <summary>CVTPS2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SingleToInt32(CpuState* s, Vector128<byte> b) =>
        (FloatControl.IsPrecisionFast(s) && Vector128.LessThanAll(Vector128.Abs(b.AsSingle()), Vector128.Create(2147483648f))
            ? Vector128.ConvertToInt32Native(Vector128.Round(b.AsSingle()))
            : SingleToInt32Slow(s, b, 4, truncate: false).AsInt32()).AsByte();

    /// <summary>CVTTPS2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TruncateSingleToInt32(CpuState* s, Vector128<byte> b) =>
        (FloatControl.IsTruncationFast(s) && Vector128.LessThanAll(Vector128.Abs(b.AsSingle()), Vector128.Create(2147483648f))
            ? Vector128.ConvertToInt32Native(b.AsSingle())
            : SingleToInt32Slow(s, b, 4, truncate: true).AsInt32()).AsByte();

    /// <summary>CVTPD2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DoubleToInt32(CpuState* s, Vector128<byte> b)
    {
        Vector128<double> x = b.AsDouble();
        return (FloatControl.IsPrecisionFast(s) && Vector128.LessThanAll(Vector128.Abs(x), Vector128.Create(2147483647.0))
            ? Pair((uint)double.ConvertToIntegerNative<int>(Math.Round(x.ToScalar())), (uint)double.ConvertToIntegerNative<int>(Math.Round(x.GetElement(1))))
            : DoubleToInt32Slow(s, b, truncate: false).AsUInt64()).AsByte();
    }

    /// <summary>CVTTPD2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TruncateDoubleToInt32(CpuState* s, Vector128<byte> b)
    {
        Vector128<double> x = b.AsDouble();
        return (FloatControl.IsTruncationFast(s) && Vector128.LessThanAll(Vector128.Abs(x), Vector128.Create(2147483648.0))
            ? Pair((uint)double.ConvertToIntegerNative<int>(x.ToScalar()), (uint)double.ConvertToIntegerNative<int>(x.GetElement(1)))
            : DoubleToInt32Slow(s, b, truncate: true).AsUInt64()).AsByte();
    }

    /// <summary>CVTPS2PD; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SingleToDouble(CpuState* s, Vector128<byte> b)
    {
        float low = b.AsSingle().ToScalar(), high = b.AsSingle().GetElement(1);
        return (FloatControl.IsOrdinary(BitConverter.SingleToUInt32Bits(low)) && FloatControl.IsOrdinary(BitConverter.SingleToUInt32Bits(high))
            ? Vector128.Create((double)low, (double)high)
            : SingleToDoubleSlow(s, b).AsDouble()).AsByte();
    }

    /// <summary>CVTPD2PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DoubleToSingle(CpuState* s, Vector128<byte> b)
    {
        uint low = BitConverter.SingleToUInt32Bits((float)b.AsDouble().ToScalar());
        uint high = BitConverter.SingleToUInt32Bits((float)b.AsDouble().GetElement(1));
        return (FloatControl.IsFast(s) && FloatControl.IsResult(low) && FloatControl.IsResult(high) ? Pair(low, high) : DoubleToSingleSlow(s, b).AsUInt64()).AsByte();
    }

    /// <summary>CVTPS2PI and CVTTPS2PI: both elements as CVTPS2DQ converts them, in the low half.</summary>
    public static ulong SinglePairToInt32(CpuState* s, Vector128<byte> b, bool truncate) => SingleToInt32Slow(s, b, 2, truncate).AsUInt64().ToScalar();

    /// <summary>CVTPI2PS: the low two integers, with the upper half of the first operand.</summary>
    public static Vector128<byte> Int32PairToSingle(CpuState* s, Vector128<byte> a, ulong b)
    {
        Vector128<byte> r = Int32ToSingle(s, Vector128.CreateScalar(b).AsByte());
        return a.AsUInt64().WithElement(0, r.AsUInt64().ToScalar()).AsByte();
    }

    private static Vector128<ulong> Pair(uint low, uint high) => Vector128.CreateScalar(low | ((ulong)high << 32));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Int32ToSingleSlow(CpuState* s, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<uint> r = default;
        for (int i = 0; i < 4; i++)
            r = r.WithElement(i, Float32.FromInt32(b.AsInt32()[i], ref c));
        FloatControl.Finish(s, c);
        return r.AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> SingleToInt32Slow(CpuState* s, Vector128<byte> b, int count, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<int> r = default;
        for (int i = 0; i < count; i++)
            r = r.WithElement(i, Float32.ToInt32(b.AsUInt32()[i], truncate ? RoundingMode.TowardZero : c.Rounding, ref c));
        FloatControl.Finish(s, c);
        return r.AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> DoubleToInt32Slow(CpuState* s, Vector128<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = truncate ? RoundingMode.TowardZero : c.Rounding;
        uint low = (uint)Float64.ToInt32(b.AsUInt64()[0], mode, ref c);
        uint high = (uint)Float64.ToInt32(b.AsUInt64()[1], mode, ref c);
        FloatControl.Finish(s, c);
        return Pair(low, high).AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> SingleToDoubleSlow(CpuState* s, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        ulong low = Float32.ToFloat64(b.AsUInt32()[0], ref c);
        ulong high = Float32.ToFloat64(b.AsUInt32()[1], ref c);
        FloatControl.Finish(s, c);
        return Vector128.Create(low, high).AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> DoubleToSingleSlow(CpuState* s, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        uint low = Float64.ToFloat32(b.AsUInt64()[0], ref c);
        uint high = Float64.ToFloat32(b.AsUInt64()[1], ref c);
        FloatControl.Finish(s, c);
        return Pair(low, high).AsByte();
    }
}
