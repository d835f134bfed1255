using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorMoves"/>.</summary>
internal static unsafe class VectorMoves256
{
    /// <summary>VMOVDDUP.</summary>
    public static V DuplicateEven64(CpuState* s, V a) => Vector256.Shuffle(a.AsUInt64(), Vector256.Create(0UL, 0, 2, 2)).AsByte();

    /// <summary>VMOVSHDUP.</summary>
    public static V DuplicateOdd(CpuState* s, V a) => Vector256.Shuffle(a.AsUInt32(), Vector256.Create(1u, 1, 3, 3, 5, 5, 7, 7)).AsByte();

    /// <summary>VMOVSLDUP.</summary>
    public static V DuplicateEven(CpuState* s, V a) => Vector256.Shuffle(a.AsUInt32(), Vector256.Create(0u, 0, 2, 2, 4, 4, 6, 6)).AsByte();

    /// <summary>VPMOVMSKB.</summary>
    public static ulong ByteSigns(CpuState* s, V a) => a.ExtractMostSignificantBits();

    /// <summary>VMOVMSKPS.</summary>
    public static ulong SingleSigns(CpuState* s, V a) => a.AsUInt32().ExtractMostSignificantBits();

    /// <summary>VMOVMSKPD.</summary>
    public static ulong DoubleSigns(CpuState* s, V a) => a.AsUInt64().ExtractMostSignificantBits();
}
