using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Narrowing with saturation, and widening.</summary>
internal static unsafe class VectorPack
{
    /// <summary>PACKSSWB.</summary>
    public static V SaturateS8(CpuState* s, V a, V b) => Vector128.NarrowWithSaturation(a.AsInt16(), b.AsInt16()).AsByte();

    /// <summary>PACKSSDW.</summary>
    public static V SaturateS16(CpuState* s, V a, V b) => Vector128.NarrowWithSaturation(a.AsInt32(), b.AsInt32()).AsByte();

    /// <summary>PACKUSWB: signed words to unsigned bytes.</summary>
    public static V SaturateU8(CpuState* s, V a, V b) => Sse2.IsSupported
        ? Sse2.PackUnsignedSaturate(a.AsInt16(), b.AsInt16())
        : Vector128.Narrow(Clamp8(a.AsInt16()), Clamp8(b.AsInt16()));

    /// <summary>PACKUSDW: signed doublewords to unsigned words.</summary>
    public static V SaturateU16(CpuState* s, V a, V b) => Sse41.IsSupported
        ? Sse41.PackUnsignedSaturate(a.AsInt32(), b.AsInt32()).AsByte()
        : Vector128.Narrow(Clamp16(a.AsInt32()), Clamp16(b.AsInt32())).AsByte();

    /// <summary>PMOVZXBW.</summary>
    public static V Zero8To16(CpuState* s, V a) => Vector128.WidenLower(a).AsByte();

    /// <summary>PMOVZXBD.</summary>
    public static V Zero8To32(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(a)).AsByte();

    /// <summary>PMOVZXBQ.</summary>
    public static V Zero8To64(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(a))).AsByte();

    /// <summary>PMOVZXWD.</summary>
    public static V Zero16To32(CpuState* s, V a) => Vector128.WidenLower(a.AsUInt16()).AsByte();

    /// <summary>PMOVZXWQ.</summary>
    public static V Zero16To64(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(a.AsUInt16())).AsByte();

    /// <summary>PMOVZXDQ.</summary>
    public static V Zero32To64(CpuState* s, V a) => Vector128.WidenLower(a.AsUInt32()).AsByte();

    /// <summary>PMOVSXBW.</summary>
    public static V Sign8To16(CpuState* s, V a) => Vector128.WidenLower(a.AsSByte()).AsByte();

    /// <summary>PMOVSXBD.</summary>
    public static V Sign8To32(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(a.AsSByte())).AsByte();

    /// <summary>PMOVSXBQ.</summary>
    public static V Sign8To64(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(a.AsSByte()))).AsByte();

    /// <summary>PMOVSXWD.</summary>
    public static V Sign16To32(CpuState* s, V a) => Vector128.WidenLower(a.AsInt16()).AsByte();

    /// <summary>PMOVSXWQ.</summary>
    public static V Sign16To64(CpuState* s, V a) => Vector128.WidenLower(Vector128.WidenLower(a.AsInt16())).AsByte();

    /// <summary>PMOVSXDQ.</summary>
    public static V Sign32To64(CpuState* s, V a) => Vector128.WidenLower(a.AsInt32()).AsByte();

    private static Vector128<ushort> Clamp8(Vector128<short> a) =>
        Vector128.Min(Vector128.Max(a, Vector128<short>.Zero), Vector128.Create((short)0xff)).AsUInt16();

    private static Vector128<uint> Clamp16(Vector128<int> a) =>
        Vector128.Min(Vector128.Max(a, Vector128<int>.Zero), Vector128.Create(0xffff)).AsUInt32();
}
