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
                _ => aligned ? &Vector.RmwMemoryAligned : &Vector.RmwMemory<UInt128>,
            },
            FormShape.VectorRmwImmediate => source switch
            {
                0 => &Vector.RmwImmediate,
                1 => &Vector.RmwImmediateMemory<byte>,
                2 => &Vector.RmwImmediateMemory<ushort>,
                4 => &Vector.RmwImmediateMemory<uint>,
                8 => &Vector.RmwImmediateMemory<ulong>,
                _ => aligned ? &Vector.RmwImmediateMemoryAligned : &Vector.RmwImmediateMemory<UInt128>,
            },
            FormShape.VectorCompute => source switch
            {
                0 => &Vector.Compute,
                2 => &Vector.ComputeMemory<ushort>,
                4 => &Vector.ComputeMemory<uint>,
                8 => &Vector.ComputeMemory<ulong>,
                _ => aligned ? &Vector.ComputeMemoryAligned : &Vector.ComputeMemory<UInt128>,
            },
            FormShape.VectorComputeImmediate => source switch
            {
                0 => &Vector.ComputeImmediate,
                4 => &Vector.ComputeImmediateMemory<uint>,
                8 => &Vector.ComputeImmediateMemory<ulong>,
                _ => aligned ? &Vector.ComputeImmediateMemoryAligned : &Vector.ComputeImmediateMemory<UInt128>,
            },
            FormShape.VectorRead => source switch
            {
                0 => &Vector.Read,
                4 => &Vector.ReadMemory<uint>,
                8 => &Vector.ReadMemory<ulong>,
                _ => aligned ? &Vector.ReadMemoryAligned : &Vector.ReadMemory<UInt128>,
            },
            FormShape.VectorFromInteger => form.Width == 4
                ? source == 0 ? &VectorInteger.From<uint> : &VectorInteger.FromMemory<uint>
                : source == 0 ? &VectorInteger.From<ulong> : &VectorInteger.FromMemory<ulong>,
            FormShape.VectorToInteger => form.Width == 4 ? VectorToIntegerHandler<uint>(source) : VectorToIntegerHandler<ulong>(source),
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
}
