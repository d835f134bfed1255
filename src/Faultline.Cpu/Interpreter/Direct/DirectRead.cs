using System.Runtime.CompilerServices;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>CMP and TEST with the body compiled in, also together with the conditional jump that mostly follows. Memory that the flat table does not have is left to <see cref="Read{T}"/>, at the end, so that the handler needs no frame.</summary>
internal static unsafe class DirectRead<T, TBody>
    where T : unmanaged
    where TBody : struct, IReadBody<T>
{
    /// <summary>Replaces an ordinary handler by its direct one.</summary>
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
        OperandKinds.RegisterRegister | OperandKinds.WithJump => &RegisterRegisterJump,
        OperandKinds.RegisterImmediate | OperandKinds.WithJump => &RegisterImmediateJump,
        OperandKinds.RegisterMemory | OperandKinds.WithJump => &RegisterMemoryJump<Scaled>,
        OperandKinds.RegisterNear | OperandKinds.WithJump => &RegisterMemoryJump<BaseOnly>,
        OperandKinds.MemoryRegister | OperandKinds.WithJump => &MemoryRegisterJump<Scaled>,
        OperandKinds.NearRegister | OperandKinds.WithJump => &MemoryRegisterJump<BaseOnly>,
        OperandKinds.MemoryImmediate | OperandKinds.WithJump => &MemoryImmediateJump<Scaled>,
        OperandKinds.NearImmediate | OperandKinds.WithJump => &MemoryImmediateJump<BaseOnly>,
        _ => null,
    };

    private static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    private static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    private static Operation* RegisterMemory<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Read<T>.RegisterMemory(s, op);
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), GuestAccess.Get(p));
        return Chain.Next(s, op);
    }

    private static Operation* MemoryRegister<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Read<T>.MemoryRegister(s, op);
        TBody.Apply(s, GuestAccess.Get(p), Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    private static Operation* MemoryImmediate<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        if (p is null)
            return Read<T>.MemoryImmediate(s, op);
        TBody.Apply(s, GuestAccess.Get(p), *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    private static Operation* RegisterRegisterJump(CpuState* s, Operation* op) => Jump(s, op, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1));

    private static Operation* RegisterImmediateJump(CpuState* s, Operation* op) => Jump(s, op, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate);

    private static Operation* RegisterMemoryJump<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        return p is null ? Read<T>.RegisterMemory(s, op) : Jump(s, op, Operand.Register<T>(s, op->Op0), GuestAccess.Get(p));
    }

    private static Operation* MemoryRegisterJump<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        return p is null ? Read<T>.MemoryRegister(s, op) : Jump(s, op, GuestAccess.Get(p), Operand.Register<T>(s, op->Op1));
    }

    private static Operation* MemoryImmediateJump<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        T* p = GuestAccess.TryRead<T>(s, TAddressing.Of(s, op));
        return p is null ? Read<T>.MemoryImmediate(s, op) : Jump(s, op, GuestAccess.Get(p), *(T*)&op->Immediate);
    }

    /// <summary>Compares, and does the jump that is the next operation. Operand 2 is the outcomes for which it is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Operation* Jump(CpuState* s, Operation* op, T a, T b)
    {
        TBody.Apply(s, a, b);
        bool taken = ((op->Op2 >> TBody.Outcome(a, b)) & 1) != 0;
        op++;
        if (taken)
            return ControlFlow.Follow(s, op);
        return ControlFlow.FallThrough(s, op);
    }
}
