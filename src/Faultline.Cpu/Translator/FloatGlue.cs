using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Vector;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Floating-point operations and the checks that they were routine, as translated code has them inline: no calls, because of which the JIT would keep registers in
/// memory. See <see cref="FloatControl"/> for what routine means; what is not leaves the region. Methods end in the kind of their operands: Sd, Ss, Pd, Ps, Pd256, Ps256.
/// </summary>
internal static partial class FloatGlue
{
    /// <summary>Twice the bits of a single whose biased exponent is 3.</summary>
    private const uint Least = 3U << 24;

    /// <summary>The upper half of twice the bits of a double whose biased exponent is 3.</summary>
    private const uint LeastUpper = 3U << 21;

    private const ulong LowerHalf = 0x00000000FFFFFFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Operand(Vector128<double> a) => ((a.AsUInt64() << 1) + Vector128<ulong>.AllBitsSet).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Operand(Vector128<float> a) => (a.AsUInt32() << 1) + Vector128<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Result(Vector128<double> r) => ((r.AsUInt64() << 1) + Vector128.Create(1UL << 53)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Result(Vector128<float> r) => (r.AsUInt32() << 1) + Vector128.Create(1U << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Zeros(Vector128<double> a) => Vector128.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Zeros(Vector128<float> a) => Vector128.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastDouble(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a | Vector128.Create(LowerHalf).AsUInt32(), Vector128.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastFloat(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a, Vector128.Create(Least));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Operand(Vector256<double> a) => ((a.AsUInt64() << 1) + Vector256<ulong>.AllBitsSet).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Operand(Vector256<float> a) => (a.AsUInt32() << 1) + Vector256<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Result(Vector256<double> r) => ((r.AsUInt64() << 1) + Vector256.Create(1UL << 53)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Result(Vector256<float> r) => (r.AsUInt32() << 1) + Vector256.Create(1U << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Zeros(Vector256<double> a) => Vector256.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Zeros(Vector256<float> a) => Vector256.Equals(a, default).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastDouble(Vector256<uint> a) => Vector256.GreaterThanOrEqualAll(a | Vector256.Create(LowerHalf).AsUInt32(), Vector256.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastFloat(Vector256<uint> a) => Vector256.GreaterThanOrEqualAll(a, Vector256.Create(Least));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastSd(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a | Vector128.Create(LowerHalf, ulong.MaxValue).AsUInt32(), Vector128.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastSs(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a | Vector128.Create(0, uint.MaxValue, uint.MaxValue, uint.MaxValue), Vector128.Create(Least));

    /// <summary>Neither denormal nor a NaN: a comparison raises nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OrdinarySd(Vector128<byte> a) => FloatControl.IsOrdinary(a.AsUInt64().ToScalar());

    /// <inheritdoc cref="OrdinarySd"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OrdinarySs(Vector128<byte> a) => FloatControl.IsOrdinary(a.AsUInt32().ToScalar());

    /// <summary>The low element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ValueSd(Vector128<byte> a) => a.AsDouble().ToScalar();

    /// <summary>The low element as a double, which it is exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ValueSs(Vector128<byte> a) => a.AsSingle().ToScalar();

    /// <summary>The bits of a double, for flags at joins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(double a) => BitConverter.DoubleToUInt64Bits(a);
}
