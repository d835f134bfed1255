using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Arithmetic on two 64-bit elements. The flags of both come together before an exception is raised (SDM vol. 1, 11.5.3).</summary>
internal static unsafe class FloatPd
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>ADDPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() + b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Add).AsDouble();
        return r.AsByte();
    }

    /// <summary>SUBPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() - b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Sub).AsDouble();
        return r.AsByte();
    }

    /// <summary>MULPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() * b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Mul).AsDouble();
        return r.AsByte();
    }

    /// <summary>DIVPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() / b.AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = Slow(s, a, b, r, &Float64.Div).AsDouble();
        return r.AsByte();
    }

    /// <summary>SQRTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt(CpuState* s, Vector128<byte> b)
    {
        Vector128<double> r = Vector128.Sqrt(b.AsDouble());
        if (!FloatControl.IsFast(s) || !FloatControl.ArePositive(b.AsDouble()))
            r = Software(s, b, b, &SqrtOfFirst).AsDouble();
        return r.AsByte();
    }

    /// <summary>MINPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble(), r = Vector128.ConditionalSelect(Vector128.LessThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float64.Min).AsDouble();
        return r.AsByte();
    }

    /// <summary>MAXPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble(), r = Vector128.ConditionalSelect(Vector128.GreaterThan(x, y), x, y);
        if (!FloatControl.AreOrdinary(x, y))
            r = Software(s, a, b, &Float64.Max).AsDouble();
        return r.AsByte();
    }

    /// <summary>VCMPPD: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Compare(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        Vector128<double> x = a.AsDouble(), y = b.AsDouble();
        Vector128<double> r = (predicate & 3) switch
        {
            0 => Vector128.Equals(x, y),
            1 => Vector128.LessThan(x, y),
            2 => Vector128.LessThanOrEqual(x, y),
            _ => default,
        };
        if ((predicate & 4) != 0)
            r = ~r;
        if (!FloatControl.AreOrdinary(x, y))
            r = CompareSlow(s, a, b, predicate).AsDouble();
        return r.AsByte();
    }

    /// <summary>CMPPD: the legacy form looks at three bits of the immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CompareLegacy(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate) => Compare(s, a, b, (byte)(predicate & 7));

    /// <summary>ROUNDPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(CpuState* s, Vector128<byte> b, byte control)
    {
        Vector128<double> x = b.AsDouble();
        Vector128<double> r = (control & 7) switch
        {
            1 => Vector128.Floor(x),
            2 => Vector128.Ceiling(x),
            3 => Vector128.Truncate(x),
            _ => Vector128.Round(x),
        };
        if (!Vector128.EqualsAll(r, x) && !(FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s))))
            r = RoundSlow(s, b, control).AsDouble();
        return r.AsByte();
    }

    /// <summary>ADDSUBPD: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() + (b ^ Vector128.Create(SignBit, 0).AsByte()).AsDouble();
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r))
            r = AddSubSlow(s, a, b, r).AsDouble();
        return r.AsByte();
    }

    /// <summary>HADDPD: sums of neighbours, those of the first operand in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> HorizontalAdd(CpuState* s, Vector128<byte> a, Vector128<byte> b) => Add(s, Even(a, b), Odd(a, b));

    /// <summary>HSUBPD: differences of neighbours, even minus odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> HorizontalSub(CpuState* s, Vector128<byte> a, Vector128<byte> b) => Sub(s, Even(a, b), Odd(a, b));

    /// <summary>The elements with even numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Even(Vector128<byte> a, Vector128<byte> b) =>
        VectorHalves.Lowers(a, b);

    /// <summary>The elements with odd numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Odd(Vector128<byte> a, Vector128<byte> b) =>
        VectorHalves.Uppers(a, b);

    /// <summary>
    /// What is not routine. A zero that comes of a zero is exact in all four operations, and too common for the software engine: masks, margins, fresh accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(
        CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<double> r, delegate*<ulong, ulong, ref FloatContext, ulong> operation) =>
        FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Software(s, a, b, operation);

    /// <summary>An operation on all elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Software(CpuState* s, Vector128<byte> a, Vector128<byte> b, delegate*<ulong, ulong, ref FloatContext, ulong> operation)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<ulong>.Count; i++)
            ((ulong*)&r)[i] = operation(((ulong*)&a)[i], ((ulong*)&b)[i], ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    private static ulong SqrtOfFirst(ulong a, ulong b, ref FloatContext c) => Float64.Sqrt(a, ref c);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> CompareSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<ulong>.Count; i++)
            ((ulong*)&r)[i] = Float64.Compare(((ulong*)&a)[i], ((ulong*)&b)[i], predicate & 31, ref c) ? ulong.MaxValue : 0;
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> RoundSlow(CpuState* s, Vector128<byte> b, byte control)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        RoundingMode mode = (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<ulong>.Count; i++)
            ((ulong*)&r)[i] = Float64.RoundToIntegral(((ulong*)&b)[i], mode, (control & 8) != 0, ref c);
        FloatControl.Finish(s, c);
        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> AddSubSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<double> routine)
    {
        if (FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(a.AsDouble(), b.AsDouble(), routine))
            return routine.AsByte();
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector128<byte> r = default;
        for (int i = 0; i < Vector128<ulong>.Count; i++)
        {
            ulong x = ((ulong*)&a)[i], y = ((ulong*)&b)[i];
            ((ulong*)&r)[i] = (i & 1) == 0 ? Float64.Sub(x, y, ref c) : Float64.Add(x, y, ref c);
        }

        FloatControl.Finish(s, c);
        return r;
    }
}
