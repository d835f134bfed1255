using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorShuffle"/>: each half of the result comes from that half of the operands.</summary>
internal static unsafe class VectorShuffle256
{
    /// <summary>VPUNPCKLBW.</summary>
    public static V UnpackLow8(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackLow(a, b);
        V128 low = VectorShuffle.UnpackLow8(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackLow8(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKHBW.</summary>
    public static V UnpackHigh8(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackHigh(a, b);
        V128 low = VectorShuffle.UnpackHigh8(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackHigh8(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKLWD.</summary>
    public static V UnpackLow16(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackLow(a.AsUInt16(), b.AsUInt16()).AsByte();
        V128 low = VectorShuffle.UnpackLow16(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackLow16(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKHWD.</summary>
    public static V UnpackHigh16(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackHigh(a.AsUInt16(), b.AsUInt16()).AsByte();
        V128 low = VectorShuffle.UnpackHigh16(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackHigh16(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKLDQ, VUNPCKLPS.</summary>
    public static V UnpackLow32(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsByte();
        V128 low = VectorShuffle.UnpackLow32(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackLow32(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKHDQ, VUNPCKHPS.</summary>
    public static V UnpackHigh32(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsByte();
        V128 low = VectorShuffle.UnpackHigh32(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.UnpackHigh32(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKLQDQ, VUNPCKLPD.</summary>
    public static V UnpackLow64(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsByte();
        V128 low = VectorMoves.SetUpperFromLower(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorMoves.SetUpperFromLower(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPUNPCKHQDQ, VUNPCKHPD.</summary>
    public static V UnpackHigh64(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsByte();
        V128 low = VectorMoves.Uppers(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorMoves.Uppers(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPSHUFB: zero where the index is negative, else its low four bits select.</summary>
    public static V Bytes(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.Shuffle(a, b);
        V128 low = VectorShuffle.Bytes(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorShuffle.Bytes(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPSHUFD, VPERMILPS with an immediate.</summary>
    public static V Words32(CpuState* s, V a, byte order)
    {
        if (Avx2.IsSupported)
            return Avx.PermuteVar(a.AsSingle(), Indices(order)).AsByte();
        return Vector256.Create(VectorShuffle.Words32(s, a.GetLower(), order), VectorShuffle.Words32(s, a.GetUpper(), order));
    }

    /// <summary>VSHUFPS: two lanes of each operand.</summary>
    public static V Singles(CpuState* s, V a, V b, byte order)
    {
        if (Avx2.IsSupported)
            return Avx.Blend(Avx.PermuteVar(a.AsSingle(), Indices(order)), Avx.PermuteVar(b.AsSingle(), Indices(order)), 0xcc).AsByte();
        V128 low = VectorShuffle.Singles(s, a.GetLower(), b.GetLower(), order);
        return Vector256.Create(low, VectorShuffle.Singles(s, a.GetUpper(), b.GetUpper(), order));
    }

    /// <summary>VSHUFPD: one lane of each operand; bits 1 and 0 of the immediate are for the lower half, bits 3 and 2 for the upper.</summary>
    public static V Doubles(CpuState* s, V a, V b, byte order)
    {
        V128 low = VectorShuffle.Doubles(s, a.GetLower(), b.GetLower(), order);
        return Vector256.Create(low, VectorShuffle.Doubles(s, a.GetUpper(), b.GetUpper(), (byte)(order >> 2)));
    }

    /// <summary>VPERMILPS with a vector: the low two bits of each lane select within the half.</summary>
    public static V SinglesBy(CpuState* s, V a, V order)
    {
        if (Avx.IsSupported)
            return Avx.PermuteVar(a.AsSingle(), order.AsInt32()).AsByte();
        return Vector256.Create(VectorShuffle.SinglesBy(s, a.GetLower(), order.GetLower()), VectorShuffle.SinglesBy(s, a.GetUpper(), order.GetUpper()));
    }

    /// <summary>VPERMILPD with a vector: bit 1 of each lane selects within the half.</summary>
    public static V DoublesBy(CpuState* s, V a, V order)
    {
        if (Avx.IsSupported)
            return Avx.PermuteVar(a.AsDouble(), order.AsInt64()).AsByte();
        return Vector256.Create(VectorShuffle.DoublesBy(s, a.GetLower(), order.GetLower()), VectorShuffle.DoublesBy(s, a.GetUpper(), order.GetUpper()));
    }

    /// <summary>VPERMILPD with an immediate: a bit for each lane.</summary>
    public static V DoublesWithin(CpuState* s, V a, byte order) => Doubles(s, a, a, order);

    /// <summary>VPERM2F128, VPERM2I128: each half of the result is one of four, or zero.</summary>
    public static V Halves(CpuState* s, V a, V b, byte order) => Vector256.Create(Choose(a, b, order & 15), Choose(a, b, order >> 4));

    /// <summary>VPERMD, VPERMPS: lanes of the second operand by the first's low three bits.</summary>
    public static V Lanes32(CpuState* s, V order, V a) => Vector256.Shuffle(a.AsUInt32(), order.AsUInt32() & Vector256.Create(7u)).AsByte();

    /// <summary>VPERMQ, VPERMPD.</summary>
    public static V Lanes64(CpuState* s, V a, byte order) =>
        Vector256.Shuffle(a.AsUInt64(), Vector256.Create(order & 3UL, (ulong)(order >> 2) & 3, (ulong)(order >> 4) & 3, (ulong)order >> 6)).AsByte();

    private static V128 Choose(V a, V b, int choice)
    {
        if ((choice & 8) != 0)
            return V128.Zero;
        V from = (choice & 2) != 0 ? b : a;
        return (choice & 1) != 0 ? from.GetUpper() : from.GetLower();
    }

    /// <summary>An order's two bits for each lane, in the low bits that the host's permutation looks at.</summary>
    private static Vector256<int> Indices(byte order) =>
        Avx2.ShiftRightLogicalVariable(Vector256.Create((int)order), Vector256.Create(0u, 2, 4, 6, 0, 2, 4, 6));
}
