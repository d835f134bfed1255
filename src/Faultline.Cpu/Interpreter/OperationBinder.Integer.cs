using Faultline.Cpu.Interpreter.Direct;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

// Handlers of integer shapes.
internal static unsafe partial class OperationBinder
{
    private static delegate*<CpuState*, Operation*, Operation*> IntegerHandler<T>(ref Operation op, in Instruction instruction, InstructionForm form)
        where T : unmanaged
    {
        bool memory0 = (op.Flags & OperationFlags.Memory0) != 0;
        bool memory1 = (op.Flags & OperationFlags.Memory1) != 0;
        bool locked = (op.Flags & OperationFlags.Lock) != 0;
        bool immediate1 = instruction.OpCount > 1 && IsImmediate(instruction.Op1Kind);
        switch (form.Shape)
        {
            case FormShape.Rmw:
                if (memory0)
                {
                    return immediate1
                        ? locked ? &Rmw<T>.LockedMemoryImmediate : &Rmw<T>.MemoryImmediate
                        : locked ? &Rmw<T>.LockedMemoryRegister : &Rmw<T>.MemoryRegister;
                }
                return immediate1 ? &Rmw<T>.RegisterImmediate : memory1 ? &Rmw<T>.RegisterMemory : &Rmw<T>.RegisterRegister;
            case FormShape.Read:
                if (memory0)
                    return immediate1 ? &Read<T>.MemoryImmediate : &Read<T>.MemoryRegister;
                return immediate1 ? &Read<T>.RegisterImmediate : memory1 ? &Read<T>.RegisterMemory : &Read<T>.RegisterRegister;
            case FormShape.Modify:
                return memory0 ? locked ? &Modify<T>.LockedMemory : &Modify<T>.Memory : &Modify<T>.Register;
            case FormShape.Shift:
                if (memory0)
                    return immediate1 ? &Shift<T>.MemoryImmediate : &Shift<T>.MemoryCl;
                return immediate1 ? &Shift<T>.RegisterImmediate : &Shift<T>.RegisterCl;
            case FormShape.DoubleShift:
                bool immediate2 = IsImmediate(instruction.Op2Kind);
                if (memory0)
                    return immediate2 ? &Shift<T>.DoubleMemoryImmediate : &Shift<T>.DoubleMemoryCl;
                return immediate2 ? &Shift<T>.DoubleRegisterImmediate : &Shift<T>.DoubleRegisterCl;
            case FormShape.Compute:
                return memory1 ? &Compute<T>.Memory : &Compute<T>.Register;
            case FormShape.Compute2:
                if (IsImmediate(instruction.Op2Kind))
                    return memory1 ? &Compute<T>.MemoryImmediate : &Compute<T>.RegisterImmediate;
                return memory1 ? &Compute<T>.MemoryRegister
                    : (op.Flags & OperationFlags.Memory2) != 0 ? &Compute<T>.RegisterMemory : &Compute<T>.RegisterRegister;
            case FormShape.Move:
                delegate*<CpuState*, Operation*, Operation*> direct = DirectMove<T>.Bind(KindsOf(ref op, instruction));
                if (direct != null)
                    return direct;
                if (memory0)
                    return immediate1 ? &Move<T>.MemoryImmediate : &Move<T>.MemoryRegister;
                return immediate1 ? &Move<T>.RegisterImmediate : memory1 ? &Move<T>.RegisterMemory : &Move<T>.RegisterRegister;
            case FormShape.Lea:
                return &Move<T>.Lea;
            case FormShape.ConditionalMove:
                return memory1 ? &Move<T>.ConditionalMemory : &Move<T>.ConditionalRegister;
            case FormShape.Exchange:
                return memory0 ? &Move<T>.ExchangeMemory : &Move<T>.ExchangeRegisters;
            case FormShape.ExchangeAdd:
                return memory0 ? &Move<T>.ExchangeAddMemory : &Move<T>.ExchangeAddRegisters;
            case FormShape.CompareExchange:
                return memory0 ? &Move<T>.CompareExchangeMemory : &Move<T>.CompareExchangeRegisters;
            default:
                return null;
        }
    }

    private static delegate*<CpuState*, Operation*, Operation*> PushHandler(ref Operation op, in Instruction instruction, int width)
    {
        if (IsImmediate(instruction.Op0Kind))
            return width == 2 ? &General.PushImmediate16 : &General.PushImmediate64;
        if (IsMemory(ref op))
            return width == 2 ? &General.PushMemory16 : &General.PushMemory64;
        return width == 2 ? &General.PushRegister16 : &DirectStack.Push;
    }

    /// <summary>Widths of both operands follow from the destination's width in the row and the source operand itself.</summary>
    private static delegate*<CpuState*, Operation*, Operation*> ExtendHandler(ref Operation op, in Instruction instruction, InstructionForm form)
    {
        bool memory = IsMemory(ref op);
        int source = memory ? instruction.MemorySize.GetSize() : instruction.Op1Register.GetSize();
        bool zero = form.Shape == FormShape.MoveZeroExtend;
        OperandKinds kinds = KindsOf(ref op, instruction);
        return (form.Width, source) switch
        {
            (2, 1) => ExtendHandler<ushort, byte>(zero, memory, kinds),
            (4, 1) => ExtendHandler<uint, byte>(zero, memory, kinds),
            (8, 1) => ExtendHandler<ulong, byte>(zero, memory, kinds),
            (2, 2) => ExtendHandler<ushort, ushort>(zero, memory, kinds),
            (4, 2) => ExtendHandler<uint, ushort>(zero, memory, kinds),
            (8, 2) => ExtendHandler<ulong, ushort>(zero, memory, kinds),
            (4, 4) => ExtendHandler<uint, uint>(zero, memory, kinds),
            (8, 4) => ExtendHandler<ulong, uint>(zero, memory, kinds),
            _ => null,
        };
    }

    private static delegate*<CpuState*, Operation*, Operation*> ExtendHandler<T, TSource>(bool zero, bool memory, OperandKinds kinds)
        where T : unmanaged
        where TSource : unmanaged
    {
        delegate*<CpuState*, Operation*, Operation*> direct = DirectExtend<T, TSource>.Bind(zero, kinds);
        if (direct != null)
            return direct;
        return zero
            ? memory ? &Extend<T, TSource>.ZeroMemory : &Extend<T, TSource>.ZeroRegister
            : memory ? &Extend<T, TSource>.SignMemory : &Extend<T, TSource>.SignRegister;
    }

    private static bool IsImmediate(OpKind kind) => kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;
}
