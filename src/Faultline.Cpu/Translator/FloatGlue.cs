using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Vector;
using static Faultline.Cpu.Semantics.Vector.FloatControl;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Floating-point operations and the checks that they were routine, as translated code has them inline: no calls, because of which the JIT would keep registers in
/// memory. See <see cref="FloatControl"/> for what routine means; what is not leaves the region. Methods end in the kind of their operands: Sd, Ss, Pd, Ps, Pd256, Ps256.
/// </summary>
internal static partial class FloatGlue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastFloat(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a, Vector128.Create(Least32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastFloat(Vector256<uint> a) => Vector256.GreaterThanOrEqualAll(a, Vector256.Create(Least32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastSd(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a | Vector128.Create(LowerHalf, ulong.MaxValue).AsUInt32(), Vector128.Create(LeastUpper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeastSs(Vector128<uint> a) => Vector128.GreaterThanOrEqualAll(a | Vector128.Create(0, uint.MaxValue, uint.MaxValue, uint.MaxValue), Vector128.Create(Least32));

    /// <summary>Neither denormal nor a NaN: a comparison raises nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OrdinarySd(Vector128<byte> a) => IsOrdinary(a.AsUInt64().ToScalar());

    /// <inheritdoc cref="OrdinarySd"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OrdinarySs(Vector128<byte> a) => IsOrdinary(a.AsUInt32().ToScalar());

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
