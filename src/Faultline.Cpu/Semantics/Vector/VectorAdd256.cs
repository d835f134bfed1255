using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorAdd"/>.</summary>
internal static unsafe class VectorAdd256
{
    public static V Add8(CpuState* s, V a, V b) => a + b;

    public static V Add16(CpuState* s, V a, V b) => (a.AsUInt16() + b.AsUInt16()).AsByte();

    public static V Add32(CpuState* s, V a, V b) => (a.AsUInt32() + b.AsUInt32()).AsByte();

    public static V Add64(CpuState* s, V a, V b) => (a.AsUInt64() + b.AsUInt64()).AsByte();

    public static V Sub8(CpuState* s, V a, V b) => a - b;

    public static V Sub16(CpuState* s, V a, V b) => (a.AsUInt16() - b.AsUInt16()).AsByte();

    public static V Sub32(CpuState* s, V a, V b) => (a.AsUInt32() - b.AsUInt32()).AsByte();

    public static V Sub64(CpuState* s, V a, V b) => (a.AsUInt64() - b.AsUInt64()).AsByte();

    public static V AddSaturateS8(CpuState* s, V a, V b) => Vector256.AddSaturate(a.AsSByte(), b.AsSByte()).AsByte();

    public static V AddSaturateS16(CpuState* s, V a, V b) => Vector256.AddSaturate(a.AsInt16(), b.AsInt16()).AsByte();

    public static V AddSaturateU8(CpuState* s, V a, V b) => Vector256.AddSaturate(a, b);

    public static V AddSaturateU16(CpuState* s, V a, V b) => Vector256.AddSaturate(a.AsUInt16(), b.AsUInt16()).AsByte();

    public static V SubSaturateS8(CpuState* s, V a, V b) => Vector256.SubtractSaturate(a.AsSByte(), b.AsSByte()).AsByte();

    public static V SubSaturateS16(CpuState* s, V a, V b) => Vector256.SubtractSaturate(a.AsInt16(), b.AsInt16()).AsByte();

    public static V SubSaturateU8(CpuState* s, V a, V b) => Vector256.SubtractSaturate(a, b);

    public static V SubSaturateU16(CpuState* s, V a, V b) => Vector256.SubtractSaturate(a.AsUInt16(), b.AsUInt16()).AsByte();

    /// <summary>PAVGB: (a + b + 1) / 2 without overflow.</summary>
    public static V Average8(CpuState* s, V a, V b) => (a | b) - ((a ^ b) >>> 1);

    /// <summary>PAVGW.</summary>
    public static V Average16(CpuState* s, V a, V b) => ((a | b).AsUInt16() - ((a ^ b).AsUInt16() >>> 1)).AsByte();
}
