using System.Runtime.Intrinsics;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

// Handlers of VEX shapes. Sources are 0 for a register, else the size of the memory operand.
internal static unsafe partial class OperationBinder
{
    private static delegate*<CpuState*, Operation*, Operation*> VexHandler(ref Operation op, in Instruction instruction, InstructionForm form)
    {
        int source = !IsMemory(ref op) ? 0 : instruction.MemorySize.GetSize();
        bool store = (op.Flags & OperationFlags.Memory0) != 0;
        bool wide = form.Width == 32;
        switch (form.Shape)
        {
            case FormShape.VexUnary:
                if (store)
                    return &VexUnary<Vector128<byte>, Vector128<byte>>.Store<ulong>;
                return wide ? VexUnaryHandler<Vector256<byte>, Vector256<byte>>(source) : VexUnaryHandler<Vector128<byte>, Vector128<byte>>(source);
            case FormShape.VexWiden:
                return VexUnaryHandler<Vector256<byte>, Vector128<byte>>(source);
            case FormShape.VexNarrow:
                return VexUnaryHandler<Vector128<byte>, Vector256<byte>>(source);
            case FormShape.VexUnaryImmediate:
                return wide
                    ? VexUnaryImmediateHandler<Vector256<byte>, Vector256<byte>>(source, store)
                    : VexUnaryImmediateHandler<Vector128<byte>, Vector128<byte>>(source, store);
            case FormShape.VexWidenImmediate:
                return VexUnaryImmediateHandler<Vector256<byte>, Vector128<byte>>(source, store);
            case FormShape.VexNarrowImmediate:
                return VexUnaryImmediateHandler<Vector128<byte>, Vector256<byte>>(source, store);
            case FormShape.VexBinary:
                return wide ? VexBinaryHandler<Vector256<byte>>(source) : VexBinaryHandler<Vector128<byte>>(source);
            case FormShape.VexBinaryImmediate:
                return wide ? VexBinaryImmediateHandler<Vector256<byte>>(source) : VexBinaryImmediateHandler<Vector128<byte>>(source);
            case FormShape.VexTernary:
                return wide ? VexTernaryHandler<Vector256<byte>>(source) : VexTernaryHandler<Vector128<byte>>(source);
            case FormShape.VexFma:
                return wide ? VexFmaHandler<Vector256<byte>>(source) : VexFmaHandler<Vector128<byte>>(source);
            case FormShape.VexRead:
                return wide ? VexReadHandler<Vector256<byte>>(source) : VexReadHandler<Vector128<byte>>(source);
            case FormShape.VexHalvesUnary:
                return source == 0 ? &VexHalves.Unary : &VexHalves.UnaryMemory;
            case FormShape.VexHalvesUnaryImmediate:
                return source == 0 ? &VexHalves.UnaryImmediate : &VexHalves.UnaryImmediateMemory;
            case FormShape.VexHalvesBinary:
                return source == 0 ? &VexHalves.Binary : &VexHalves.BinaryMemory;
            case FormShape.VexHalvesBinaryImmediate:
                return source == 0 ? &VexHalves.BinaryImmediate : &VexHalves.BinaryImmediateMemory;
            case FormShape.VexMove:
            case FormShape.VexMoveAligned:
                bool aligned = form.Shape == FormShape.VexMoveAligned;
                return wide ? VexMoveHandler<Vector256<byte>>(source, store, aligned) : VexMoveHandler<Vector128<byte>>(source, store, aligned);
            case FormShape.VexFromInteger:
                return VexFromIntegerHandler(ref op, instruction, form, source);
            case FormShape.VexInsertImmediate:
                return source switch
                {
                    0 => &VexScalar.Insert,
                    1 => &VexScalar.InsertMemory<byte>,
                    2 => &VexScalar.InsertMemory<ushort>,
                    4 => &VexScalar.InsertMemory<uint>,
                    _ => &VexScalar.InsertMemory<ulong>,
                };
            case FormShape.VexExtract:
                return &VexScalar.Extract;
            default:
                return null;
        }
    }

