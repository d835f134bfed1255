using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Interleaving and selecting lanes.</summary>
internal static unsafe class VectorShuffle
{
    // Interleaving: the lanes of one operand widened to the lower halves of wide lanes, those of the other shifted to the upper halves.

    /// <summary>PUNPCKLBW.</summary>
    public static V UnpackLow8(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a, b)
        : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 8)).AsByte();

    /// <summary>PUNPCKLWD.</summary>
    public static V UnpackLow16(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a.AsUInt16(), b.AsUInt16()).AsByte()
        : (Vector128.WidenLower(a.AsUInt16()) | (Vector128.WidenLower(b.AsUInt16()) << 16)).AsByte();

    /// <summary>PUNPCKLDQ, UNPCKLPS.</summary>
    public static V UnpackLow32(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsByte()
        : (Vector128.WidenLower(a.AsUInt32()) | (Vector128.WidenLower(b.AsUInt32()) << 32)).AsByte();

    /// <summary>PUNPCKHBW.</summary>
    public static V UnpackHigh8(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a, b)
        : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 8)).AsByte();

    /// <summary>PUNPCKHWD.</summary>
    public static V UnpackHigh16(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a.AsUInt16(), b.AsUInt16()).AsByte()
        : (Vector128.WidenUpper(a.AsUInt16()) | (Vector128.WidenUpper(b.AsUInt16()) << 16)).AsByte();

    /// <summary>PUNPCKHDQ, UNPCKHPS.</summary>
    public static V UnpackHigh32(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsByte()
        : (Vector128.WidenUpper(a.AsUInt32()) | (Vector128.WidenUpper(b.AsUInt32()) << 32)).AsByte();

    /// <summary>PSHUFB: zero where the index is negative, else its low four bits select.</summary>
    public static V Bytes(CpuState* s, V a, V b) => Vector128.Shuffle(a, b & Vector128.Create((byte)0x8f));

    /// <summary>PSHUFD.</summary>
    public static V Words32(CpuState* s, V a, byte order)
    {
        if (Avx2.IsSupported)
            return Avx.PermuteVar(a.AsSingle(), Indices(order)).AsByte();
        Vector128<uint> lanes = a.AsUInt32();
        return Vector128.Create(lanes[order & 3], lanes[(order >> 2) & 3], lanes[(order >> 4) & 3], lanes[order >> 6]).AsByte();
    }

    /// <summary>PSHUFLW; PSHUFW on a zero-extended MMX register.</summary>
    public static V LowWords16(CpuState* s, V a, byte order) => Vector128.Create(Shuffle16(a.AsUInt64().ToScalar(), order), a.AsUInt64()[1]).AsByte();

    /// <summary>PSHUFHW.</summary>
    public static V HighWords16(CpuState* s, V a, byte order) => Vector128.Create(a.AsUInt64().ToScalar(), Shuffle16(a.AsUInt64()[1], order)).AsByte();

    /// <summary>SHUFPS: two lanes of each operand.</summary>
    public static V Singles(CpuState* s, V a, V b, byte order)
    {
        if (Avx2.IsSupported)
            return Sse41.Blend(Avx.PermuteVar(a.AsSingle(), Indices(order)), Avx.PermuteVar(b.AsSingle(), Indices(order)), 0xc).AsByte();
        Vector128<uint> low = a.AsUInt32();
        Vector128<uint> high = b.AsUInt32();
        return Vector128.Create(low[order & 3], low[(order >> 2) & 3], high[(order >> 4) & 3], high[order >> 6]).AsByte();
    }

    /// <summary>SHUFPD: one lane of each operand.</summary>
    public static V Doubles(CpuState* s, V a, V b, byte order) => Vector128.Create(a.AsUInt64()[order & 1], b.AsUInt64()[(order >> 1) & 1]).AsByte();

    /// <summary>VPERMILPS with a vector: the low two bits of each lane select.</summary>
    public static V SinglesBy(CpuState* s, V a, V order) => Vector128.Shuffle(a.AsUInt32(), order.AsUInt32() & Vector128.Create(3u)).AsByte();

    /// <summary>VPERMILPD with a vector: bit 1 of each lane selects.</summary>
    public static V DoublesBy(CpuState* s, V a, V order) => Vector128.Shuffle(a.AsUInt64(), (order.AsUInt64() >>> 1) & Vector128.Create(1UL)).AsByte();

    /// <summary>VPERMILPD with an immediate: a bit for each lane.</summary>
    public static V DoublesWithin(CpuState* s, V a, byte order) => Doubles(s, a, a, order);

    /// <summary>An order's two bits for each lane, in the low bits that the host's permutation looks at.</summary>
    private static Vector128<int> Indices(byte order) => Avx2.ShiftRightLogicalVariable(Vector128.Create((int)order), Vector128.Create(0u, 2, 4, 6));

    private static ulong Shuffle16(ulong lanes, byte order) =>
        (ushort)(lanes >> ((order & 3) * 16))
        | (ulong)(ushort)(lanes >> (((order >> 2) & 3) * 16)) << 16
        | (ulong)(ushort)(lanes >> (((order >> 4) & 3) * 16)) << 32
        | (ulong)(ushort)(lanes >> ((order >> 6) * 16)) << 48;
}
