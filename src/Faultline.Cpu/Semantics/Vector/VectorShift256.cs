using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorShift"/> by one count for all lanes.</summary>
internal static unsafe class VectorShift256
{
    public static V Left16(CpuState* s, V a, V count) => Left16(a, Count(count));

    public static V Left32(CpuState* s, V a, V count) => Left32(a, Count(count));

    public static V Left64(CpuState* s, V a, V count) => Left64(a, Count(count));

    public static V Right16(CpuState* s, V a, V count) => Right16(a, Count(count));

    public static V Right32(CpuState* s, V a, V count) => Right32(a, Count(count));

    public static V Right64(CpuState* s, V a, V count) => Right64(a, Count(count));

    public static V Arithmetic16(CpuState* s, V a, V count) => Arithmetic16(a, Count(count));

    public static V Arithmetic32(CpuState* s, V a, V count) => Arithmetic32(a, Count(count));

    public static V Left16Immediate(CpuState* s, V a, byte count) => Left16(a, count);

    public static V Left32Immediate(CpuState* s, V a, byte count) => Left32(a, count);

    public static V Left64Immediate(CpuState* s, V a, byte count) => Left64(a, count);

    public static V Right16Immediate(CpuState* s, V a, byte count) => Right16(a, count);

    public static V Right32Immediate(CpuState* s, V a, byte count) => Right32(a, count);

    public static V Right64Immediate(CpuState* s, V a, byte count) => Right64(a, count);

    public static V Arithmetic16Immediate(CpuState* s, V a, byte count) => Arithmetic16(a, count);

    public static V Arithmetic32Immediate(CpuState* s, V a, byte count) => Arithmetic32(a, count);

    private static int Count(V count) => (int)Math.Min(count.AsUInt64().ToScalar(), 64);

    private static V Left16(V a, int count) => count > 15 ? V.Zero : (a.AsUInt16() << count).AsByte();

    private static V Left32(V a, int count) => count > 31 ? V.Zero : (a.AsUInt32() << count).AsByte();

    private static V Left64(V a, int count) => count > 63 ? V.Zero : (a.AsUInt64() << count).AsByte();

    private static V Right16(V a, int count) => count > 15 ? V.Zero : (a.AsUInt16() >>> count).AsByte();

    private static V Right32(V a, int count) => count > 31 ? V.Zero : (a.AsUInt32() >>> count).AsByte();

    private static V Right64(V a, int count) => count > 63 ? V.Zero : (a.AsUInt64() >>> count).AsByte();

    private static V Arithmetic16(V a, int count) => (a.AsInt16() >> Math.Min(count, 15)).AsByte();

    private static V Arithmetic32(V a, int count) => (a.AsInt32() >> Math.Min(count, 31)).AsByte();
}
