using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on the low 32-bit element; the rest of the first operand stays. See <see cref="FloatControl"/> for the two paths.</summary>
internal static unsafe class FloatSs
{
    /// <summary>ADDSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle();
        Vector128<float> r = Sse.IsSupported ? Sse.AddScalar(x, y) : x.WithElement(0, Value(a) + Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float32.Add).AsSingle();
        return r.AsByte();
    }

    /// <summary>SUBSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle();
        Vector128<float> r = Sse.IsSupported ? Sse.SubtractScalar(x, y) : x.WithElement(0, Value(a) - Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float32.Sub).AsSingle();
        return r.AsByte();
    }

    /// <summary>MULSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle();
        Vector128<float> r = Sse.IsSupported ? Sse.MultiplyScalar(x, y) : x.WithElement(0, Value(a) * Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float32.Mul).AsSingle();
        return r.AsByte();
    }

    /// <summary>DIVSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle();
        Vector128<float> r = Sse.IsSupported ? Sse.DivideScalar(x, y) : x.WithElement(0, Value(a) / Value(b));
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(Bits(a), Bits(b), Bits(r.AsByte())))
            r = Slow(s, a, b, &Float32.Div).AsSingle();
        return r.AsByte();
    }

    /// <summary>SQRTSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle().WithElement(0, MathF.Sqrt(Value(b)));
        if (!FloatControl.IsFast(s) || !FloatControl.IsPositive(Bits(b)))
            r = Slow(s, a, b, &SqrtOfSecond).AsSingle();
        return r.AsByte();
    }

    /// <summary>MINSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), r = Value(a) < Value(b) ? x : x.WithElement(0, Value(b));
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = Slow(s, a, b, &Float32.Min).AsSingle();
        return r.AsByte();
    }

    /// <summary>MAXSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), r = Value(a) > Value(b) ? x : x.WithElement(0, Value(b));
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = Slow(s, a, b, &Float32.Max).AsSingle();
        return r.AsByte();
    }

    /// <summary>VCMPSS: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
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
        Vector128<uint> r = a.AsUInt32().WithElement(0, holds != ((predicate & 4) != 0) ? uint.MaxValue : 0);
        if (!FloatControl.IsOrdinary(Bits(a)) || !FloatControl.IsOrdinary(Bits(b)))
            r = CompareSlow(s, a, b, predicate).AsUInt32();
        return r.AsByte();
    }

    /// <summary>CMPSS: the legacy form looks at three bits of the immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CompareLegacy(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate) => Compare(s, a, b, (byte)(predicate & 7));

    /// <summary>COMISS: ZF, PF and CF; every NaN raises IE.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CompareOrdered(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        if (FloatControl.IsOrdinary(Bits(a)) && FloatControl.IsOrdinary(Bits(b)))
            Flags.SetStatus(s, Value(a) < Value(b) ? Rflags.CF : Value(a) == Value(b) ? Rflags.ZF : 0);
        else
            CompareFlagsSlow(s, a, b, quiet: false);
    }

    /// <summary>UCOMISS: ZF, PF and CF; only signalling NaNs raise IE.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CompareUnordered(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        if (FloatControl.IsOrdinary(Bits(a)) && FloatControl.IsOrdinary(Bits(b)))
            Flags.SetStatus(s, Value(a) < Value(b) ? Rflags.CF : Value(a) == Value(b) ? Rflags.ZF : 0);
        else
            CompareFlagsSlow(s, a, b, quiet: true);
    }

    /// <summary>ROUNDSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte control)
    {
        float x = Value(b);
        float rounded = (control & 7) switch
        {
            1 => MathF.Floor(x),
            2 => MathF.Ceiling(x),
            3 => MathF.Truncate(x),
            _ => MathF.Round(x),
        };
        // An integral operand is the result in every mode, and a denormal, which DAZ would change, is not integral.
        // Bit 3 of the control keeps PE quiet.
        Vector128<float> r = a.AsSingle().WithElement(0, rounded);
        if (rounded != x && !(FloatControl.IsNormal(Bits(b)) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, a, b, control).AsSingle();
        return r.AsByte();
    }

    /// <summary>The low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(Vector128<byte> v) => v.AsSingle().ToScalar();

    /// <summary>The low element's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Vector128<byte> v) => v.AsUInt32().ToScalar();

    /// <summary>A value's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>A vector with another low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace(Vector128<byte> v, float low) => v.AsSingle().WithElement(0, low).AsByte();

    /// <summary>A vector with another low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace(Vector128<byte> v, uint low) => v.AsUInt32().WithElement(0, low).AsByte();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(CpuState* s, Vector128<byte> a, Vector128<byte> b, delegate*<uint, uint, ref FloatContext, uint> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        uint r = operation(Bits(a), Bits(b), ref c);
        FloatControl.Finish(s, c);
        return Replace(a, r);
    }

    private static uint SqrtOfSecond(uint a, uint b, ref FloatContext c) => Float32.Sqrt(b, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> CompareSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        bool holds = Float32.Compare(Bits(a), Bits(b), predicate & 31, ref c);
        FloatControl.Finish(s, c);
        return Replace(a, holds ? uint.MaxValue : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CompareFlagsSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, bool quiet)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        FloatRelation relation = Float32.Compare(Bits(a), Bits(b), quiet, ref c);
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
        uint r = Float32.RoundToIntegral(Bits(b), mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return Replace(a, r);
    }
}
