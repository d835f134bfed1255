using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>MOV between a register or an immediate and memory that the flat tables have. Anything else is left to <see cref="Move{T}"/>, at the end, so that the handler needs no frame.</summary>
internal static unsafe class DirectMove<T>
    where T : unmanaged
{
    /// <summary>The handler for these places; null where <see cref="Move{T}"/> has it.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(OperandKinds kinds) => kinds switch
    {
        OperandKinds.RegisterMemory => &Load<Scaled>,
        OperandKinds.RegisterNear => &Load<BaseOnly>,
        OperandKinds.MemoryRegister => &Store<Scaled>,
        OperandKinds.NearRegister => &Store<BaseOnly>,
        OperandKinds.MemoryImmediate => &StoreImmediate<Scaled>,
        OperandKinds.NearImmediate => &StoreImmediate<BaseOnly>,
        _ => null,
    };

    private static Operation* Load<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Move<T>.RegisterMemory(s, op);
        Operand.SetRegister(s, op->Op0, GuestAccess.Get(p));
        return Chain.Next(s, op);
    }

    private static Operation* Store<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryWrite<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Move<T>.MemoryRegister(s, op);
        GuestAccess.Put(p, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    private static Operation* StoreImmediate<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryWrite<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Move<T>.MemoryImmediate(s, op);
        GuestAccess.Put(p, *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }
}
