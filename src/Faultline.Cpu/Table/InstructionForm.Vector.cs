using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Table;

// Vector bodies.
internal readonly unsafe partial record struct InstructionForm
{
    /// <summary>The <see cref="Width"/> of vector shapes whose registers are MMX registers.</summary>
    public const byte MmxWidth = 1;

    /// <summary>
    /// The same shape and body on MMX registers: they reach the body zero-extended, and the low half of the result is stored. Bodies must be
    /// exact that way.
    /// </summary>
    public InstructionForm OnMmx() => this with { Width = MmxWidth };

    /// <summary>Operand 0 = f(operand 0, operand 1). A 16-byte memory operand must be aligned unless <paramref name="unaligned"/>.</summary>
    public static InstructionForm VectorRmw(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>> body, CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorRmw, (byte)(unaligned ? 0 : 16), (nint)body, feature, InstructionClass.Plain);

    /// <summary>The same with an 8-bit immediate.</summary>
    public static InstructionForm VectorRmw(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorRmwImmediate, (byte)(unaligned ? 0 : 16), (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1).</summary>
    public static InstructionForm VectorCompute(delegate*<CpuState*, Vector128<byte>, Vector128<byte>> body, CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorCompute, (byte)(unaligned ? 0 : 16), (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, immediate).</summary>
    public static InstructionForm VectorCompute(delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorComputeImmediate, (byte)(unaligned ? 0 : 16), (nint)body, feature, InstructionClass.Plain);

    /// <summary>Reads operands 0 and 1.</summary>
    public static InstructionForm VectorRead(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, void> body, CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorRead, (byte)(unaligned ? 0 : 16), (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, 32-bit general register or memory).</summary>
    public static InstructionForm VectorFromInteger32(delegate*<CpuState*, Vector128<byte>, uint, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorFromInteger, 4, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, 64-bit general register or memory).</summary>
    public static InstructionForm VectorFromInteger64(delegate*<CpuState*, Vector128<byte>, ulong, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorFromInteger, 8, (nint)body, feature, InstructionClass.Plain);

    /// <summary>32-bit general register = f(operand 1).</summary>
    public static InstructionForm VectorToInteger(delegate*<CpuState*, Vector128<byte>, uint> body, CpuFeature feature) =>
        new(FormShape.VectorToInteger, 4, (nint)body, feature, InstructionClass.Plain);

    /// <summary>64-bit general register = f(operand 1).</summary>
    public static InstructionForm VectorToInteger(delegate*<CpuState*, Vector128<byte>, ulong> body, CpuFeature feature) =>
        new(FormShape.VectorToInteger, 8, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, immediate).</summary>
    public static InstructionForm VectorModify(delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorModifyImmediate, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, operand 1, XMM0).</summary>
    public static InstructionForm VectorRmwXmm0(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorRmwXmm0, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>A move of 16 bytes between registers and memory, which must be aligned unless <paramref name="unaligned"/>.</summary>
    public static InstructionForm VectorMove(CpuFeature feature, bool unaligned = false) =>
        new(FormShape.VectorMove, (byte)(unaligned ? 0 : 16), 0, feature, InstructionClass.Plain);

    /// <summary>MOVSS and MOVSD: a load clears the rest of the register, a move between registers keeps it.</summary>
    public static InstructionForm VectorMoveMerge(int width, CpuFeature feature) =>
        new(FormShape.VectorMoveMerge, (byte)width, 0, feature, InstructionClass.Plain);

    /// <summary>MOVQ: the rest of a destination register is cleared.</summary>
    public static InstructionForm VectorMoveZero(int width, CpuFeature feature) =>
        new(FormShape.VectorMoveZero, (byte)width, 0, feature, InstructionClass.Plain);

    /// <summary>Operand 0, a general register or memory, = f(operand 1).</summary>
    public static InstructionForm VectorExtract(delegate*<CpuState*, Vector128<byte>, ulong> body, CpuFeature feature) =>
        new(FormShape.VectorExtract, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>The same with an 8-bit immediate.</summary>
    public static InstructionForm VectorExtract(delegate*<CpuState*, Vector128<byte>, byte, ulong> body, CpuFeature feature) =>
        new(FormShape.VectorExtractImmediate, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, operand 1, immediate), operand 1 a general register or memory.</summary>
    public static InstructionForm VectorInsert(delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorInsertImmediate, 16, (nint)body, feature, InstructionClass.Plain);
}
