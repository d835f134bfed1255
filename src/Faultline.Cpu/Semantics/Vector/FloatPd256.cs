using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on four 64-bit elements. The flags of all come together before an exception is raised (SDM vol. 1, 11.5.3).</summary>
internal static unsafe class FloatPd256
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>VADDPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() + b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Add).AsDouble();
        return r.AsByte();
    }

    /// <summary>VSUBPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() - b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Sub).AsDouble();
        return r.AsByte();
    }

    /// <summary>VMULPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Mul(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() * b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Mul).AsDouble();
        return r.AsByte();
    }

    /// <summary>VDIVPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Div(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() / b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Div).AsDouble();
        return r.AsByte();
    }

    /// <summary>VSQRTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sqrt(CpuState* s, Vector256<byte> b)
    {
        Vector256<double> r = Vector256.Sqrt(b.AsDouble());
        if (!FloatControl.IsFast(s) || !FloatControl.ArePositive(b.AsDouble()))
            r = Software(s, b, b, &SqrtOfFirst).AsDouble();
        return r.AsByte();
    }

    /// <summary>VMINPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Min(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> x = a.AsDouble(), y = b.AsDouble(), r = Vector256.ConditionalSelect(Vector256.LessThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float64.Min).AsDouble();
        return r.AsByte();
    }

    /// <summary>VMAXPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Max(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> x = a.AsDouble(), y = b.AsDouble(), r = Vector256.ConditionalSelect(Vector256.GreaterThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float64.Max).AsDouble();
        return r.AsByte();
    }

    /// <summary>VCMPPD: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Compare(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        Vector256<double> x = a.AsDouble(), y = b.AsDouble();
        Vector256<double> r = (predicate & 3) switch
        {
            0 => Vector256.Equals(x, y),
            1 => Vector256.LessThan(x, y),
            2 => Vector256.LessThanOrEqual(x, y),
            _ => default,
        };
        if ((predicate & 4) != 0)
            r = ~r;
        if (!FloatControl.AreOrdinary(x, y))
            r = CompareSlow(s, a, b, predicate).AsDouble();
        return r.AsByte();
    }

    /// <summary>VROUNDPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Round(CpuState* s, Vector256<byte> b, byte control)
    {
        Vector256<double> x = b.AsDouble();
        Vector256<double> r = (control & 7) switch
        {
            1 => Vector256.Floor(x),
            2 => Vector256.Ceiling(x),
            3 => Vector256.Truncate(x),
            _ => Vector256.Round(x),
        };
        if (!Vector256.EqualsAll(r, x) && !(FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, b, control).AsDouble();
        return r.AsByte();
    }

    /// <summary>VADDSUBPD: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() + (b ^ Vector256.Create(SignBit, 0, SignBit, 0).AsByte()).AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = AddSubSlow(s, a, b, r).AsDouble();
        return r.AsByte();
    }

    /// <summary>VHADDPD: sums of neighbours, in each half of the vectors those of the first operand first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HorizontalAdd(CpuState* s, Vector256<byte> a, Vector256<byte> b) => Add(s, Even(a, b), Odd(a, b));

    /// <summary>VHSUBPD: differences of neighbours, even minus odd, in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HorizontalSub(CpuState* s, Vector256<byte> a, Vector256<byte> b) => Sub(s, Even(a, b), Odd(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Even(Vector256<byte> a, Vector256<byte> b) =>
        Vector256.Create(FloatPd.Even(a.GetLower(), b.GetLower()), FloatPd.Even(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Odd(Vector256<byte> a, Vector256<byte> b) =>
        Vector256.Create(FloatPd.Odd(a.GetLower(), b.GetLower()), FloatPd.Odd(a.GetUpper(), b.GetUpper()));

    /// <summary>
    /// What is not routine. A zero that comes of a zero is exact in all four operations, and too common for the software engine: masks, margins, fresh accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Slow(
        CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<double> r, delegate*<ulong, ulong, ref FloatContext, ulong> operation) =>
        FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Software(s, a, b, operation);

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Software(CpuState* s, Vector256<byte> a, Vector256<byte> b, delegate*<ulong, ulong, ref FloatContext, ulong> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            ((ulong*)&r)[i] = operation(((ulong*)&a)[i], ((ulong*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    private static ulong SqrtOfFirst(ulong a, ulong b, ref FloatContext c) => Float64.Sqrt(a, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> CompareSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            ((ulong*)&r)[i] = Float64.Compare(((ulong*)&a)[i], ((ulong*)&b)[i], predicate & 31, ref c) ? ulong.MaxValue : 0;
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> RoundSlow(CpuState* s, Vector256<byte> b, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            ((ulong*)&r)[i] = Float64.RoundToIntegral(((ulong*)&b)[i], mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> AddSubSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<double> routine)
    {
        if (FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsDouble(), b.AsDouble(), routine))
            return routine.AsByte();
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<ulong>.Count; i++)
        {
            ulong x = ((ulong*)&a)[i], y = ((ulong*)&b)[i];
            ((ulong*)&r)[i] = (i & 1) == 0 ? Float64.Sub(x, y, ref c) : Float64.Add(x, y, ref c);
        }

        FloatControl.Finish(s, c);
        return r;
    }
}
