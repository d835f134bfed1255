using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Vectors joined from the halves of two others. On x86-64 hosts by the instruction for it: through Vector64, which has no register there, the JIT would go through
/// memory, and the load would have to wait for two stores.
/// </summary>
internal static class VectorHalves
{
    /// <summary>The lower half of <paramref name="a"/>, then that of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lowers(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsByte() : Vector128.Create(a.GetLower(), b.GetLower());

    /// <summary>The upper half of <paramref name="a"/>, then that of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Uppers(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsByte() : Vector128.Create(a.GetUpper(), b.GetUpper());

    /// <summary>The lower half of <paramref name="a"/>, then the upper half of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowerAndUpper(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.MoveScalar(b.AsDouble(), a.AsDouble()).AsByte() : Vector128.Create(a.GetLower(), b.GetUpper());
}
