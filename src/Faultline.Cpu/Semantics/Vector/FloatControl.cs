using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// What all SSE floating-point bodies share: when the host's arithmetic may be used, and how exceptions end an instruction.
/// </summary>
/// <remarks>
/// A body computes with the host's floats and looks at operands and result. While operands are normal numbers or zeros and results are normal, rounding is to
/// nearest and exceptions are masked, the only flag that can change is PE, and that one is sticky: once set, nothing is left to find out (FTZ and DAZ do not
/// matter either). All other cases go out of line to the software engine, which is also what finds out whether a result is exact. NaNs never come from
/// the host, because which operand's NaN survives differs between hosts and compilers.
///
/// Translated loops consist of these checks, so they are as few instructions as could be found: twice the bits of a number drop its sign, and one addition more
/// turns what is not wanted into the smallest unsigned numbers. For operands that addition is -1, which makes a zero the largest number. For results it is one
/// exponent, which wraps infinities and NaNs around to the bottom, next to zeros and denormals. A NaN or infinity as an operand leaves a NaN, an infinity
/// or (as a divisor) a zero as the result of every operation here, so that the result alone tells.
///
/// A body assigns what the out-of-line method returns to its result as a vector of another type. Assigned as it is, that method would write to the result, which would
/// then live in memory on the fast path too, at three times the cost of an addition (measured with .NET 10).
/// </remarks>
internal static unsafe partial class FloatControl
{
    // MXCSR (SDM vol. 1, 10.2.3): flags in bits 0 to 5, DAZ 6, masks 7 to 12, RC 13 and 14, FTZ 15.
    private const uint FastMask = 0x7FA0;
    private const uint Fast = 0x1FA0;
    private const uint PrecisionMask = 0x7020;
    private const uint Precision = 0x1020;
    private const uint TruncationMask = 0x1020;

    /// <summary>Twice the bits of a number whose biased exponent is 3, or is 2 and was raised by one.</summary>
    internal const uint Least32 = 3U << 24;

    /// <summary>Whether rounding is to nearest, everything is masked, and PE is set already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFast(CpuState* s) => (s->Mxcsr & FastMask) == Fast;

    /// <summary>Whether rounding is to nearest and PE is masked and set already; for operations that can raise nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPrecisionFast(CpuState* s) => (s->Mxcsr & PrecisionMask) == Precision;

    /// <summary>Whether PE is masked and set already; for truncations, which ignore the rounding control.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTruncationFast(CpuState* s) => (s->Mxcsr & TruncationMask) == TruncationMask;

    /// <summary>
    /// Whether the host has fused multiply-add as an instruction. What .NET calls otherwise is the C library's, whose exactness is not ours to promise.
    /// </summary>
    public static bool HasFused
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

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

    /// <summary>A positive normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPositive(ulong bits) => bits - (1UL << 52) < 0x7FEUL << 52;

    /// <inheritdoc cref="IsPositive(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPositive(uint bits) => bits - (1U << 23) < 0xFEU << 23;

    /// <summary>
    /// For operands of arithmetic: zero, or neither denormal nor close to it. Infinities and NaNs pass, because they leave a result that <see cref="IsResult(ulong)"/> rejects.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(ulong bits) => ((bits << 1) - 1) >> 53 >= 3;

    /// <inheritdoc cref="IsOperand(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(uint bits) => (bits << 1) - 1 >= Least32;

    /// <summary>Whether an operation was routine: operands and result are what <see cref="IsOperand(ulong)"/> and <see cref="IsResult(ulong)"/> let pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(ulong a, ulong b, ulong r) => IsOperand(a) && IsOperand(b) && IsResult(r);

    /// <inheritdoc cref="AreRoutine(ulong, ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRoutine(uint a, uint b, uint r) => IsOperand(a) && IsOperand(b) && IsResult(r);

    /// <summary>For results of arithmetic: normal, and too large to have been rounded up from a tiny value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(ulong bits) => (uint)((bits << 1) >> 53) - 2 <= 0x7FC;

    /// <inheritdoc cref="IsResult(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(uint bits) => (bits << 1) + (1U << 24) >= Least32;

    /// <summary>Neither denormal nor a NaN: a comparison raises nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(ulong bits) => (bits << 1) - (1UL << 53) <= 0x7FEUL << 53 || bits << 1 == 0;

    /// <inheritdoc cref="IsOrdinary(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(uint bits) => (bits << 1) - (1U << 24) <= 0xFEU << 24 || bits << 1 == 0;
}
