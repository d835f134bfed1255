using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Lane products and sums of products. What has no portable equivalent of one instruction uses the host's.</summary>
internal static unsafe class VectorMultiply
{
    /// <summary>PMULLW.</summary>
    public static V Low16(CpuState* s, V a, V b) => (a.AsUInt16() * b.AsUInt16()).AsByte();

    /// <summary>PMULLD.</summary>
    public static V Low32(CpuState* s, V a, V b) => (a.AsUInt32() * b.AsUInt32()).AsByte();

    /// <summary>PMULHW.</summary>
    public static V HighS16(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.MultiplyHigh(a.AsInt16(), b.AsInt16()).AsByte()
        : Vector128.Narrow(
            Vector128.WidenLower(a.AsInt16()) * Vector128.WidenLower(b.AsInt16()) >> 16,
            Vector128.WidenUpper(a.AsInt16()) * Vector128.WidenUpper(b.AsInt16()) >> 16).AsByte();

    /// <summary>PMULHUW.</summary>
    public static V HighU16(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.MultiplyHigh(a.AsUInt16(), b.AsUInt16()).AsByte()
        : Vector128.Narrow(
            Vector128.WidenLower(a.AsUInt16()) * Vector128.WidenLower(b.AsUInt16()) >>> 16,
            Vector128.WidenUpper(a.AsUInt16()) * Vector128.WidenUpper(b.AsUInt16()) >>> 16).AsByte();

    /// <summary>PMULHRSW: the product's bits 30 to 14, rounded and halved.</summary>
    public static V HighRounded16(CpuState* s, V a, V b) => Ssse3.IsSupported
        ? Ssse3.MultiplyHighRoundScale(a.AsInt16(), b.AsInt16()).AsByte()
        : Vector128.Narrow(
            Rounded(Vector128.WidenLower(a.AsInt16()) * Vector128.WidenLower(b.AsInt16())),
            Rounded(Vector128.WidenUpper(a.AsInt16()) * Vector128.WidenUpper(b.AsInt16()))).AsByte();

    /// <summary>PMULUDQ: products of the even unsigned doublewords.</summary>
    public static V WideU32(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.Multiply(a.AsUInt32(), b.AsUInt32()).AsByte()
        : ((a.AsUInt64() & Vector128.Create(0xffffffffUL)) * (b.AsUInt64() & Vector128.Create(0xffffffffUL))).AsByte();

    /// <summary>PMULDQ: products of the even signed doublewords.</summary>
    public static V WideS32(CpuState* s, V a, V b) => Sse41.IsSupported
        ? Sse41.Multiply(a.AsInt32(), b.AsInt32()).AsByte()
        : Vector128.Create((long)a.AsInt32()[0] * b.AsInt32()[0], (long)a.AsInt32()[2] * b.AsInt32()[2]).AsByte();

    /// <summary>PMADDWD: sums of adjacent signed products; the one sum that overflows wraps.</summary>
    public static V AddPairs16(CpuState* s, V a, V b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();
        Vector128<int> x = a.AsInt32();
        Vector128<int> y = b.AsInt32();
        return ((x << 16 >> 16) * (y << 16 >> 16) + (x >> 16) * (y >> 16)).AsByte();
    }

    /// <summary>PMADDUBSW: adjacent products of unsigned (first operand) and signed bytes, their sums saturated.</summary>
    public static V AddPairs8(CpuState* s, V a, V b)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyAddAdjacent(a, b.AsSByte()).AsByte();
        Vector128<short> even = (a.AsInt16() & Vector128.Create((short)0xff)) * (b.AsInt16() << 8 >> 8);
        Vector128<short> odd = (a.AsInt16() >>> 8) * (b.AsInt16() >> 8);
        return Vector128.AddSaturate(even, odd).AsByte();
    }

    /// <summary>PSADBW: in each half, the sum of the eight absolute differences.</summary>
    public static V SumOfDifferences(CpuState* s, V a, V b)
    {
        if (Sse2.IsSupported)
            return Sse2.SumAbsoluteDifferences(a, b).AsByte();
        V difference = Vector128.Max(a, b) - Vector128.Min(a, b);
        return Vector128.Create((ulong)Vector128.Sum(Vector128.WidenLower(difference)), Vector128.Sum(Vector128.WidenUpper(difference))).AsByte();
    }

    /// <summary>MPSADBW: sums of four absolute differences between one block of <paramref name="b"/> and eight overlapping blocks of <paramref name="a"/>.</summary>
    public static V SumsOfBlockDifferences(CpuState* s, V a, V b, byte blocks)
    {
        int start = blocks & 4;
        int block = (blocks & 3) * 4;
        Vector128<ushort> result = default;
        for (int i = 0; i < 8; i++)
        {
            int sum = 0;
            for (int j = 0; j < 4; j++)
                sum += Math.Abs(a[start + i + j] - b[block + j]);
            result = result.WithElement(i, (ushort)sum);
        }
        return result.AsByte();
    }

    private static Vector128<int> Rounded(Vector128<int> product) => ((product >> 14) + Vector128<int>.One) >> 1;
}
