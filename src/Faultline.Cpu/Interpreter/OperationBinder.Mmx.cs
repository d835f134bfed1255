using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

// Handlers of vector shapes on MMX registers.
internal static unsafe partial class OperationBinder
{
    private static delegate*<CpuState*, Operation*, Operation*> MmxHandler(ref Operation op, in Instruction instruction, InstructionForm form) =>
        (IsMemory(ref op) ? instruction.MemorySize.GetSize() : 8) switch
        {
            2 => MmxHandler<ushort>(ref op, form.Shape),
            4 => MmxHandler<uint>(ref op, form.Shape),
            _ => MmxHandler<ulong>(ref op, form.Shape),
        };

    private static delegate*<CpuState*, Operation*, Operation*> MmxHandler<T>(ref Operation op, FormShape shape)
        where T : unmanaged
    {
        switch (shape)
        {
            case FormShape.VectorRmw:
                return &Mmx<T>.Rmw;
            case FormShape.VectorRmwImmediate:
                return &Mmx<T>.RmwImmediate;
            case FormShape.VectorCompute:
                return &Mmx<T>.Compute;
            case FormShape.VectorModifyImmediate:
                op.Op1 = op.Op0;
                return &Mmx<T>.ComputeImmediate;
            case FormShape.VectorComputeImmediate:
                return &Mmx<T>.ComputeImmediate;
            case FormShape.VectorMove:
                return (op.Flags & OperationFlags.Memory0) != 0 ? &Mmx<T>.Store : &Mmx<T>.Move;
            case FormShape.VectorExtract:
                return &Mmx<T>.Extract;
            case FormShape.VectorExtractImmediate:
                return &Mmx<T>.ExtractImmediate;
            case FormShape.VectorFromInteger:
                return &Mmx<T>.Insert;
            case FormShape.VectorInsertImmediate:
                return &Mmx<T>.InsertImmediate;
            default:
                return null;
        }
    }
}
