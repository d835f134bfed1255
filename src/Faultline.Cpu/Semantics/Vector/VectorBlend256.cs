using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorBlend"/>, and halves in and out.</summary>
internal static unsafe class VectorBlend256
{
    /// <summary>VPBLENDVB: the second operand where the mask's lane is negative.</summary>
    public static V Variable8(CpuState* s, V a, V b, V mask) => Vector256.ConditionalSelect((mask.AsSByte() >> 7).AsByte(), b, a);

    /// <summary>VBLENDVPS.</summary>
    public static V Variable32(CpuState* s, V a, V b, V mask) => Vector256.ConditionalSelect((mask.AsInt32() >> 31).AsByte(), b, a);

    /// <summary>VBLENDVPD.</summary>
    public static V Variable64(CpuState* s, V a, V b, V mask) => Vector256.ConditionalSelect((mask.AsInt64() >> 63).AsByte(), b, a);

    /// <summary>VPBLENDW: both halves have the immediate.</summary>
    public static V Immediate16(CpuState* s, V a, V b, byte bits)
    {
        Vector256<ushort> lane = Vector256.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create((ushort)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>VBLENDPS, VPBLENDD.</summary>
    public static V Immediate32(CpuState* s, V a, V b, byte bits)
    {
        Vector256<uint> lane = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create((uint)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>VBLENDPD.</summary>
    public static V Immediate64(CpuState* s, V a, V b, byte bits)
    {
        Vector256<ulong> lane = Vector256.Create(1UL, 2, 4, 8);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create((ulong)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>VINSERTF128, VINSERTI128: the second operand's lower half in the place of a half of the first.</summary>
    public static V InsertHalf(CpuState* s, V a, V b, byte half) => (half & 1) != 0 ? a.WithUpper(b.GetLower()) : a.WithLower(b.GetLower());

    /// <summary>VEXTRACTF128, VEXTRACTI128.</summary>
    public static V128 ExtractHalf(CpuState* s, V a, byte half) => (half & 1) != 0 ? a.GetUpper() : a.GetLower();
}
