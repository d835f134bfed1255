using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on the low 64-bit element; the rest of the first operand stays. See <see cref="FloatControl"/> for the two paths.</summary>
internal static unsafe class FloatSd
{
    /// <summary>ADDSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble();
        Vector128<double> r = Sse2.IsSupported ? Sse2.AddScalar(x, y) : x.WithElement(0, Value(a) + Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float64.Add).AsDouble();
        return r.AsByte();
    }

    /// <summary>SUBSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble();
        Vector128<double> r = Sse2.IsSupported ? Sse2.SubtractScalar(x, y) : x.WithElement(0, Value(a) - Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float64.Sub).AsDouble();
        return r.AsByte();
    }

    /// <summary>MULSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble();
        Vector128<double> r = Sse2.IsSupported ? Sse2.MultiplyScalar(x, y) : x.WithElement(0, Value(a) * Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float64.Mul).AsDouble();
        return r.AsByte();
    }

    /// <summary>DIVSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble();
        Vector128<double> r = Sse2.IsSupported ? Sse2.DivideScalar(x, y) : x.WithElement(0, Value(a) / Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float64.Div).AsDouble();
        return r.AsByte();
    }

    /// <summary>SQRTSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble().WithElement(0, Math.Sqrt(Value(b)));
        if (!FloatControl.IsFast(s) || !FloatControl.IsPositive(Bits(b)))
            r = Slow(s, a, b, &SqrtOfSecond).AsDouble();
        return r.AsByte();
    }

    /// <summary>MINSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), r = Value(a) < Value(b) ? x : x.WithElement(0, Value(b));
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = Slow(s, a, b, &Float64.Min).AsDouble();
        return r.AsByte();
    }

    /// <summary>MAXSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), r = Value(a) > Value(b) ? x : x.WithElement(0, Value(b));
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = Slow(s, a, b, &Float64.Max).AsDouble();
        return r.AsByte();
    }

    /// <summary>VCMPSD: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Compare(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        bool holds = (predicate & 3) switch
        {
            0 => Value(a) == Value(b),
            1 => Value(a) < Value(b),
            2 => Value(a) <= Value(b),
            _ => false,
        };
        Vector128<ulong> r = a.AsUInt64().WithElement(0, holds != ((predicate & 4) != 0) ? ulong.MaxValue : 0);
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = CompareSlow(s, a, b, predicate).AsUInt64();
        return r.AsByte();
    }

    /// <summary>CMPSD: the legacy form looks at three bits of the immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CompareLegacy(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate) => Compare(s, a, b, (byte)(predicate & 7));

    /// <summary>COMISD: ZF, PF and CF; every NaN raises IE.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CompareOrdered(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        if (FloatControl.IsOrdinary(Bits(a)) && FloatControl.IsOrdinary(Bits(b)))
            Flags.SetStatus(s, Value(a) < Value(b) ? Rflags.CF : Value(a) == Value(b) ? Rflags.ZF : 0);
        else
            CompareFlagsSlow(s, a, b, quiet: false);
    }

    /// <summary>UCOMISD: ZF, PF and CF; only signalling NaNs raise IE.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CompareUnordered(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        if (FloatControl.IsOrdinary(Bits(a)) && FloatControl.IsOrdinary(Bits(b)))
            Flags.SetStatus(s, Value(a) < Value(b) ? Rflags.CF : Value(a) == Value(b) ? Rflags.ZF : 0);
        else
            CompareFlagsSlow(s, a, b, quiet: true);
    }

    /// <summary>ROUNDSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte control)
    {
        double x = Value(b);
        double rounded = (control & 7) switch
        {
            1 => Math.Floor(x),
            2 => Math.Ceiling(x),
            3 => Math.Truncate(x),
            _ => Math.Round(x),
        };
        // An integral operand is the result in every mode, and a denormal, which DAZ would change, is not integral.
        // Bit 3 of the control keeps PE quiet.
        Vector128<double> r = a.AsDouble().WithElement(0, rounded);
        if (rounded != x && !(FloatControl.IsNormal(Bits(b)) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, a, b, control).AsDouble();
        return r.AsByte();
    }

    /// <summary>The low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Value(Vector128<byte> v) => v.AsDouble().ToScalar();

    /// <summary>The low element's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Vector128<byte> v) => v.AsUInt64().ToScalar();

    /// <summary>A value's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>A vector with another low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace(Vector128<byte> v, double low) => v.AsDouble().WithElement(0, low).AsByte();

    /// <summary>A vector with another low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace(Vector128<byte> v, ulong low) => v.AsUInt64().WithElement(0, low).AsByte();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(CpuState* s, Vector128<byte> a, Vector128<byte> b, delegate*<ulong, ulong, ref FloatContext, ulong> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        ulong r = operation(Bits(a), Bits(b), ref c);
        FloatControl.Finish(s, c);
        return Replace(a, r);
    }

    private static ulong SqrtOfSecond(ulong a, ulong b, ref FloatContext c) => Float64.Sqrt(b, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> CompareSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        bool holds = Float64.Compare(Bits(a), Bits(b), predicate & 31, ref c);
        FloatControl.Finish(s, c);
        return Replace(a, holds ? ulong.MaxValue : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CompareFlagsSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, bool quiet)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        FloatRelation relation = Float64.Compare(Bits(a), Bits(b), quiet, ref c);
        FloatControl.Finish(s, c);
        Flags.SetStatus(s, relation switch
        {
            FloatRelation.Less => Rflags.CF,
            FloatRelation.Equal => Rflags.ZF,
            FloatRelation.Greater => 0,
            _ => Rflags.ZF | Rflags.PF | Rflags.CF,
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> RoundSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        ulong r = Float64.RoundToIntegral(Bits(b), mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return Replace(a, r);
    }
}
