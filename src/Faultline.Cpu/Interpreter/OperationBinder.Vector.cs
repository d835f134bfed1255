using System.Runtime.Intrinsics;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

// Handlers of vector shapes.
internal static unsafe partial class OperationBinder
{
    private static delegate*<CpuState*, Operation*, Operation*> VectorHandler(ref Operation op, in Instruction instruction, InstructionForm form)
    {
        if (form.Width == InstructionForm.MmxWidth)
            return MmxHandler(ref op, instruction, form);

        // Where operand 1 comes from: a register, or memory of the size the decoder names. Width 16 asks for alignment (legacy SSE).
        int source = !IsMemory(ref op) ? 0 : instruction.MemorySize.GetSize();
        bool aligned = form.Width == 16 && source == 16;
        return form.Shape switch
        {
            FormShape.VectorRmw => source switch
            {
                0 => &Vector.Rmw,
                2 => &Vector.RmwMemory<ushort>,
                4 => &Vector.RmwMemory<uint>,
                8 => &Vector.RmwMemory<ulong>,
                _ => aligned ? &Vector.RmwMemoryAligned : &Vector.RmwMemory<Vector128<byte>>,
            },
            FormShape.VectorRmwImmediate => source switch
            {
                0 => &Vector.RmwImmediate,
                1 => &Vector.RmwImmediateMemory<byte>,
                2 => &Vector.RmwImmediateMemory<ushort>,
                4 => &Vector.RmwImmediateMemory<uint>,
                8 => &Vector.RmwImmediateMemory<ulong>,
                _ => aligned ? &Vector.RmwImmediateMemoryAligned : &Vector.RmwImmediateMemory<Vector128<byte>>,
            },
            FormShape.VectorCompute => source switch
            {
                0 => &Vector.Compute,
                2 => &Vector.ComputeMemory<ushort>,
                4 => &Vector.ComputeMemory<uint>,
                8 => &Vector.ComputeMemory<ulong>,
                _ => aligned ? &Vector.ComputeMemoryAligned : &Vector.ComputeMemory<Vector128<byte>>,
            },
            FormShape.VectorComputeImmediate => source switch
            {
                0 => &Vector.ComputeImmediate,
                4 => &Vector.ComputeImmediateMemory<uint>,
                8 => &Vector.ComputeImmediateMemory<ulong>,
                _ => aligned ? &Vector.ComputeImmediateMemoryAligned : &Vector.ComputeImmediateMemory<Vector128<byte>>,
            },
            FormShape.VectorModifyImmediate => ModifyImmediateHandler(ref op),
            FormShape.VectorRmwXmm0 => source == 0 ? &Vector.RmwXmm0 : &Vector.RmwXmm0MemoryAligned,
            FormShape.VectorRead => source switch
            {
                0 => &Vector.Read,
                4 => &Vector.ReadMemory<uint>,
                8 => &Vector.ReadMemory<ulong>,
                _ => aligned ? &Vector.ReadMemoryAligned : &Vector.ReadMemory<Vector128<byte>>,
            },
            FormShape.VectorFromInteger => form.Width == 4
                ? source == 0 ? &VectorInteger.From<uint> : &VectorInteger.FromMemory<uint>
                : source == 0 ? &VectorInteger.From<ulong> : &VectorInteger.FromMemory<ulong>,
            FormShape.VectorToInteger => form.Width == 4 ? VectorToIntegerHandler<uint>(source) : VectorToIntegerHandler<ulong>(source),
            FormShape.VectorMove => VectorMoveHandler(ref op, aligned),
            FormShape.VectorMoveMerge => form.Width == 4 ? MoveLowHandler<uint>(ref op, merge: true) : MoveLowHandler<ulong>(ref op, merge: true),
            FormShape.VectorMoveZero => form.Width == 4 ? MoveLowHandler<uint>(ref op, merge: false) : MoveLowHandler<ulong>(ref op, merge: false),
            FormShape.VectorExtract => source switch
            {
                0 => &VectorScalar.Extract,
                4 => &VectorScalar.ExtractMemory<uint>,
                _ => &VectorScalar.ExtractMemory<ulong>,
            },
            FormShape.VectorExtractImmediate => source switch
            {
                0 => &VectorScalar.ExtractImmediate,
                1 => &VectorScalar.ExtractImmediateMemory<byte>,
                2 => &VectorScalar.ExtractImmediateMemory<ushort>,
                4 => &VectorScalar.ExtractImmediateMemory<uint>,
                _ => &VectorScalar.ExtractImmediateMemory<ulong>,
            },
            FormShape.VectorInsertImmediate => source switch
            {
                0 => &VectorScalar.InsertImmediate,
                1 => &VectorScalar.InsertImmediateMemory<byte>,
                2 => &VectorScalar.InsertImmediateMemory<ushort>,
                4 => &VectorScalar.InsertImmediateMemory<uint>,
                _ => &VectorScalar.InsertImmediateMemory<ulong>,
            },
            _ => null,
        };
    }

    private static delegate*<CpuState*, Operation*, Operation*> VectorToIntegerHandler<T>(int source)
        where T : unmanaged => source switch
        {
            0 => &VectorInteger.To<T>,
            4 => &VectorInteger.ToMemory<T, uint>,
            8 => &VectorInteger.ToMemory<T, ulong>,
            _ => null,
        };

    /// <summary>Reads operand 0 as if it were named twice.</summary>
    private static delegate*<CpuState*, Operation*, Operation*> ModifyImmediateHandler(ref Operation op)
    {
        op.Op1 = op.Op0;
        return &Vector.ComputeImmediate;
    }

    private static delegate*<CpuState*, Operation*, Operation*> VectorMoveHandler(ref Operation op, bool aligned)
    {
        if ((op.Flags & OperationFlags.Memory0) != 0)
            return aligned ? &VectorMove.StoreAligned : &VectorMove.Store;
        if ((op.Flags & OperationFlags.Memory1) != 0)
            return aligned ? &VectorMove.LoadAligned : &VectorMove.Load;
        return &VectorMove.Register;
    }

    private static delegate*<CpuState*, Operation*, Operation*> MoveLowHandler<T>(ref Operation op, bool merge)
        where T : unmanaged
    {
        if ((op.Flags & OperationFlags.Memory0) != 0)
            return &VectorMove.StoreLow<T>;
        if ((op.Flags & OperationFlags.Memory1) != 0)
            return &VectorMove.LoadLow<T>;
        return merge ? &VectorMove.MergeLow<T> : &VectorMove.ZeroExtend<T>;
    }
}
