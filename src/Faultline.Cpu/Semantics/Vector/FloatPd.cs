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
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Add);
    }

    /// <summary>SUBPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() - b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Sub);
    }

    /// <summary>MULPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() * b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Mul);
    }

    /// <summary>DIVPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() / b.AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : Slow(s, a, b, &Float64.Div);
    }

    /// <summary>SQRTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt(CpuState* s, Vector128<byte> b)
    {
        Vector128<double> r = Vector128.Sqrt(b.AsDouble());
        return FloatControl.IsFast(s) && FloatControl.ArePositive(b.AsDouble()) ? r.AsByte() : Slow(s, b, b, &SqrtOfFirst);
    }

    /// <summary>MINPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min(CpuState* s, Vector128<byte> a, Vector128<byte> b) =>
        FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble())
            ? Vector128.ConditionalSelect(Vector128.LessThan(a.AsDouble(), b.AsDouble()).AsByte(), a, b)
            : Slow(s, a, b, &Float64.Min);

    /// <summary>MAXPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max(CpuState* s, Vector128<byte> a, Vector128<byte> b) =>
        FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble())
            ? Vector128.ConditionalSelect(Vector128.GreaterThan(a.AsDouble(), b.AsDouble()).AsByte(), a, b)
            : Slow(s, a, b, &Float64.Max);

    /// <summary>VCMPPD: all ones where the predicate, five bits of the immediate, holds. Bit 3 matters to NaNs alone, and bit 4 to IE alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Compare(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte predicate)
    {
        if (!FloatControl.AreOrdinary(a.AsDouble(), b.AsDouble()))
            return CompareSlow(s, a, b, predicate);
        Vector128<byte> holds = (predicate & 3) switch
        {
            0 => Vector128.Equals(a.AsDouble(), b.AsDouble()).AsByte(),
            1 => Vector128.LessThan(a.AsDouble(), b.AsDouble()).AsByte(),
            2 => Vector128.LessThanOrEqual(a.AsDouble(), b.AsDouble()).AsByte(),
            _ => default,
        };
        return (predicate & 4) != 0 ? ~holds : holds;
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
        return Vector128.EqualsAll(r, x) || (FloatControl.AreNormal(x) && ((control & 12) == 8 || FloatControl.IsPrecisionFast(s)))
            ? r.AsByte()
            : RoundSlow(s, b, control);
    }

    /// <summary>ADDSUBPD: subtracts the even elements and adds the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSub(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<double> r = a.AsDouble() + (b ^ Vector128.Create(SignBit, 0).AsByte()).AsDouble();
        return FloatControl.IsFast(s) && FloatControl.AreRoutine(a.AsDouble(), b.AsDouble(), r) ? r.AsByte() : AddSubSlow(s, a, b);
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
        Vector128.Create(a.AsDouble().GetLower(), b.AsDouble().GetLower()).AsByte();

    /// <summary>The elements with odd numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Odd(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.Create(a.AsDouble().GetUpper(), b.AsDouble().GetUpper()).AsByte();

    /// <summary>An operation on both elements by the software engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector128<byte> Slow(CpuState* s, Vector128<byte> a, Vector128<byte> b, delegate*<ulong, ulong, ref FloatContext, ulong> operation)
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
    private static Vector128<byte> AddSubSlow(CpuState* s, Vector128<byte> a, Vector128<byte> b)
    {
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
