using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faultline.Cpu.Semantics.Vector;

/// <content>
/// The same checks for all elements of vectors. Those of 64-bit elements look at upper halves only, as there is no unsigned 64-bit comparison before AVX-512.
/// </content>
internal static unsafe partial class FloatControl
{
    internal const uint LeastUpper = 3U << 21;
    internal const ulong LowerHalf = 0x00000000FFFFFFFF;

    /// <summary>Whether an operation on all elements was routine: every operand passes <see cref="IsOperand(ulong)"/> and every result <see cref="IsResult(ulong)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector128<double> a, Vector128<double> b, Vector128<double> r) => IsLeast(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Result(r)));

    /// <inheritdoc cref="AreRoutine(Vector128{double}, Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector128<float> a, Vector128<float> b, Vector128<float> r) =>
        Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Result(r)), Vector128.Create(Least32));

    /// <summary>The same with a third operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> r) =>
        IsLeast(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Vector128.Min(Operand(c), Result(r))));

    /// <inheritdoc cref="AreRoutine(Vector128{double}, Vector128{double}, Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> r) =>
        Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Vector128.Min(Operand(c), Result(r))), Vector128.Create(Least32));

    /// <summary>Whether every element was routine, or has a zero as the result because a factor, both summands or the dividend are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector128<double> a, Vector128<double> b, Vector128<double> r) =>
        IsLeast(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Result(r) | (Zeros(r) & (Zeros(a) | Zeros(b))).AsUInt32()));

    /// <inheritdoc cref="AreRoutineOrZero(Vector128{double}, Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector128<float> a, Vector128<float> b, Vector128<float> r) =>
        Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Result(r) | (Zeros(r) & (Zeros(a) | Zeros(b)))), Vector128.Create(Least32));

    /// <summary>The same of fused multiplications and additions: the addend and a factor are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> r)
    {
        Vector128<uint> zeros = (Zeros(r) & Zeros(c) & (Zeros(a) | Zeros(b))).AsUInt32();
        return IsLeast(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Vector128.Min(Operand(c), Result(r) | zeros)));
    }

    /// <inheritdoc cref="AreRoutineOrZero(Vector128{double}, Vector128{double}, Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutineOrZero(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> r)
    {
        Vector128<uint> zeros = Zeros(r) & Zeros(c) & (Zeros(a) | Zeros(b));
        return Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Operand(a), Operand(b)), Vector128.Min(Operand(c), Result(r) | zeros)), Vector128.Create(Least32));
    }

    /// <summary>Whether all results of a conversion pass <see cref="IsResult(uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreResults(Vector128<float> r) => Vector128.GreaterThanOrEqualAll(Result(r), Vector128.Create(Least32));

    /// <summary>Whether all elements are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ArePositive(Vector128<double> a) => Vector128.LessThanAll(a.AsUInt64() - Vector128.Create(1UL << 52), Vector128.Create(0x7FEUL << 52));

    /// <inheritdoc cref="ArePositive(Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ArePositive(Vector128<float> a) => Vector128.LessThanAll(a.AsUInt32() - Vector128.Create(1U << 23), Vector128.Create(0xFEU << 23));

    /// <summary>Whether all elements are normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector128<double> a) => Vector128.LessThanAll((a.AsUInt64() << 1) - Vector128.Create(1UL << 53), Vector128.Create(0x7FEUL << 53));

    /// <inheritdoc cref="AreNormal(Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector128<float> a) => Vector128.LessThanAll((a.AsUInt32() << 1) - Vector128.Create(1U << 24), Vector128.Create(0xFEU << 24));

    /// <summary>Whether all elements of two vectors are neither denormal nor NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector128<double> a, Vector128<double> b) => (Ordinary(a) & Ordinary(b)).ExtractMostSignificantBits() == 0x3;

    /// <inheritdoc cref="AreOrdinary(Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector128<float> a, Vector128<float> b) => (Ordinary(a) & Ordinary(b)).ExtractMostSignificantBits() == 0xF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Operand(Vector128<double> a) => ((a.AsUInt64() << 1) + Vector128<ulong>.AllBitsSet).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Operand(Vector128<float> a) => (a.AsUInt32() << 1) + Vector128<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Result(Vector128<double> r) => ((r.AsUInt64() << 1) + Vector128.Create(1UL << 53)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Result(Vector128<float> r) => (r.AsUInt32() << 1) + Vector128.Create(1U << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsLeast(Vector128<uint> keys) => Vector128.GreaterThanOrEqualAll(keys | Vector128.Create(LowerHalf).AsUInt32(), Vector128.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> Zeros(Vector128<double> a) => Vector128.Equals(a, default).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Zeros(Vector128<float> a) => Vector128.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Ordinary(Vector128<double> a) =>
        Vector128.GreaterThanOrEqual(Vector128.Abs(a), Vector128.Create(2.2250738585072014E-308)).AsUInt64() | Zeros(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Ordinary(Vector128<float> a) =>
        Vector128.GreaterThanOrEqual(Vector128.Abs(a), Vector128.Create(1.17549435E-38f)).AsUInt32() | Zeros(a);
}
