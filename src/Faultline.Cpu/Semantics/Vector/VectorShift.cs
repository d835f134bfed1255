using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Lane shifts by one count for all lanes: the low 64 bits of the second operand, or an immediate. Logical shifts by the lane width or more give
/// zero, arithmetic ones copies of the sign.
/// </summary>
internal static unsafe class VectorShift
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

    /// <summary>PSLLDQ: left by bytes. Indices below zero wrap to out of range, which selects zero.</summary>
    public static V LeftBytes(CpuState* s, V a, byte count) => count > 15 ? V.Zero : Vector128.Shuffle(a, V.Indices - Vector128.Create(count));

    /// <summary>PSRLDQ: right by bytes.</summary>
    public static V RightBytes(CpuState* s, V a, byte count) => count > 15 ? V.Zero : Vector128.Shuffle(a, V.Indices + Vector128.Create(count));

    /// <summary>PALIGNR: 16 bytes of a:b from byte <paramref name="count"/> on, zeros beyond.</summary>
    public static V AlignRight(CpuState* s, V a, V b, byte count)
    {
        if (count > 31)
            return V.Zero;
        V index = V.Indices + Vector128.Create(count);
        return Vector128.Shuffle(b, index) | Vector128.Shuffle(a, index - Vector128.Create((byte)16));
    }

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