    private static delegate*<CpuState*, Operation*, Operation*> VexUnaryHandler<TResult, TSource>(int source)
        where TResult : unmanaged
        where TSource : unmanaged => source switch
        {
            0 => &VexUnary<TResult, TSource>.Register,
            1 => &VexUnary<TResult, TSource>.Memory<byte>,
            2 => &VexUnary<TResult, TSource>.Memory<ushort>,
            4 => &VexUnary<TResult, TSource>.Memory<uint>,
            8 => &VexUnary<TResult, TSource>.Memory<ulong>,
            _ => &VexUnary<TResult, TSource>.Memory<TSource>,
        };

    private static delegate*<CpuState*, Operation*, Operation*> VexUnaryImmediateHandler<TResult, TSource>(int source, bool store)
        where TResult : unmanaged
        where TSource : unmanaged
    {
        if (store)
            return source == 8 ? &VexUnary<TResult, TSource>.ImmediateStore<ulong> : &VexUnary<TResult, TSource>.ImmediateStore<TResult>;
        return source switch
        {
            0 => &VexUnary<TResult, TSource>.Immediate,
            4 => &VexUnary<TResult, TSource>.ImmediateMemory<uint>,
            8 => &VexUnary<TResult, TSource>.ImmediateMemory<ulong>,
            _ => &VexUnary<TResult, TSource>.ImmediateMemory<TSource>,
        };
    }

    private static delegate*<CpuState*, Operation*, Operation*> VexBinaryHandler<TVector>(int source)
        where TVector : unmanaged => source switch
        {
            0 => &VexBinary<TVector>.Register,
            4 => &VexBinary<TVector>.Memory<uint>,
            8 => &VexBinary<TVector>.Memory<ulong>,
            16 => &VexBinary<TVector>.Memory<Vector128<byte>>,
            _ => &VexBinary<TVector>.Memory<TVector>,
        };

    private static delegate*<CpuState*, Operation*, Operation*> VexBinaryImmediateHandler<TVector>(int source)
        where TVector : unmanaged => source switch
        {
            0 => &VexBinary<TVector>.Immediate,
            4 => &VexBinary<TVector>.ImmediateMemory<uint>,
            8 => &VexBinary<TVector>.ImmediateMemory<ulong>,
            16 => &VexBinary<TVector>.ImmediateMemory<Vector128<byte>>,
            _ => &VexBinary<TVector>.ImmediateMemory<TVector>,
        };

    private static delegate*<CpuState*, Operation*, Operation*> VexTernaryHandler<TVector>(int source)
        where TVector : unmanaged => source == 0 ? &VexTernary<TVector>.Register : &VexTernary<TVector>.Memory;

    private static delegate*<CpuState*, Operation*, Operation*> VexFmaHandler<TVector>(int source)
        where TVector : unmanaged => source switch
        {
            0 => &VexTernary<TVector>.Fma,
            4 => &VexTernary<TVector>.FmaMemory<uint>,
            8 => &VexTernary<TVector>.FmaMemory<ulong>,
            _ => &VexTernary<TVector>.FmaMemory<TVector>,
        };

    private static delegate*<CpuState*, Operation*, Operation*> VexReadHandler<TVector>(int source)
        where TVector : unmanaged => source switch
        {
            0 => &VexRead<TVector>.Register,
            4 => &VexRead<TVector>.Memory<uint>,
            8 => &VexRead<TVector>.Memory<ulong>,
            _ => &VexRead<TVector>.Memory<TVector>,
        };

    private static delegate*<CpuState*, Operation*, Operation*> VexMoveHandler<TVector>(int source, bool store, bool aligned)
        where TVector : unmanaged
    {
        if (store)
            return aligned ? &VexMove<TVector>.StoreAligned : &VexMove<TVector>.Store;
        if (source != 0)
            return aligned ? &VexMove<TVector>.LoadAligned : &VexMove<TVector>.Load;
        return &VexMove<TVector>.Register;
    }

    /// <summary>With two operands (VMOVD) there is no vector source, and the integer is operand 1.</summary>
    private static delegate*<CpuState*, Operation*, Operation*> VexFromIntegerHandler(ref Operation op, in Instruction instruction, InstructionForm form, int source)
    {
        if (instruction.OpCount == 2)
        {
            op.Op2 = op.Op1;
            op.Op1 = op.Op0;
        }
        if (form.Width == 4)
            return source == 0 ? &VexScalar.From<uint> : &VexScalar.FromMemory<uint>;
        return source == 0 ? &VexScalar.From<ulong> : &VexScalar.FromMemory<ulong>;
    }
}
