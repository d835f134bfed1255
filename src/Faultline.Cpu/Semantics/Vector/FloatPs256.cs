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
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Slow(s, a, b, &Float32.Add);
    }

    /// <summary>VSUBPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() - b.AsSingle();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Slow(s, a, b, &Float32.Sub);
    }

    /// <summary>VMULPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Mul(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() * b.AsSingle();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Slow(s, a, b, &Float32.Mul);
    }

    /// <summary>VDIVPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Div(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() / b.AsSingle();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : Slow(s, a, b, &Float32.Div);
    }

    /// <summary>VSQRTPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sqrt(CpuState* s, Vector256<byte> b)
    {
        Vector256<float> r = Vector256.Sqrt(b.AsSingle());
        return FloatControl.IsFast(s) && FloatControl.ArePositive(b.AsSingle()) ? r.AsByte() : Slow(s, b, b, &SqrtOfFirst);
    }

    /// <summary>VMINPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Min(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        FloatControl.AreOrdinary(a.AsSingle(), b.AsSingle())
            ? Vector256.ConditionalSelect(Vector256.LessThan(a.AsSingle(), b.AsSingle()).AsByte(), a, b)
            : Slow(s, a, b, &Float32.Min);

    /// <summary>VMAXPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Max(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        FloatControl.AreOrdinary(a.AsSingle(), b.AsSingle())
            ? Vector256.ConditionalSelect(Vector256.GreaterThan(a.AsSingle(), b.AsSingle()).AsByte(), a, b)
            : Slow(s, a, b, &Float32.Max);

    /// <summary>VCMPPS: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Compare(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        if (!FloatControl.AreOrdinary(a.AsSingle(), b.AsSingle()))
            return CompareSlow(s, a, b, predicate);
        Vector256<byte> holds = (predicate & 3) switch
        {
            0 => Vector256.Equals(a.AsSingle(), b.AsSingle()).AsByte(),
            1 => Vector256.LessThan(a.AsSingle(), b.AsSingle()).AsByte(),
            2 => Vector256.LessThanOrEqual(a.AsSingle(), b.AsSingle()).AsByte(),
            _ => default,
        };
        return (predicate & 4) != 0 ? ~holds : holds;
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
        return Vector256.EqualsAll(r, x) || (FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s)))
            ? r.AsByte()
            : RoundSlow(s, b, control);
    }

    /// <summary>VADDSUBPS: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<float> r = a.AsSingle() + (b ^ Vector256.Create(SignBit, 0, SignBit, 0, SignBit, 0, SignBit, 0).AsByte()).AsSingle();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsSingle(), b.AsSingle(), r) ? r.AsByte() : AddSubSlow(s, a, b);
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

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector256<byte> Slow(CpuState* s, Vector256<byte> a, Vector256<byte> b, delegate*<uint, uint, ref FloatContext, uint> operation)
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
    private static Vector256<byte> AddSubSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
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
