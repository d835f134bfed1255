using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Conversions from or to 256-bit vectors. See <see cref="FloatConvertPacked"/>.</summary>
internal static unsafe class FloatConvertPacked256
{
    /// <summary>VCVTDQ2PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Int32ToSingle(CpuState* s, Vector256<byte> b) =>
        (FloatControl.IsPrecisionFast(s) ? Vector256.ConvertToSingle(b.AsInt32()) : Int32ToSingleSlow(s, b).AsSingle()).AsByte();

    /// <summary>VCVTDQ2PD; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Int32ToDouble(CpuState* s, Vector128<byte> b)
    {
        Vector128<int> x = b.AsInt32();
        return Avx.IsSupported
            ? Avx.ConvertToVector256Double(x).AsByte()
            : Vector256.Create((double)x.ToScalar(), (double)x.GetElement(1), (double)x.GetElement(2), (double)x.GetElement(3)).AsByte();
    }

    /// <summary>VCVTPS2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SingleToInt32(CpuState* s, Vector256<byte> b) =>
        (FloatControl.IsPrecisionFast(s) && Vector256.LessThanAll(Vector256.Abs(b.AsSingle()), Vector256.Create(2147483648f))
            ? Vector256.ConvertToInt32Native(Vector256.Round(b.AsSingle()))
            : SingleToInt32Slow(s, b, truncate: false).AsInt32()).AsByte();

    /// <summary>VCVTTPS2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> TruncateSingleToInt32(CpuState* s, Vector256<byte> b) =>
        (FloatControl.IsTruncationFast(s) && Vector256.LessThanAll(Vector256.Abs(b.AsSingle()), Vector256.Create(2147483648f))
            ? Vector256.ConvertToInt32Native(b.AsSingle())
            : SingleToInt32Slow(s, b, truncate: true).AsInt32()).AsByte();

    /// <summary>VCVTPD2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DoubleToInt32(CpuState* s, Vector256<byte> b) =>
        (FloatControl.IsPrecisionFast(s) && Vector256.LessThanAll(Vector256.Abs(b.AsDouble()), Vector256.Create(2147483647.0))
            ? Integers(Vector256.Round(b.AsDouble()))
            : DoubleToInt32Slow(s, b, truncate: false).AsInt32()).AsByte();

    /// <summary>VCVTTPD2DQ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TruncateDoubleToInt32(CpuState* s, Vector256<byte> b) =>
        (FloatControl.IsTruncationFast(s) && Vector256.LessThanAll(Vector256.Abs(b.AsDouble()), Vector256.Create(2147483648.0))
            ? Integers(b.AsDouble())
            : DoubleToInt32Slow(s, b, truncate: true).AsInt32()).AsByte();

    /// <summary>VCVTPS2PD; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SingleToDouble(CpuState* s, Vector128<byte> b) =>
        (FloatControl.AreOrdinary(b.AsSingle(), b.AsSingle())
            ? Vector256.Create(Vector128.WidenLower(b.AsSingle()), Vector128.WidenUpper(b.AsSingle()))
            : SingleToDoubleSlow(s, b).AsDouble()).AsByte();

    /// <summary>VCVTPD2PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DoubleToSingle(CpuState* s, Vector256<byte> b)
    {
        Vector128<float> r = Vector128.Narrow(b.AsDouble().GetLower(), b.AsDouble().GetUpper());
        if (!FloatControl.IsFast(s) || !FloatControl.AreResults(r))
            r = DoubleToSingleSlow(s, b).AsSingle();
        return r.AsByte();
    }

    /// <summary>Truncates to 32-bit integers, which every element must fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Integers(Vector256<double> x) =>
        Avx.IsSupported
            ? Avx.ConvertToVector128Int32WithTruncation(x)
            : Vector128.Create((int)x.GetElement(0), (int)x.GetElement(1), (int)x.GetElement(2), (int)x.GetElement(3));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Int32ToSingleSlow(CpuState* s, Vector256<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<int>.Count; i++)
            ((uint*)&r)[i] = Float32.FromInt32(((int*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> SingleToInt32Slow(CpuState* s, Vector256<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<int>.Count; i++)
            ((int*)&r)[i] = Float32.ToInt32(((uint*)&b)[i], truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> DoubleToInt32Slow(CpuState* s, Vector256<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<int>.Count; i++)
            ((int*)&r)[i] = Float64.ToInt32(((ulong*)&b)[i], truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> SingleToDoubleSlow(CpuState* s, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            ((ulong*)&r)[i] = Float32.ToFloat64(((uint*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> DoubleToSingleSlow(CpuState* s, Vector256<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<uint>.Count; i++)
            ((uint*)&r)[i] = Float64.ToFloat32(((ulong*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }
}
