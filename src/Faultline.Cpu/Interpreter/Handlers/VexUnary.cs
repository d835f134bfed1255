using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Operand 0 = f(operand 1) of vectors, with or without an immediate; the two may differ in width.</summary>
internal static unsafe class VexUnary<TResult, TSource>
    where TResult : unmanaged
    where TSource : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, Body(op)(s, Operand.Register<TSource>(s, op->Op1)));
        return Chain.Next(s, op);
    }

    public static Operation* Memory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        Operand.SetVector(s, op->Op0, Body(op)(s, Vex.Load<TSource, TMemory>(s, op)));
        return Chain.Next(s, op);
    }

    /// <summary>Stores the low <typeparamref name="TMemory"/> of the result.</summary>
    public static Operation* Store<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        TResult result = Body(op)(s, Operand.Register<TSource>(s, op->Op1));
        Operand.Store(s, op, *(TMemory*)&result);
        return Chain.Next(s, op);
    }

    public static Operation* Immediate(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, ImmediateBody(op)(s, Operand.Register<TSource>(s, op->Op1), (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* ImmediateMemory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        Operand.SetVector(s, op->Op0, ImmediateBody(op)(s, Vex.Load<TSource, TMemory>(s, op), (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    /// <summary>Stores the low <typeparamref name="TMemory"/> of the result. A page fault comes before the body's effects on MXCSR.</summary>
    public static Operation* ImmediateStore<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        ulong address = Operand.Address(s, op);
        GuestAccess.Modify<TMemory>(s, address);
        TResult result = ImmediateBody(op)(s, Operand.Register<TSource>(s, op->Op1), (byte)op->Immediate);
        GuestAccess.Store(s, address, *(TMemory*)&result);
        return Chain.Next(s, op);
    }

    private static delegate*<CpuState*, TSource, TResult> Body(Operation* op) => (delegate*<CpuState*, TSource, TResult>)op->Body;

    private static delegate*<CpuState*, TSource, byte, TResult> ImmediateBody(Operation* op) => (delegate*<CpuState*, TSource, byte, TResult>)op->Body;
}
