using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// VTESTPS and VTESTPD, of the elements' signs only: ZF when no element is negative in both operands, CF when none is in the second alone; the other status flags
/// clear (SDM vol. 2, VTESTPD).
/// </summary>
internal static unsafe class FloatTest
{
    /// <summary>VTESTPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Single(CpuState* s, Vector128<byte> a, Vector128<byte> b) =>
        SetFlags(s, a.AsSingle().ExtractMostSignificantBits(), b.AsSingle().ExtractMostSignificantBits());

    /// <summary>VTESTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Double(CpuState* s, Vector128<byte> a, Vector128<byte> b) =>
        SetFlags(s, a.AsDouble().ExtractMostSignificantBits(), b.AsDouble().ExtractMostSignificantBits());

    /// <summary>VTESTPS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Single(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        SetFlags(s, a.AsSingle().ExtractMostSignificantBits(), b.AsSingle().ExtractMostSignificantBits());

    /// <summary>VTESTPD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Double(CpuState* s, Vector256<byte> a, Vector256<byte> b) =>
        SetFlags(s, a.AsDouble().ExtractMostSignificantBits(), b.AsDouble().ExtractMostSignificantBits());

    private static void SetFlags(CpuState* s, uint a, uint b) => Flags.SetStatus(s, ((a & b) == 0 ? Rflags.ZF : 0) | ((~a & b) == 0 ? Rflags.CF : 0));
}
