using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorMultiply"/>. What has no portable equivalent of one instruction uses the host's.</summary>
internal static unsafe class VectorMultiply256
{
    /// <summary>VPMULLW.</summary>
    public static V Low16(CpuState* s, V a, V b) => (a.AsUInt16() * b.AsUInt16()).AsByte();

    /// <summary>VPMULLD.</summary>
    public static V Low32(CpuState* s, V a, V b) => (a.AsUInt32() * b.AsUInt32()).AsByte();

    /// <summary>VPMULHW.</summary>
    public static V HighS16(CpuState* s, V a, V b) => Avx2.IsSupported
        ? Avx2.MultiplyHigh(a.AsInt16(), b.AsInt16()).AsByte()
        : Vector256.Narrow(
            Vector256.WidenLower(a.AsInt16()) * Vector256.WidenLower(b.AsInt16()) >> 16,
            Vector256.WidenUpper(a.AsInt16()) * Vector256.WidenUpper(b.AsInt16()) >> 16).AsByte();

    /// <summary>VPMULHUW.</summary>
    public static V HighU16(CpuState* s, V a, V b) => Avx2.IsSupported
        ? Avx2.MultiplyHigh(a.AsUInt16(), b.AsUInt16()).AsByte()
        : Vector256.Narrow(
            Vector256.WidenLower(a.AsUInt16()) * Vector256.WidenLower(b.AsUInt16()) >>> 16,
            Vector256.WidenUpper(a.AsUInt16()) * Vector256.WidenUpper(b.AsUInt16()) >>> 16).AsByte();

    /// <summary>VPMULHRSW: the product's bits 30 to 14, rounded and halved.</summary>
    public static V HighRounded16(CpuState* s, V a, V b) => Avx2.IsSupported
        ? Avx2.MultiplyHighRoundScale(a.AsInt16(), b.AsInt16()).AsByte()
        : Vector256.Narrow(
            Rounded(Vector256.WidenLower(a.AsInt16()) * Vector256.WidenLower(b.AsInt16())),
            Rounded(Vector256.WidenUpper(a.AsInt16()) * Vector256.WidenUpper(b.AsInt16()))).AsByte();

    /// <summary>VPMULUDQ: products of the even unsigned doublewords.</summary>
    public static V WideU32(CpuState* s, V a, V b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()).AsByte()
        : ((a.AsUInt64() & Vector256.Create(0xffffffffUL)) * (b.AsUInt64() & Vector256.Create(0xffffffffUL))).AsByte();

    /// <summary>VPMULDQ: products of the even signed doublewords.</summary>
    public static V WideS32(CpuState* s, V a, V b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsInt32(), b.AsInt32()).AsByte()
        : ((a.AsInt64() << 32 >> 32) * (b.AsInt64() << 32 >> 32)).AsByte();

    /// <summary>VPMADDWD: sums of adjacent signed products; the one sum that overflows wraps.</summary>
    public static V AddPairs16(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();
        Vector256<int> x = a.AsInt32();
        Vector256<int> y = b.AsInt32();
        return ((x << 16 >> 16) * (y << 16 >> 16) + (x >> 16) * (y >> 16)).AsByte();
    }

    /// <summary>VPMADDUBSW: adjacent products of unsigned (first operand) and signed bytes, their sums saturated.</summary>
    public static V AddPairs8(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(a, b.AsSByte()).AsByte();
        Vector256<short> even = (a.AsInt16() & Vector256.Create((short)0xff)) * (b.AsInt16() << 8 >> 8);
        Vector256<short> odd = (a.AsInt16() >>> 8) * (b.AsInt16() >> 8);
        return Vector256.AddSaturate(even, odd).AsByte();
    }

    /// <summary>VPSADBW: in each quadword, the sum of the eight absolute differences.</summary>
    public static V SumOfDifferences(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.SumAbsoluteDifferences(a, b).AsByte();
        V128 low = VectorMultiply.SumOfDifferences(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorMultiply.SumOfDifferences(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VMPSADBW: bits 2 to 0 of the immediate are for the lower half, bits 5 to 3 for the upper.</summary>
    public static V SumsOfBlockDifferences(CpuState* s, V a, V b, byte blocks)
    {
        V128 low = VectorMultiply.SumsOfBlockDifferences(s, a.GetLower(), b.GetLower(), blocks);
        return Vector256.Create(low, VectorMultiply.SumsOfBlockDifferences(s, a.GetUpper(), b.GetUpper(), (byte)(blocks >> 3)));
    }

    private static Vector256<int> Rounded(Vector256<int> product) => ((product >> 14) + Vector256<int>.One) >> 1;
}
