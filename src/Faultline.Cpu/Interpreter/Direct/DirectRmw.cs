using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary><see cref="Rmw{T}"/> with the body compiled in. LOCK, and memory that the flat tables do not have, are left to it.</summary>
internal static unsafe class DirectRmw<T, TBody>
    where T : unmanaged
    where TBody : struct, IBinaryBody<T>
{
    /// <summary>Replaces an ordinary handler by its direct one where there is one.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(OperandKinds kinds) => kinds switch
    {
        OperandKinds.RegisterRegister => &RegisterRegister,
        OperandKinds.RegisterImmediate => &RegisterImmediate,
        OperandKinds.RegisterMemory => &RegisterMemory<Scaled>,
        OperandKinds.RegisterNear => &RegisterMemory<BaseOnly>,
        OperandKinds.MemoryRegister => &MemoryRegister<Scaled>,
        OperandKinds.NearRegister => &MemoryRegister<BaseOnly>,
        OperandKinds.MemoryImmediate => &MemoryImmediate<Scaled>,
        OperandKinds.NearImmediate => &MemoryImmediate<BaseOnly>,
        _ => null,
    };

    private static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1)));
        return Chain.Next(s, op);
    }

    private static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate));
        return Chain.Next(s, op);
    }

    private static Operation* RegisterMemory<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Rmw<T>.RegisterMemory(s, op);
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), GuestAccess.Get(p)));
        return Chain.Next(s, op);
    }

    private static Operation* MemoryRegister<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryWrite<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Rmw<T>.MemoryRegister(s, op);
        GuestAccess.Put(p, TBody.Apply(s, GuestAccess.Get(p), Operand.Register<T>(s, op->Op1)));
        return Chain.Next(s, op);
    }

    private static Operation* MemoryImmediate<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryWrite<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Rmw<T>.MemoryImmediate(s, op);
        GuestAccess.Put(p, TBody.Apply(s, GuestAccess.Get(p), *(T*)&op->Immediate));
        return Chain.Next(s, op);
    }
}
