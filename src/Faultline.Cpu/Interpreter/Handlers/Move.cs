using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>MOV, LEA, CMOVcc and XCHG.</summary>
internal static unsafe class Move<T>
    where T : unmanaged
{
    public static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* RegisterMemory(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Operand.Load<T>(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryRegister(CpuState* s, Operation* op)
    {
        Operand.Store(s, op, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryImmediate(CpuState* s, Operation* op)
    {
        Operand.Store(s, op, *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* Lea(CpuState* s, Operation* op)
    {
        ulong offset = Operand.Offset(s, op);
        Operand.SetRegister(s, op->Op0, *(T*)&offset);
        return Chain.Next(s, op);
    }

    /// <summary>A 32-bit CMOVcc clears the upper half of its register even when it does not move (SDM vol. 2, CMOVcc).</summary>
    public static Operation* ConditionalRegister(CpuState* s, Operation* op)
    {
        bool condition = ((delegate*<CpuState*, bool>)op->Body)(s);
        Operand.SetRegister(s, op->Op0, Operand.Register<T>(s, condition ? op->Op1 : op->Op0));
        return Chain.Next(s, op);
    }

    /// <summary>The load happens, and may fault, whatever the condition says.</summary>
    public static Operation* ConditionalMemory(CpuState* s, Operation* op)
    {
        T value = Operand.Load<T>(s, op);
        if (!((delegate*<CpuState*, bool>)op->Body)(s))
            value = Operand.Register<T>(s, op->Op0);
        Operand.SetRegister(s, op->Op0, value);
        return Chain.Next(s, op);
    }

    public static Operation* ExchangeRegisters(CpuState* s, Operation* op)
    {
        T a = Operand.Register<T>(s, op->Op0);
        T b = Operand.Register<T>(s, op->Op1);
        Operand.SetRegister(s, op->Op0, b);
        Operand.SetRegister(s, op->Op1, a);
        return Chain.Next(s, op);
    }

    /// <summary>XCHG with memory is atomic with or without LOCK.</summary>
    public static Operation* ExchangeMemory(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        T value = Operand.Register<T>(s, op->Op1);
        T* p = GuestAccess.Modify<T>(s, address);
        T old;
        if (Atomic.CanUse(p))
        {
            do
                old = Atomic.Read(p);
            while (!Atomic.TryReplace(p, old, value));
        }
        else
        {
            lock (Atomic.SplitLock)
            {
                old = GuestAccess.Load<T>(s, address);
                GuestAccess.Store(s, address, value);
            }
        }
        Operand.SetRegister(s, op->Op1, old);
        return Chain.Next(s, op);
    }

    public static Operation* ExchangeAddRegisters(CpuState* s, Operation* op)
    {
        T a = Operand.Register<T>(s, op->Op0);
        T sum = ((delegate*<CpuState*, T, T, T>)op->Body)(s, a, Operand.Register<T>(s, op->Op1));
        // The destination is written last: with one register for both, the sum stays.
        Operand.SetRegister(s, op->Op1, a);
        Operand.SetRegister(s, op->Op0, sum);
        return Chain.Next(s, op);
    }

    public static Operation* ExchangeAddMemory(CpuState* s, Operation* op)
    {
        var body = (delegate*<CpuState*, T, T, T>)op->Body;
        ulong address = Operand.Address(s, op);
        T b = Operand.Register<T>(s, op->Op1);
        T* p = GuestAccess.Modify<T>(s, address);
        T old;
        if (Atomic.CanUse(p))
        {
            do
                old = Atomic.Read(p);
            while (!Atomic.TryReplace(p, old, body(s, old, b)));
        }
        else
        {
            lock (Atomic.SplitLock)
            {
                old = GuestAccess.Load<T>(s, address);
                GuestAccess.Store(s, address, body(s, old, b));
            }
        }
        Operand.SetRegister(s, op->Op1, old);
        return Chain.Next(s, op);
    }

    public static Operation* CompareExchangeRegisters(CpuState* s, Operation* op)
    {
        T accumulator = Operand.Register<T>(s, 0);
        T old = Operand.Register<T>(s, op->Op0);
        ((delegate*<CpuState*, T, T, void>)op->Body)(s, accumulator, old);
        if (Flags.Zero(s))
            Operand.SetRegister(s, op->Op0, Operand.Register<T>(s, op->Op1));
        else
            Operand.SetRegister(s, 0, old);
        return Chain.Next(s, op);
    }

    public static Operation* CompareExchangeMemory(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        T accumulator = Operand.Register<T>(s, 0);
        T value = Operand.Register<T>(s, op->Op1);
        T* p = GuestAccess.Modify<T>(s, address);
        T old;
        if (Atomic.CanUse(p))
        {
            do
                old = Atomic.Read(p);
            while (Same(old, accumulator) && !Atomic.TryReplace(p, old, value));
        }
        else
        {
            lock (Atomic.SplitLock)
            {
                old = GuestAccess.Load<T>(s, address);
                GuestAccess.Store(s, address, Same(old, accumulator) ? value : old);
            }
        }
        ((delegate*<CpuState*, T, T, void>)op->Body)(s, accumulator, old);
        if (!Same(old, accumulator))
            Operand.SetRegister(s, 0, old);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(T a, T b) => EqualityComparer<T>.Default.Equals(a, b);
}
