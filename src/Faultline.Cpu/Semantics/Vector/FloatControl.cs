using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// What all SSE floating-point bodies share: when the host's arithmetic may be used, and how exceptions end an instruction.
/// </summary>
/// <remarks>
/// A body computes with the host's floats and looks at operands and result. While all of them are normal numbers, rounding is to nearest and exceptions
/// are masked, the only flag that can change is PE, and that one is sticky: once set, nothing is left to find out (FTZ and DAZ do not matter
/// either). All other cases go out of line to the software engine, which is also what finds out whether a result is exact. NaNs never come from
/// the host, because which operand's NaN survives differs between hosts and compilers.
/// </remarks>
internal static unsafe class FloatControl
{
    // MXCSR (SDM vol. 1, 10.2.3): flags in bits 0 to 5, DAZ 6, masks 7 to 12, RC 13 and 14, FTZ 15.
    private const uint FastMask = 0x7FA0;
    private const uint Fast = 0x1FA0;
    private const uint PrecisionMask = 0x7020;
    private const uint Precision = 0x1020;
    private const uint TruncationMask = 0x1020;

    /// <summary>Whether rounding is to nearest, everything is masked, and PE is set already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFast(CpuState* s) => (s->Mxcsr & FastMask) == Fast;

    /// <summary>Whether rounding is to nearest and PE is masked and set already; for operations that can raise nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPrecisionFast(CpuState* s) => (s->Mxcsr & PrecisionMask) == Precision;

    /// <summary>Whether PE is masked and set already; for truncations, which ignore the rounding control.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTruncationFast(CpuState* s) => (s->Mxcsr & TruncationMask) == TruncationMask;

    /// <summary>Ends an instruction's computation: sets the sticky flags, and raises #XM when one of them is not masked. The destination must be unchanged.</summary>
    public static void Finish(CpuState* s, in FloatContext c)
    {
        s->Mxcsr |= c.Raised;
        if (c.Unmasked != 0)
            Raise.SimdFloatingPoint(s);
    }

    /// <summary>Neither zero, denormal, infinite nor a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNormal(ulong bits) => (bits << 1) - (1UL << 53) < 0x7FEUL << 53;

    /// <inheritdoc cref="IsNormal(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNormal(uint bits) => (bits << 1) - (1U << 24) < 0xFEU << 24;

    /// <summary>Normal, and too large to have been rounded up from a tiny value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSafe(ulong bits) => (bits << 1) - (2UL << 53) < 0x7FDUL << 53;

    /// <inheritdoc cref="IsSafe(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSafe(uint bits) => (bits << 1) - (2U << 24) < 0xFDU << 24;

    /// <summary>Neither denormal nor a NaN: a comparison raises nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(ulong bits) => (bits << 1) - (1UL << 53) <= 0x7FEUL << 53 || bits << 1 == 0;

    /// <inheritdoc cref="IsOrdinary(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(uint bits) => (bits << 1) - (1U << 24) <= 0xFEU << 24 || bits << 1 == 0;

    /// <summary>Whether all elements of three vectors are normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Class(a), Class(b)), Class(c)), Vector128.Create(2U << 21));

    /// <inheritdoc cref="AreNormal(Vector128{double}, Vector128{double}, Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.GreaterThanOrEqualAll(Vector128.Min(Vector128.Min(Class(a), Class(b)), Class(c)), Vector128.Create(2U << 24));

    /// <summary>Whether all elements are normal and too large to have been rounded up from a tiny value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreSafe(Vector128<double> a) => Vector128.GreaterThanOrEqualAll(Class(a), Vector128.Create(3U << 21));

    /// <inheritdoc cref="AreSafe(Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreSafe(Vector128<float> a) => Vector128.GreaterThanOrEqualAll(Class(a), Vector128.Create(3U << 24));

    /// <summary>Whether all elements are neither denormal nor NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector128<double> a)
    {
        Vector128<double> magnitude = Vector128.Abs(a);
        return (Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(2.2250738585072014E-308)) | Vector128.Equals(a, default)).AsUInt64()
            == Vector128<ulong>.AllBitsSet;
    }

    /// <inheritdoc cref="AreOrdinary(Vector128{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOrdinary(Vector128<float> a)
    {
        Vector128<float> magnitude = Vector128.Abs(a);
        return (Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(1.17549435E-38f)) | Vector128.Equals(a, default)).AsUInt32()
            == Vector128<uint>.AllBitsSet;
    }

    /// <summary>Exponent fields plus one in the top bits of each element's upper half: 0 for infinities and NaNs, 1 for zeros and denormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Class(Vector128<double> a) =>
        ((a.AsUInt32() << 1) + Vector128.Create(1U << 21)) | Vector128.Create(0x00000000FFFFFFFFUL).AsUInt32();

    /// <summary>Exponent fields plus one in the top bits of each element: 0 for infinities and NaNs, 1 for zeros and denormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Class(Vector128<float> a) => (a.AsUInt32() << 1) + Vector128.Create(1U << 24);
}
