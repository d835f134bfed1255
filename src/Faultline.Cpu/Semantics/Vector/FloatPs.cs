using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on four 32-bit elements. The flags of all come together before an exception is raised (SDM vol. 1, 11.5.3).</summary>
internal static unsafe class FloatPs
{
    private const uint SignBit = 1U << 31;

    /// <summary>ADDPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle() + b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Add).AsSingle();
        return r.AsByte();
    }

    /// <summary>SUBPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle() - b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Sub).AsSingle();
        return r.AsByte();
    }

    /// <summary>MULPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle() * b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Mul).AsSingle();
        return r.AsByte();
    }

    /// <summary>DIVPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle() / b.AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = Slow(s, a, b, r, &Float32.Div).AsSingle();
        return r.AsByte();
    }

    /// <summary>SQRTPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt(CpuState* s, Vector128<byte> b)
    {
        Vector128<float> r = Vector128.Sqrt(b.AsSingle());
        if (!FloatControl.IsFast(s) || !FloatControl.ArePositive(b.AsSingle()))
            r = Software(s, b, b, &SqrtOfFirst).AsSingle();
        return r.AsByte();
    }

    /// <summary>MINPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle(), r = Vector128.ConditionalSelect(Vector128.LessThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float32.Min).AsSingle();
        return r.AsByte();
    }

    /// <summary>MAXPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle(), r = Vector128.ConditionalSelect(Vector128.GreaterThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float32.Max).AsSingle();
        return r.AsByte();
    }

    /// <summary>VCMPPS: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Compare(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        Vector128<float> x = a.AsSingle(), y = b.AsSingle();
        Vector128<float> r = (predicate & 3) switch
        {
            0 => Vector128.Equals(x, y),
            1 => Vector128.LessThan(x, y),
            2 => Vector128.LessThanOrEqual(x, y),
            _ => default,
        };
        if ((predicate & 4) != 0)
            r = ~r;
        if (!FloatControl.AreOrdinary(x, y))
            r = CompareSlow(s, a, b, predicate).AsSingle();
        return r.AsByte();
    }

    /// <summary>CMPPS: the legacy form looks at three bits of the immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CompareLegacy(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate) => Compare(s, a, b, (byte)(predicate & 7));

    /// <summary>ROUNDPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(CpuState* s, Vector128<byte> b, byte control)
    {
        Vector128<float> x = b.AsSingle();
        Vector128<float> r = (control & 7) switch
        {
            1 => Vector128.Floor(x),
            2 => Vector128.Ceiling(x),
            3 => Vector128.Truncate(x),
            _ => Vector128.Round(x),
        };
        if (!Vector128.EqualsAll(r, x) && !(FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, b, control).AsSingle();
        return r.AsByte();
    }

    /// <summary>ADDSUBPS: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<float> r = a.AsSingle() + (b ^ Vector128.Create(SignBit, 0, SignBit, 0).AsByte()).AsSingle();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r))
            r = AddSubSlow(s, a, b, r).AsSingle();
        return r.AsByte();
    }

    /// <summary>HADDPS: sums of neighbours, those of the first operand in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> HorizontalAdd(CpuState* s, Vector128<byte> a, Vector128<byte> b) => Add(s, Even(a, b), Odd(a, b));

    /// <summary>HSUBPS: differences of neighbours, even minus odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> HorizontalSub(CpuState* s, Vector128<byte> a, Vector128<byte> b) => Sub(s, Even(a, b), Odd(a, b));

    /// <summary>The elements with even numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Even(Vector128<byte> a, Vector128<byte> b) =>
        VectorHalves.Lowers(
            Vector128.Shuffle(a.AsSingle(), Vector128.Create(0, 2, 0, 2)).AsByte(),
            Vector128.Shuffle(b.AsSingle(), Vector128.Create(0, 2, 0, 2)).AsByte());

    /// <summary>The elements with odd numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Odd(Vector128<byte> a, Vector128<byte> b) =>
        VectorHalves.Lowers(
            Vector128.Shuffle(a.AsSingle(), Vector128.Create(1, 3, 1, 3)).AsByte(),
            Vector128.Shuffle(b.AsSingle(), Vector128.Create(1, 3, 1, 3)).AsByte());

    /// <summary>
    /// What is not routine. A zero that comes of a zero is exact in all four operations, and too common for the software engine: masks, margins, fresh accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(
        CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<float> r, delegate*<uint, uint, ref FloatContext, uint> operation) =>
        FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Software(s, a, b, operation);

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Software(CpuState* s, Vector128<byte> a, Vector128<byte> b, delegate*<uint, uint, ref FloatContext, uint> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<uint>.Count; i++)
            ((uint*)&r)[i] = operation(((uint*)&a)[i], ((uint*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    private static uint SqrtOfFirst(uint a, uint b, ref FloatContext c) => Float32.Sqrt(a, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> CompareSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<uint>.Count; i++)
            ((uint*)&r)[i] = Float32.Compare(((uint*)&a)[i], ((uint*)&b)[i], predicate & 31, ref c) ? uint.MaxValue : 0;
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> RoundSlow(CpuState* s, Vector128<byte> b, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<uint>.Count; i++)
            ((uint*)&r)[i] = Float32.RoundToIntegral(((uint*)&b)[i], mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> AddSubSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<float> routine)
    {
        if (FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsSingle(), b.AsSingle(), routine))
            return routine.AsByte();
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<uint>.Count; i++)
        {
            uint x = ((uint*)&a)[i], y = ((uint*)&b)[i];
            ((uint*)&r)[i] = (i & 1) == 0 ? Float32.Sub(x, y, ref c) : Float32.Add(x, y, ref c);
        }

        FloatControl.Finish(s, c);
        return r;
    }
}
