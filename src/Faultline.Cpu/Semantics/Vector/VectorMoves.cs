using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Moves of parts: between vector and general registers, of halves, of sign bits.</summary>
internal static unsafe class VectorMoves
{
    /// <summary>MOVD to a vector register.</summary>
    public static V FromUInt32(CpuState* s, V a, uint b) => Vector128.CreateScalar(b).AsByte();

    /// <summary>MOVD to an MMX register.</summary>
    public static V FromLowUInt32(CpuState* s, V a, ulong b) => Vector128.CreateScalar((uint)b).AsByte();

    /// <summary>MOVQ to a vector register.</summary>
    public static V FromUInt64(CpuState* s, V a, ulong b) => Vector128.CreateScalar(b).AsByte();

    /// <summary>MOVD from a vector register.</summary>
    public static ulong ToUInt32(CpuState* s, V a) => a.AsUInt32().ToScalar();

    /// <summary>MOVQ from a vector register; MOVLPS and MOVLPD to memory.</summary>
    public static ulong ToUInt64(CpuState* s, V a) => a.AsUInt64().ToScalar();

    /// <summary>MOVHPS and MOVHPD to memory.</summary>
    public static ulong UpperToUInt64(CpuState* s, V a) => a.AsUInt64().GetElement(1);

    /// <summary>MOVLPS and MOVLPD from memory; VMOVSD between registers.</summary>
    public static V SetLower(CpuState* s, V a, V b) => VectorHalves.LowerAndUpper(b, a);

    /// <summary>MOVHPS and MOVHPD from memory, MOVLHPS, PUNPCKLQDQ, UNPCKLPD.</summary>
    public static V SetUpperFromLower(CpuState* s, V a, V b) => VectorHalves.Lowers(a, b);

    /// <summary>MOVHLPS.</summary>
    public static V SetLowerFromUpper(CpuState* s, V a, V b) => VectorHalves.Uppers(b, a);

    /// <summary>PUNPCKHQDQ, UNPCKHPD.</summary>
    public static V Uppers(CpuState* s, V a, V b) => VectorHalves.Uppers(a, b);

    /// <summary>VMOVSS between registers: the lowest lane of the second operand.</summary>
    public static V SetSingle(CpuState* s, V a, V b) => a.AsUInt32().WithElement(0, b.AsUInt32().ToScalar()).AsByte();

    /// <summary>A load of a narrower operand, which arrives with zeros above.</summary>
    public static V Loaded(CpuState* s, V a) => a;

    /// <summary>VMOVQ: the lower half, zeros above.</summary>
    public static V LowerAlone(CpuState* s, V a) => Vector128.CreateScalar(a.AsUInt64().ToScalar()).AsByte();

    /// <summary>MOVDDUP.</summary>
    public static V DuplicateLower(CpuState* s, V a) => VectorHalves.Lowers(a, a);

    /// <summary>MOVSHDUP.</summary>
    public static V DuplicateOdd(CpuState* s, V a) => Vector128.Shuffle(a.AsUInt32(), Vector128.Create(1u, 1, 3, 3)).AsByte();

    /// <summary>MOVSLDUP.</summary>
    public static V DuplicateEven(CpuState* s, V a) => Vector128.Shuffle(a.AsUInt32(), Vector128.Create(0u, 0, 2, 2)).AsByte();

    /// <summary>PMOVMSKB.</summary>
    public static ulong ByteSigns(CpuState* s, V a) => a.ExtractMostSignificantBits();

    /// <summary>MOVMSKPS.</summary>
    public static ulong SingleSigns(CpuState* s, V a) => a.AsUInt32().ExtractMostSignificantBits();

    /// <summary>MOVMSKPD.</summary>
    public static ulong DoubleSigns(CpuState* s, V a) => a.AsUInt64().ExtractMostSignificantBits();
}
