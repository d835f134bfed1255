using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorPack"/>: narrowing within each half, widening of a whole XMM register.</summary>
internal static unsafe class VectorPack256
{
    /// <summary>VPACKSSWB.</summary>
    public static V SaturateS8(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.PackSignedSaturate(a.AsInt16(), b.AsInt16()).AsByte();
        V128 low = VectorPack.SaturateS8(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorPack.SaturateS8(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPACKSSDW.</summary>
    public static V SaturateS16(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.PackSignedSaturate(a.AsInt32(), b.AsInt32()).AsByte();
        V128 low = VectorPack.SaturateS16(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorPack.SaturateS16(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPACKUSWB.</summary>
    public static V SaturateU8(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.PackUnsignedSaturate(a.AsInt16(), b.AsInt16()).AsByte();
        V128 low = VectorPack.SaturateU8(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorPack.SaturateU8(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPACKUSDW.</summary>
    public static V SaturateU16(CpuState* s, V a, V b)
    {
        if (Avx2.IsSupported)
            return Avx2.PackUnsignedSaturate(a.AsInt32(), b.AsInt32()).AsByte();
        V128 low = VectorPack.SaturateU16(s, a.GetLower(), b.GetLower());
        return Vector256.Create(low, VectorPack.SaturateU16(s, a.GetUpper(), b.GetUpper()));
    }

    /// <summary>VPMOVZXBW.</summary>
    public static V Zero8To16(CpuState* s, V128 a) => Vector256.WidenLower(a.ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVZXBD.</summary>
    public static V Zero8To32(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(a).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVZXBQ.</summary>
    public static V Zero8To64(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(Vector128.WidenLower(a)).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVZXWD.</summary>
    public static V Zero16To32(CpuState* s, V128 a) => Vector256.WidenLower(a.AsUInt16().ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVZXWQ.</summary>
    public static V Zero16To64(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(a.AsUInt16()).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVZXDQ.</summary>
    public static V Zero32To64(CpuState* s, V128 a) => Vector256.WidenLower(a.AsUInt32().ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXBW.</summary>
    public static V Sign8To16(CpuState* s, V128 a) => Vector256.WidenLower(a.AsSByte().ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXBD.</summary>
    public static V Sign8To32(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(a.AsSByte()).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXBQ.</summary>
    public static V Sign8To64(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(Vector128.WidenLower(a.AsSByte())).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXWD.</summary>
    public static V Sign16To32(CpuState* s, V128 a) => Vector256.WidenLower(a.AsInt16().ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXWQ.</summary>
    public static V Sign16To64(CpuState* s, V128 a) => Vector256.WidenLower(Vector128.WidenLower(a.AsInt16()).ToVector256Unsafe()).AsByte();

    /// <summary>VPMOVSXDQ.</summary>
    public static V Sign32To64(CpuState* s, V128 a) => Vector256.WidenLower(a.AsInt32().ToVector256Unsafe()).AsByte();
}
