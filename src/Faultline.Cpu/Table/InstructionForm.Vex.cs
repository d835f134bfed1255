using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Table;

// Bodies of VEX-encoded vector forms. 128 and 256 in a name are the width of the body's operands; whatever is above the result is cleared. Memory
// operands need no alignment, have the size that the decoder names, and arrive in the low bits with zeros above.
internal readonly unsafe partial record struct InstructionForm
{
    /// <summary>Whether the row is of a VEX shape: those need AVX besides the feature that they name.</summary>
    public bool IsVex => Shape >= FormShape.VexUnary;

    /// <summary>XMM form: operand 0 = f(operand 1).</summary>
    public static InstructionForm Vex128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexUnary, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, immediate).</summary>
    public static InstructionForm Vex128(delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexUnaryImmediate, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2).</summary>
    public static InstructionForm Vex128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexBinary, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2, immediate).</summary>
    public static InstructionForm Vex128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexBinaryImmediate, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2, operand 3).</summary>
    public static InstructionForm Vex128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexTernary, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, operand 1, operand 2).</summary>
    public static InstructionForm VexFma128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>> body) =>
        new(FormShape.VexFma, 16, (nint)body, CpuFeature.Fma, InstructionClass.Plain);

    /// <summary>Reads operands 0 and 1.</summary>
    public static InstructionForm VexRead128(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, void> body, CpuFeature feature) =>
        new(FormShape.VexRead, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>YMM form: operand 0 = f(operand 1).</summary>
    public static InstructionForm Vex256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexUnary, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, immediate).</summary>
    public static InstructionForm Vex256(delegate*<CpuState*, Vector256<byte>, byte, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexUnaryImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2).</summary>
    public static InstructionForm Vex256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexBinary, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2, immediate).</summary>
    public static InstructionForm Vex256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>, byte, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexBinaryImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2, operand 3).</summary>
    public static InstructionForm Vex256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>, Vector256<byte>, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexTernary, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, operand 1, operand 2).</summary>
    public static InstructionForm VexFma256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>, Vector256<byte>, Vector256<byte>> body) =>
        new(FormShape.VexFma, 32, (nint)body, CpuFeature.Fma, InstructionClass.Plain);

    /// <summary>Reads operands 0 and 1.</summary>
    public static InstructionForm VexRead256(delegate*<CpuState*, Vector256<byte>, Vector256<byte>, void> body, CpuFeature feature) =>
        new(FormShape.VexRead, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>YMM operand 0 = f(XMM operand 1).</summary>
    public static InstructionForm VexWiden(delegate*<CpuState*, Vector128<byte>, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexWiden, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>YMM operand 0 = f(XMM operand 1, immediate).</summary>
    public static InstructionForm VexWiden(delegate*<CpuState*, Vector128<byte>, byte, Vector256<byte>> body, CpuFeature feature) =>
        new(FormShape.VexWidenImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>XMM operand 0 = f(YMM operand 1).</summary>
    public static InstructionForm VexNarrow(delegate*<CpuState*, Vector256<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexNarrow, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>XMM operand 0 = f(YMM operand 1, immediate).</summary>
    public static InstructionForm VexNarrow(delegate*<CpuState*, Vector256<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexNarrowImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>YMM form of a 128-bit body without flags or exceptions: each half of operand 0 = f(that of operand 1).</summary>
    public static InstructionForm VexHalves(delegate*<CpuState*, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexHalvesUnary, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>The same with an immediate, which both halves get.</summary>
    public static InstructionForm VexHalves(delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexHalvesUnaryImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Each half of operand 0 = f(that of operand 1, that of operand 2).</summary>
    public static InstructionForm VexHalves(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexHalvesBinary, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>The same with an immediate, which both halves get.</summary>
    public static InstructionForm VexHalves(delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexHalvesBinaryImmediate, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, 32-bit general register or memory); with two operands f(operand 0, operand 1).</summary>
    public static InstructionForm VexFromInteger32(delegate*<CpuState*, Vector128<byte>, uint, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexFromInteger, 4, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, 64-bit general register or memory); with two operands f(operand 0, operand 1).</summary>
    public static InstructionForm VexFromInteger64(delegate*<CpuState*, Vector128<byte>, ulong, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexFromInteger, 8, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 1, operand 2, immediate), operand 2 a general register or memory.</summary>
    public static InstructionForm VexInsert(delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VexInsertImmediate, 16, (nint)body, feature, InstructionClass.Plain);

    /// <summary>General register operand 0 = f(YMM operand 1).</summary>
    public static InstructionForm VexExtract(delegate*<CpuState*, Vector256<byte>, ulong> body, CpuFeature feature) =>
        new(FormShape.VexExtract, 32, (nint)body, feature, InstructionClass.Plain);

    /// <summary>A move of 16 or 32 bytes between registers and memory, which must be aligned when <paramref name="aligned"/>.</summary>
    public static InstructionForm VexMove(int width, CpuFeature feature, bool aligned = false) =>
        new(aligned ? FormShape.VexMoveAligned : FormShape.VexMove, (byte)width, 0, feature, InstructionClass.Plain);
}
