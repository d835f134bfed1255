using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on eight 32-bit elements. The flags of all come together before an exception is raised (SDM vol. 1, 11.5.3).</summary>
internal static unsafe class FloatPs256
{
    private const uint SignBit = 1U << 31;

    /// <summary>VADDPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() + b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Add).AsSingle();
        return r.AsByte();
    }

    /// <summary>VSUBPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() - b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Sub).AsSingle();
        return r.AsByte();
    }

    /// <summary>VMULPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Mul(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() * b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Mul).AsSingle();
        return r.AsByte();
    }

    /// <summary>VDIVPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Div(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() / b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Div).AsSingle();
        return r.AsByte();
    }

    /// <summary>VSQRTPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sqrt(CpuState* s, Vector256<byte> b)
    {
        Vector256<float> r = Vector256.Sqrt(b.AsSingle());
        if (!FloatControl.IsFast(s) || !FloatControl.ArePositive(b.AsSingle()))
            r = Software(s, b, b, &SqrtOfFirst).AsSingle();
        return r.AsByte();
    }

    /// <summary>VMINPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Min(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> x = a.AsSingle(), y = b.AsSingle(), r = Vector256.ConditionalSelect(Vector256.LessThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float32.Min).AsSingle();
        return r.AsByte();
    }

    /// <summary>VMAXPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Max(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> x = a.AsSingle(), y = b.AsSingle(), r = Vector256.ConditionalSelect(Vector256.GreaterThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float32.Max).AsSingle();
        return r.AsByte();
    }

    /// <summary>VCMPPS: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Compare(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        Vector256<float> x = a.AsSingle(), y = b.AsSingle();
        Vector256<float> r = (predicate & 3) switch
        {
            0 => Vector256.Equals(x, y),
            1 => Vector256.LessThan(x, y),
            2 => Vector256.LessThanOrEqual(x, y),
            _ => default,
        };
        if ((predicate & 4) != 0)
            r = ~r;
        if (!FloatControl.AreOrdinary(x, y))
            r = CompareSlow(s, a, b, predicate).AsSingle();
        return r.AsByte();
    }

    /// <summary>VROUNDPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Round(CpuState* s, Vector256<byte> b, byte control)
    {
        Vector256<float> x = b.AsSingle();
        Vector256<float> r = (control & 7) switch
        {
            1 => Vector256.Floor(x),
            2 => Vector256.Ceiling(x),
            3 => Vector256.Truncate(x),
            _ => Vector256.Round(x),
        };
        if (!Vector256.EqualsAll(r, x) && !(FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, b, control).AsSingle();
        return r.AsByte();
    }

    /// <summary>VADDSUBPS: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() + (b ^ Vector256.Create(SignBit, 0, SignBit, 0, SignBit, 0, SignBit, 0).AsByte()).AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = AddSubSlow(s, a, b, r).AsSingle();
        return r.AsByte();
    }

    /// <summary>VHADDPS: sums of neighbours, in each half of the vectors those of the first operand first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HorizontalAdd(CpuState* s, Vector256<byte> a, Vector256<byte> b) => Add(s, Even(a, b), Odd(a, b));

    /// <summary>VHSUBPS: differences of neighbours, even minus odd, in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HorizontalSub(CpuState* s, Vector256<byte> a, Vector256<byte> b) => Sub(s, Even(a, b), Odd(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Even(Vector256<byte> a, Vector256<byte> b) =>
        Vector256.Create(FloatPs.Even(a.GetLower(), b.GetLower()), FloatPs.Even(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Odd(Vector256<byte> a, Vector256<byte> b) =>
        Vector256.Create(FloatPs.Odd(a.GetLower(), b.GetLower()), FloatPs.Odd(a.GetUpper(), b.GetUpper()));

    /// <summary>
    /// What is not routine. A zero that comes of a zero is exact in all four operations, and too common for the software engine: masks, margins, fresh accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Slow(
        CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<float> r, delegate*<uint, uint, ref FloatContext, uint> operation) =>
        FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Software(s, a, b, operation);

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Software(CpuState* s, Vector256<byte> a, Vector256<byte> b, delegate*<uint, uint, ref FloatContext, uint> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<uint>.Count; i++)
            ((uint*)&r)[i] = operation(((uint*)&a)[i], ((uint*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    private static uint SqrtOfFirst(uint a, uint b, ref FloatContext c) => Float32.Sqrt(a, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> CompareSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<uint>.Count; i++)
            ((uint*)&r)[i] = Float32.Compare(((uint*)&a)[i], ((uint*)&b)[i], predicate & 31, ref c) ? uint.MaxValue : 0;
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> RoundSlow(CpuState* s, Vector256<byte> b, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<uint>.Count; i++)
            ((uint*)&r)[i] = Float32.RoundToIntegral(((uint*)&b)[i], mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> AddSubSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<float> routine)
    {
        if (FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsSingle(), b.AsSingle(), routine))
            return routine.AsByte();
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<uint>.Count; i++)
        {
            uint x = ((uint*)&a)[i], y = ((uint*)&b)[i];
            ((uint*)&r)[i] = (i & 1) == 0 ? Float32.Sub(x, y, ref c) : Float32.Add(x, y, ref c);
        }

        FloatControl.Finish(s, c);
        return r;
    }
}
