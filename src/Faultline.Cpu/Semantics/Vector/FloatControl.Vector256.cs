using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faultline.Cpu.Semantics.Vector;

/// <content>The checks for all elements of 256-bit vectors.</content>
internal static unsafe partial class FloatControl
{
    /// <summary>Whether an operation on all elements was routine: every operand passes <see cref="IsOperand(ulong)"/> and every result <see cref="IsResult(ulong)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector256<double> a, Vector256<double> b, Vector256<double> r) => IsLeast(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Result(r)));

    /// <inheritdoc cref="AreRoutine(Vector256{double}, Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector256<float> a, Vector256<float> b, Vector256<float> r) =>
        Vector256.GreaterThanOrEqualAll(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Result(r)), Vector256.Create(Least32));

    /// <summary>The same with a third operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> r) =>
        IsLeast(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Vector256.Min(Operand(c), Result(r))));

    /// <inheritdoc cref="AreRoutine(Vector256{double}, Vector256{double}, Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> r) =>
        Vector256.GreaterThanOrEqualAll(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Vector256.Min(Operand(c), Result(r))), Vector256.Create(Least32));

    /// <summary>Whether every element was routine, or has a zero as the result because a factor, both summands or the dividend are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector256<double> a, Vector256<double> b, Vector256<double> r) =>
        IsLeast(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Result(r) | (Zeros(r) & (Zeros(a) | Zeros(b))).AsUInt32()));

    /// <inheritdoc cref="AreRoutineOrZero(Vector256{double}, Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector256<float> a, Vector256<float> b, Vector256<float> r) =>
        Vector256.GreaterThanOrEqualAll(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Result(r) | (Zeros(r) & (Zeros(a) | Zeros(b)))), Vector256.Create(Least32));

    /// <summary>The same of fused multiplications and additions: the addend and a factor are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> r)
    {
        Vector256<uint> zeros = (Zeros(r) & Zeros(c) & (Zeros(a) | Zeros(b))).AsUInt32();
        return IsLeast(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Vector256.Min(Operand(c), Result(r) | zeros)));
    }

    /// <inheritdoc cref="AreRoutineOrZero(Vector256{double}, Vector256{double}, Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> r)
    {
        Vector256<uint> zeros = Zeros(r) & Zeros(c) & (Zeros(a) | Zeros(b));
        return Vector256.GreaterThanOrEqualAll(Vector256.Min(Vector256.Min(Operand(a), Operand(b)), Vector256.Min(Operand(c), Result(r) | zeros)), Vector256.Create(Least32));
    }

    /// <summary>Whether all results of a conversion pass <see cref="IsResult(uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreResults(Vector256<float> r) => Vector256.GreaterThanOrEqualAll(Result(r), Vector256.Create(Least32));

    /// <summary>Whether all elements are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ArePositive(Vector256<double> a) => Vector256.LessThanAll(a.AsUInt64() - Vector256.Create(1UL << 52), Vector256.Create(0x7FEUL << 52));

    /// <inheritdoc cref="ArePositive(Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ArePositive(Vector256<float> a) => Vector256.LessThanAll(a.AsUInt32() - Vector256.Create(1U << 23), Vector256.Create(0xFEU << 23));

    /// <summary>Whether all elements are normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector256<double> a) => Vector256.LessThanAll((a.AsUInt64() << 1) - Vector256.Create(1UL << 53), Vector256.Create(0x7FEUL << 53));

    /// <inheritdoc cref="AreNormal(Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector256<float> a) => Vector256.LessThanAll((a.AsUInt32() << 1) - Vector256.Create(1U << 24), Vector256.Create(0xFEU << 24));

    /// <summary>Whether all elements of two vectors are neither denormal nor NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector256<double> a, Vector256<double> b) => (Ordinary(a) & Ordinary(b)).ExtractMostSignificantBits() == 0xF;

    /// <inheritdoc cref="AreOrdinary(Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector256<float> a, Vector256<float> b) => (Ordinary(a) & Ordinary(b)).ExtractMostSignificantBits() == 0xFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Operand(Vector256<double> a) => ((a.AsUInt64() << 1) + Vector256<ulong>.AllBitsSet).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Operand(Vector256<float> a) => (a.AsUInt32() << 1) + Vector256<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Result(Vector256<double> r) => ((r.AsUInt64() << 1) + Vector256.Create(1UL << 53)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Result(Vector256<float> r) => (r.AsUInt32() << 1) + Vector256.Create(1U << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsLeast(Vector256<uint> keys) => Vector256.GreaterThanOrEqualAll(keys | Vector256.Create(LowerHalf).AsUInt32(), Vector256.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<ulong> Zeros(Vector256<double> a) => Vector256.Equals(a, default).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Zeros(Vector256<float> a) => Vector256.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Ordinary(Vector256<double> a) =>
        Vector256.GreaterThanOrEqual(Vector256.Abs(a), Vector256.Create(2.2250738585072014E-308)).AsUInt64() | Zeros(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Ordinary(Vector256<float> a) =>
        Vector256.GreaterThanOrEqual(Vector256.Abs(a), Vector256.Create(1.17549435E-38f)).AsUInt32() | Zeros(a);
}
