using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Table;

// Vector bodies.
internal readonly unsafe partial record struct InstructionForm
{
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
    public static InstructionForm VectorFromInteger(delegate*<CpuState*, Vector128<byte>, uint, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorFromInteger, 4, (nint)body, feature, InstructionClass.Plain);

    /// <summary>Operand 0 = f(operand 0, 64-bit general register or memory).</summary>
    public static InstructionForm VectorFromInteger(delegate*<CpuState*, Vector128<byte>, ulong, Vector128<byte>> body, CpuFeature feature) =>
        new(FormShape.VectorFromInteger, 8, (nint)body, feature, InstructionClass.Plain);

    /// <summary>32-bit general register = f(operand 1).</summary>
    public static InstructionForm VectorToInteger(delegate*<CpuState*, Vector128<byte>, uint> body, CpuFeature feature) =>
        new(FormShape.VectorToInteger, 4, (nint)body, feature, InstructionClass.Plain);

    /// <summary>64-bit general register = f(operand 1).</summary>
    public static InstructionForm VectorToInteger(delegate*<CpuState*, Vector128<byte>, ulong> body, CpuFeature feature) =>
        new(FormShape.VectorToInteger, 8, (nint)body, feature, InstructionClass.Plain);
}
