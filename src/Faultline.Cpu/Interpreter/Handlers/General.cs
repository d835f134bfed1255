using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>What needs no operand width: whole-operation bodies, SETcc, the stack, NOP.</summary>
internal static unsafe class General
{
    public static Operation* Whole(CpuState* s, Operation* op)
    {
        ((delegate*<CpuState*, Operation*, void>)op->Body)(s, op);
        return Chain.Next(s, op);
    }

    public static Operation* Nop(CpuState* s, Operation* op) => Chain.Next(s, op);

    public static Operation* SetRegister(CpuState* s, Operation* op)
    {
        bool condition = ((delegate*<CpuState*, bool>)op->Body)(s);
        Operand.SetRegister(s, op->Op0, condition ? (byte)1 : (byte)0);
        return Chain.Next(s, op);
    }

    public static Operation* SetMemory(CpuState* s, Operation* op)
    {
        bool condition = ((delegate*<CpuState*, bool>)op->Body)(s);
        Operand.Store(s, op, condition ? (byte)1 : (byte)0);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* PushRegister64(CpuState* s, Operation* op) => Push(s, op, Operand.Register<ulong>(s, op->Op0));

    public static Operation* PushMemory64(CpuState* s, Operation* op) => Push(s, op, Operand.Load<ulong>(s, op));

    public static Operation* PushImmediate64(CpuState* s, Operation* op) => Push(s, op, op->Immediate);

    public static Operation* PushRegister16(CpuState* s, Operation* op) => Push(s, op, Operand.Register<ushort>(s, op->Op0));

    public static Operation* PushMemory16(CpuState* s, Operation* op) => Push(s, op, Operand.Load<ushort>(s, op));

    public static Operation* PushImmediate16(CpuState* s, Operation* op) => Push(s, op, (ushort)op->Immediate);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* PopRegister64(CpuState* s, Operation* op)
    {
        ulong value = GuestAccess.Load<ulong>(s, s->Gpr[4]);
        s->Gpr[4] += 8;
        Operand.SetRegister(s, op->Op0, value);
        return Chain.Next(s, op);
    }

    public static Operation* PopRegister16(CpuState* s, Operation* op)
    {
        ushort value = GuestAccess.Load<ushort>(s, s->Gpr[4]);
        s->Gpr[4] += 2;
        Operand.SetRegister(s, op->Op0, value);
        return Chain.Next(s, op);
    }

    public static Operation* PopMemory64(CpuState* s, Operation* op) => PopMemory<ulong>(s, op);

    public static Operation* PopMemory16(CpuState* s, Operation* op) => PopMemory<ushort>(s, op);

    private static Operation* Push<T>(CpuState* s, Operation* op, T value)
        where T : unmanaged
    {
        ulong top = s->Gpr[4] - (ulong)sizeof(T);
        GuestAccess.Store(s, top, value);
        s->Gpr[4] = top;
        return Chain.Next(s, op);
    }

    /// <summary>RSP counts as already raised when it is the base of the operand's address (SDM vol. 2, POP); a fault puts it back.</summary>
    private static Operation* PopMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T value = GuestAccess.Load<T>(s, s->Gpr[4]);
        s->Gpr[4] += (ulong)sizeof(T);
        ulong address = Operand.Address(s, op);
        s->Gpr[4] -= (ulong)sizeof(T);
        GuestAccess.Store(s, address, value);
        s->Gpr[4] += (ulong)sizeof(T);
        return Chain.Next(s, op);
    }
}
