using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Conversions of one element: between the formats, and from and to general registers.</summary>
internal static unsafe class FloatConvertScalar
{
    /// <summary>CVTSI2SD from 32 bits; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int32ToDouble(CpuState* s, Vector128<byte> a, uint b) => FloatSd.Replace(a, (double)(int)b);

    /// <summary>CVTSI2SD from 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int64ToDouble(CpuState* s, Vector128<byte> a, ulong b) =>
        (b + (1UL << 53) <= 1UL << 54 || FloatControl.IsPrecisionFast(s)
            ? a.AsDouble().WithElement(0, (double)(long)b)
            : Int64ToDoubleSlow(s, a, b).AsDouble()).AsByte();

    /// <summary>CVTSI2SS from 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int32ToSingle(CpuState* s, Vector128<byte> a, uint b) =>
        (b + (1U << 24) <= 1U << 25 || FloatControl.IsPrecisionFast(s)
            ? a.AsSingle().WithElement(0, (float)(int)b)
            : Int64ToSingleSlow(s, a, (ulong)(int)b).AsSingle()).AsByte();

    /// <summary>CVTSI2SS from 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Int64ToSingle(CpuState* s, Vector128<byte> a, ulong b) =>
        (b + (1UL << 24) <= 1UL << 25 || FloatControl.IsPrecisionFast(s)
            ? a.AsSingle().WithElement(0, (float)(long)b)
            : Int64ToSingleSlow(s, a, b).AsSingle()).AsByte();

    /// <summary>CVTSD2SI to 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DoubleToInt32(CpuState* s, Vector128<byte> b)
    {
        double x = FloatSd.Value(b);
        if (Math.Abs(x) < 2147483647.0)
        {
            int r = double.ConvertToIntegerNative<int>(Math.Round(x));
            if (r == x || FloatControl.IsPrecisionFast(s))
                return (uint)r;
        }

        return DoubleToInt32Slow(s, b, truncate: false);
    }

    /// <summary>CVTSD2SI to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DoubleToInt64(CpuState* s, Vector128<byte> b)
    {
        double x = FloatSd.Value(b);
        if (Math.Abs(x) < 9223372036854775808.0)
        {
            long r = double.ConvertToIntegerNative<long>(Math.Round(x));
            if (r == x || FloatControl.IsPrecisionFast(s))
                return (ulong)r;
        }

        return DoubleToInt64Slow(s, b, truncate: false);
    }

    /// <summary>CVTTSD2SI to 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint TruncateDoubleToInt32(CpuState* s, Vector128<byte> b)
    {
        double x = FloatSd.Value(b);
        if (Math.Abs(x) < 2147483648.0)
        {
            int r = double.ConvertToIntegerNative<int>(x);
            if (r == x || FloatControl.IsTruncationFast(s))
                return (uint)r;
        }

        return DoubleToInt32Slow(s, b, truncate: true);
    }

    /// <summary>CVTTSD2SI to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TruncateDoubleToInt64(CpuState* s, Vector128<byte> b)
    {
        double x = FloatSd.Value(b);
        if (Math.Abs(x) < 9223372036854775808.0)
        {
            long r = double.ConvertToIntegerNative<long>(x);
            if (r == x || FloatControl.IsTruncationFast(s))
                return (ulong)r;
        }

        return DoubleToInt64Slow(s, b, truncate: true);
    }

    /// <summary>CVTSS2SI to 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SingleToInt32(CpuState* s, Vector128<byte> b)
    {
        float x = FloatSs.Value(b);
        if (MathF.Abs(x) < 2147483648f)
        {
            int r = float.ConvertToIntegerNative<int>(MathF.Round(x));
            if ((double)r == x || FloatControl.IsPrecisionFast(s))
                return (uint)r;
        }

        return SingleToInt32Slow(s, b, truncate: false);
    }

    /// <summary>CVTSS2SI to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SingleToInt64(CpuState* s, Vector128<byte> b)
    {
        float x = FloatSs.Value(b);
        if (MathF.Abs(x) < 9223372036854775808f)
        {
            long r = float.ConvertToIntegerNative<long>(MathF.Round(x));
            if ((double)r == x || FloatControl.IsPrecisionFast(s))
                return (ulong)r;
        }

        return SingleToInt64Slow(s, b, truncate: false);
    }

    /// <summary>CVTTSS2SI to 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint TruncateSingleToInt32(CpuState* s, Vector128<byte> b)
    {
        float x = FloatSs.Value(b);
        if (MathF.Abs(x) < 2147483648f)
        {
            int r = float.ConvertToIntegerNative<int>(x);
            if ((double)r == x || FloatControl.IsTruncationFast(s))
                return (uint)r;
        }

        return SingleToInt32Slow(s, b, truncate: true);
    }

    /// <summary>CVTTSS2SI to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TruncateSingleToInt64(CpuState* s, Vector128<byte> b)
    {
        float x = FloatSs.Value(b);
        if (MathF.Abs(x) < 9223372036854775808f)
        {
            long r = float.ConvertToIntegerNative<long>(x);
            if ((double)r == x || FloatControl.IsTruncationFast(s))
                return (ulong)r;
        }

        return SingleToInt64Slow(s, b, truncate: true);
    }

    /// <summary>CVTSS2SD; always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SingleToDouble(CpuState* s, Vector128<byte> a, Vector128<byte> b) =>
        (FloatControl.IsOrdinary(FloatSs.Bits(b)) ? a.AsDouble().WithElement(0, (double)FloatSs.Value(b)) : SingleToDoubleSlow(s, a, b).AsDouble()).AsByte();

    /// <summary>CVTSD2SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DoubleToSingle(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        float r = (float)FloatSd.Value(b);
        return (FloatControl.IsResult(FloatSs.Bits(r)) && (r == FloatSd.Value(b) || FloatControl.IsFast(s))
            ? a.AsSingle().WithElement(0, r)
            : DoubleToSingleSlow(s, a, b).AsSingle()).AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Int64ToDoubleSlow(CpuState* s, Vector128<byte> a, ulong b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        ulong r = Float64.FromInt64((long)b, ref c);
        FloatControl.Finish(s, c);
        return FloatSd.Replace(a, r);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Int64ToSingleSlow(CpuState* s, Vector128<byte> a, ulong b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        uint r = Float32.FromInt64((long)b, ref c);
        FloatControl.Finish(s, c);
        return FloatSs.Replace(a, r);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint DoubleToInt32Slow(CpuState* s, Vector128<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        int r = Float64.ToInt32(FloatSd.Bits(b), truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return (uint)r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong DoubleToInt64Slow(CpuState* s, Vector128<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        long r = Float64.ToInt64(FloatSd.Bits(b), truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return (ulong)r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint SingleToInt32Slow(CpuState* s, Vector128<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        int r = Float32.ToInt32(FloatSs.Bits(b), truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return (uint)r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SingleToInt64Slow(CpuState* s, Vector128<byte> b, bool truncate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        long r = Float32.ToInt64(FloatSs.Bits(b), truncate ? RoundingMode.TowardZero : c.Rounding, ref c);
        FloatControl.Finish(s, c);
        return (ulong)r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> SingleToDoubleSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        ulong r = Float32.ToFloat64(FloatSs.Bits(b), ref c);
        FloatControl.Finish(s, c);
        return FloatSd.Replace(a, r);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> DoubleToSingleSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        uint r = Float64.ToFloat32(FloatSd.Bits(b), ref c);
        FloatControl.Finish(s, c);
        return FloatSs.Replace(a, r);
    }
}
