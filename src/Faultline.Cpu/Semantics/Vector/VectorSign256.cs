using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit absolute values and signs (see <see cref="VectorHorizontal"/>).</summary>
internal static unsafe class VectorSign256
{
    /// <summary>VPABSB; the most negative value stays.</summary>
    public static V Absolute8(CpuState* s, V a) => Vector256.Abs(a.AsSByte()).AsByte();

    /// <summary>VPABSW.</summary>
    public static V Absolute16(CpuState* s, V a) => Vector256.Abs(a.AsInt16()).AsByte();

    /// <summary>VPABSD.</summary>
    public static V Absolute32(CpuState* s, V a) => Vector256.Abs(a.AsInt32()).AsByte();

    /// <summary>VPSIGNB: negated where the second operand is negative, zero where that is zero.</summary>
    public static V Sign8(CpuState* s, V a, V b)
    {
        Vector256<sbyte> sign = b.AsSByte() >> 7;
        return ((a.AsSByte() ^ sign) - sign).AsByte() & ~Vector256.Equals(b, V.Zero);
    }

    /// <summary>VPSIGNW.</summary>
    public static V Sign16(CpuState* s, V a, V b)
    {
        Vector256<short> sign = b.AsInt16() >> 15;
        return (((a.AsInt16() ^ sign) - sign) & ~Vector256.Equals(b.AsInt16(), Vector256<short>.Zero)).AsByte();
    }

    /// <summary>VPSIGND.</summary>
    public static V Sign32(CpuState* s, V a, V b)
    {
        Vector256<int> sign = b.AsInt32() >> 31;
        return (((a.AsInt32() ^ sign) - sign) & ~Vector256.Equals(b.AsInt32(), Vector256<int>.Zero)).AsByte();
    }
}
