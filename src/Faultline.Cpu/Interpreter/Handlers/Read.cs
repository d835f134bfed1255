using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>f(operand 0, operand 1) for its flags alone: CMP, TEST.</summary>
internal static unsafe class Read<T>
    where T : unmanaged
{
    public static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* RegisterMemory(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Register<T>(s, op->Op0), Operand.Load<T>(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryRegister(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Load<T>(s, op), Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryImmediate(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Load<T>(s, op), *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, T, T, void> Body(Operation* op) => (delegate*<CpuState*, T, T, void>)op->Body;
}
