using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// MMX forms whose 128-bit siblings are not exact on zero-extended registers, in terms of those siblings; the low half of the result counts.
/// </summary>
internal static unsafe class VectorMmx
{
    public static V PackSaturateS8(CpuState* s, V a, V b) => VectorPack.SaturateS8(s, Join(a, b), V.Zero);

    public static V PackSaturateS16(CpuState* s, V a, V b) => VectorPack.SaturateS16(s, Join(a, b), V.Zero);

    public static V PackSaturateU8(CpuState* s, V a, V b) => VectorPack.SaturateU8(s, Join(a, b), V.Zero);

    public static V UnpackHigh8(CpuState* s, V a, V b) => Upper(VectorShuffle.UnpackLow8(s, a, b));

    public static V UnpackHigh16(CpuState* s, V a, V b) => Upper(VectorShuffle.UnpackLow16(s, a, b));

    public static V UnpackHigh32(CpuState* s, V a, V b) => Upper(VectorShuffle.UnpackLow32(s, a, b));

    public static V HorizontalAdd16(CpuState* s, V a, V b) => VectorHorizontal.Add16(s, Join(a, b), V.Zero);

    public static V HorizontalAdd32(CpuState* s, V a, V b) => VectorHorizontal.Add32(s, Join(a, b), V.Zero);

    public static V HorizontalAddSaturate16(CpuState* s, V a, V b) => VectorHorizontal.AddSaturate16(s, Join(a, b), V.Zero);

    public static V HorizontalSub16(CpuState* s, V a, V b) => VectorHorizontal.Sub16(s, Join(a, b), V.Zero);

    public static V HorizontalSub32(CpuState* s, V a, V b) => VectorHorizontal.Sub32(s, Join(a, b), V.Zero);

    public static V HorizontalSubSaturate16(CpuState* s, V a, V b) => VectorHorizontal.SubSaturate16(s, Join(a, b), V.Zero);

    /// <summary>PSHUFB: three bits of index.</summary>
    public static V Shuffle(CpuState* s, V a, V b) => Vector128.Shuffle(a, b & Vector128.Create((byte)0x87));

    /// <summary>PALIGNR: eight bytes of a:b from byte <paramref name="count"/> on.</summary>
    public static V AlignRight(CpuState* s, V a, V b, byte count) => VectorShift.RightBytes(s, Join(b, a), count);

    /// <summary>PINSRW: two bits of lane.</summary>
    public static V Insert16(CpuState* s, V a, ulong b, byte lane) => VectorBlend.Insert16(s, a, b, (byte)(lane & 3));

    /// <summary>PEXTRW: two bits of lane.</summary>
    public static ulong Extract16(CpuState* s, V a, byte lane) => VectorBlend.Extract16(s, a, (byte)(lane & 3));

    /// <summary>MOVQ2DQ.</summary>
    public static void ToVector(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        MmxState.Enter(s);
        Operand.SetRegister(s, op->Op0, MmxState.Read(s, op->Op1));
    }

    /// <summary>MOVDQ2Q.</summary>
    public static void FromVector(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        MmxState.Enter(s);
        MmxState.Write(s, op->Op0, Operand.Register<V>(s, op->Op1));
    }

    /// <summary>EMMS: every x87 register empty.</summary>
    public static void Empty(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        s->X87Top = 0;
        s->X87Tag = 0;
    }

    private static V Join(V a, V b) => VectorHalves.Lowers(a, b);

    private static V Upper(V a) => VectorHalves.Uppers(a, default);
}
