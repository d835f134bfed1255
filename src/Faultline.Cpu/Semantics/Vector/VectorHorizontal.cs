using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Sums and differences of adjacent lanes, the first operand's in the low half; signs; the smallest lane.</summary>
internal static unsafe class VectorHorizontal
{
    /// <summary>PHADDW.</summary>
    public static V Add16(CpuState* s, V a, V b) => (Even16(a, b) + Odd16(a, b)).AsByte();

    /// <summary>PHADDD.</summary>
    public static V Add32(CpuState* s, V a, V b) => (Even32(a, b) + Odd32(a, b)).AsByte();

    /// <summary>PHADDSW.</summary>
    public static V AddSaturate16(CpuState* s, V a, V b) => Vector128.AddSaturate(Even16(a, b).AsInt16(), Odd16(a, b).AsInt16()).AsByte();

    /// <summary>PHSUBW: the even lane minus the odd one.</summary>
    public static V Sub16(CpuState* s, V a, V b) => (Even16(a, b) - Odd16(a, b)).AsByte();

    /// <summary>PHSUBD.</summary>
    public static V Sub32(CpuState* s, V a, V b) => (Even32(a, b) - Odd32(a, b)).AsByte();

    /// <summary>PHSUBSW.</summary>
    public static V SubSaturate16(CpuState* s, V a, V b) => Vector128.SubtractSaturate(Even16(a, b).AsInt16(), Odd16(a, b).AsInt16()).AsByte();

    /// <summary>PABSB; the most negative value stays.</summary>
    public static V Absolute8(CpuState* s, V a)
    {
        Vector128<sbyte> sign = a.AsSByte() >> 7;
        return ((a.AsSByte() ^ sign) - sign).AsByte();
    }

    /// <summary>PABSW.</summary>
    public static V Absolute16(CpuState* s, V a)
    {
        Vector128<short> sign = a.AsInt16() >> 15;
        return ((a.AsInt16() ^ sign) - sign).AsByte();
    }

    /// <summary>PABSD.</summary>
    public static V Absolute32(CpuState* s, V a)
    {
        Vector128<int> sign = a.AsInt32() >> 31;
        return ((a.AsInt32() ^ sign) - sign).AsByte();
    }

    /// <summary>PSIGNB: negated where the second operand is negative, zero where that is zero.</summary>
    public static V Sign8(CpuState* s, V a, V b)
    {
        Vector128<sbyte> sign = b.AsSByte() >> 7;
        return ((a.AsSByte() ^ sign) - sign).AsByte() & ~Vector128.Equals(b, V.Zero);
    }

    /// <summary>PSIGNW.</summary>
    public static V Sign16(CpuState* s, V a, V b)
    {
        Vector128<short> sign = b.AsInt16() >> 15;
        return (((a.AsInt16() ^ sign) - sign) & ~Vector128.Equals(b.AsInt16(), Vector128<short>.Zero)).AsByte();
    }

    /// <summary>PSIGND.</summary>
    public static V Sign32(CpuState* s, V a, V b)
    {
        Vector128<int> sign = b.AsInt32() >> 31;
        return (((a.AsInt32() ^ sign) - sign) & ~Vector128.Equals(b.AsInt32(), Vector128<int>.Zero)).AsByte();
    }

    /// <summary>PHMINPOSUW: the smallest unsigned word, then the index of its first occurrence, zeros above.</summary>
    public static V MinimumPosition(CpuState* s, V a)
    {
        int position = 0;
        for (int i = 1; i < 8; i++)
        {
            if (a.AsUInt16()[i] < a.AsUInt16()[position])
                position = i;
        }
        return Vector128.CreateScalar(a.AsUInt16()[position] | (uint)position << 16).AsByte();
    }

    private static Vector128<ushort> Even16(V a, V b) => Vector128.Narrow(a.AsUInt32(), b.AsUInt32());

    private static Vector128<ushort> Odd16(V a, V b) => Vector128.Narrow(a.AsUInt32() >>> 16, b.AsUInt32() >>> 16);

    private static Vector128<uint> Even32(V a, V b) => Vector128.Narrow(a.AsUInt64(), b.AsUInt64());

    private static Vector128<uint> Odd32(V a, V b) => Vector128.Narrow(a.AsUInt64() >>> 32, b.AsUInt64() >>> 32);
}
