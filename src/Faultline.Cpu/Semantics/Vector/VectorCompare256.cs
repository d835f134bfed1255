using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorCompare"/>.</summary>
internal static unsafe class VectorCompare256
{
    public static V Equal8(CpuState* s, V a, V b) => Vector256.Equals(a, b);

    public static V Equal16(CpuState* s, V a, V b) => Vector256.Equals(a.AsUInt16(), b.AsUInt16()).AsByte();

    public static V Equal32(CpuState* s, V a, V b) => Vector256.Equals(a.AsUInt32(), b.AsUInt32()).AsByte();

    public static V Equal64(CpuState* s, V a, V b) => Vector256.Equals(a.AsUInt64(), b.AsUInt64()).AsByte();

    public static V Greater8(CpuState* s, V a, V b) => Vector256.GreaterThan(a.AsSByte(), b.AsSByte()).AsByte();

    public static V Greater16(CpuState* s, V a, V b) => Vector256.GreaterThan(a.AsInt16(), b.AsInt16()).AsByte();

    public static V Greater32(CpuState* s, V a, V b) => Vector256.GreaterThan(a.AsInt32(), b.AsInt32()).AsByte();

    public static V Greater64(CpuState* s, V a, V b) => Vector256.GreaterThan(a.AsInt64(), b.AsInt64()).AsByte();

    public static V MinS8(CpuState* s, V a, V b) => Vector256.Min(a.AsSByte(), b.AsSByte()).AsByte();

    public static V MinU8(CpuState* s, V a, V b) => Vector256.Min(a, b);

    public static V MinS16(CpuState* s, V a, V b) => Vector256.Min(a.AsInt16(), b.AsInt16()).AsByte();

    public static V MinU16(CpuState* s, V a, V b) => Vector256.Min(a.AsUInt16(), b.AsUInt16()).AsByte();

    public static V MinS32(CpuState* s, V a, V b) => Vector256.Min(a.AsInt32(), b.AsInt32()).AsByte();

    public static V MinU32(CpuState* s, V a, V b) => Vector256.Min(a.AsUInt32(), b.AsUInt32()).AsByte();

    public static V MaxS8(CpuState* s, V a, V b) => Vector256.Max(a.AsSByte(), b.AsSByte()).AsByte();

    public static V MaxU8(CpuState* s, V a, V b) => Vector256.Max(a, b);

    public static V MaxS16(CpuState* s, V a, V b) => Vector256.Max(a.AsInt16(), b.AsInt16()).AsByte();

    public static V MaxU16(CpuState* s, V a, V b) => Vector256.Max(a.AsUInt16(), b.AsUInt16()).AsByte();

    public static V MaxS32(CpuState* s, V a, V b) => Vector256.Max(a.AsInt32(), b.AsInt32()).AsByte();

    public static V MaxU32(CpuState* s, V a, V b) => Vector256.Max(a.AsUInt32(), b.AsUInt32()).AsByte();
}
