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
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Add);
    }

    /// <summary>VSUBPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() - b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Sub);
    }

    /// <summary>VMULPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Mul(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() * b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Mul);
    }

    /// <summary>VDIVPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Div(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() / b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Div);
    }

    /// <summary>VSQRTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Sqrt(CpuState* s, Vector256<byte> b)
    {
        Vector256<double> r = Vector256.Sqrt(b.AsDouble());
        return FloatControl.IsFast(s) && FloatControl.ArePositive(b.AsDouble()) ? r.AsByte() : Slow(s, b, b, &SqrtOfFirst);
    }

    /// <summary>VMINPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Min(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble())
            ? Vector256.ConditionalSelect(Vector256.LessThan(a.AsDouble(), b.AsDouble()).AsByte(), a, b)
            : Slow(s, a, b, &Float64.Min);

    /// <summary>VMAXPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Max(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble())
            ? Vector256.ConditionalSelect(Vector256.GreaterThan(a.AsDouble(), b.AsDouble()).AsByte(), a, b)
            : Slow(s, a, b, &Float64.Max);

    /// <summary>VCMPPD: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Compare(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte predicate)
    {
        if (!FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble()))
            return CompareSlow(s, a, b, predicate);
        Vector256<byte> holds = (predicate & 3) switch
        {
            0 => Vector256.Equals(a.AsDouble(), b.AsDouble()).AsByte(),
            1 => Vector256.LessThan(a.AsDouble(), b.AsDouble()).AsByte(),
            2 => Vector256.LessThanOrEqual(a.AsDouble(), b.AsDouble()).AsByte(),
            _ => default,
        };
        return (predicate & 4) != 0 ? ~holds : holds;
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
        return Vector256.EqualsAll(r, x) || (FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s)))
            ? r.AsByte()
            : RoundSlow(s, b, control);
    }

    /// <summary>VADDSUBPD: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSub(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<double> r = a.AsDouble() + (b ^ Vector256.Create(SignBit, 0, SignBit, 0).AsByte()).AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : AddSubSlow(s, a, b);
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

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector256<byte> Slow(CpuState* s, Vector256<byte> a, Vector256<byte> b, delegate*<ulong, ulong, ref FloatContext, ulong> operation)
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
    private static Vector256<byte> AddSubSlow(CpuState* s, Vector256<byte> a, Vector256<byte> b)
    {
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
