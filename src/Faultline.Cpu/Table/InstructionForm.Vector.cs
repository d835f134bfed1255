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
}
