using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Shifts and rotates by CL or an immediate, and the double shifts SHLD and SHRD.</summary>
internal static unsafe class Shift<T>
    where T : unmanaged
{
    public static Operation* RegisterCl(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Body(op)(s, Operand.Register<T>(s, op->Op0), (byte)s->Gpr[1]));
        return Chain.Next(s, op);
    }

    public static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Body(op)(s, Operand.Register<T>(s, op->Op0), (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* MemoryCl(CpuState* s, Operation* op)
    {
        Update(s, op, (byte)s->Gpr[1]);
        return Chain.Next(s, op);
    }

    public static Operation* MemoryImmediate(CpuState* s, Operation* op)
    {
        Update(s, op, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* DoubleRegisterCl(CpuState* s, Operation* op)
    {
        DoubleRegister(s, op, (byte)s->Gpr[1]);
        return Chain.Next(s, op);
    }

    public static Operation* DoubleRegisterImmediate(CpuState* s, Operation* op)
    {
        DoubleRegister(s, op, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* DoubleMemoryCl(CpuState* s, Operation* op)
    {
        DoubleMemory(s, op, (byte)s->Gpr[1]);
        return Chain.Next(s, op);
    }

    public static Operation* DoubleMemoryImmediate(CpuState* s, Operation* op)
    {
        DoubleMemory(s, op, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, T, byte, T> Body(Operation* op) => (delegate*<CpuState*, T, byte, T>)op->Body;

    private static void Update(CpuState* s, Operation* op, byte count)
    {
        ulong address = Operand.Address(s, op);
        T* p = GuestAccess.Modify<T>(s, address);
        if (p is not null)
            GuestAccess.Put(p, Body(op)(s, GuestAccess.Get(p), count));
        else
            GuestAccess.Store(s, address, Body(op)(s, GuestAccess.Load<T>(s, address), count));
    }

    private static void DoubleRegister(CpuState* s, Operation* op, byte count)
    {
        var body = (delegate*<CpuState*, T, T, byte, T>)op->Body;
        Operand.SetRegister(s, op->Op0, body(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1), count));
    }

    private static void DoubleMemory(CpuState* s, Operation* op, byte count)
    {
        var body = (delegate*<CpuState*, T, T, byte, T>)op->Body;
        ulong address = Operand.Address(s, op);
        T b = Operand.Register<T>(s, op->Op1);
        T* p = GuestAccess.Modify<T>(s, address);
        if (p is not null)
            GuestAccess.Put(p, body(s, GuestAccess.Get(p), b, count));
        else
            GuestAccess.Store(s, address, body(s, GuestAccess.Load<T>(s, address), b, count));
    }
}
