using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>
/// Operand 0 = f(operand 0, operand 1), for every place the two can be. The body runs only after the memory operand is known to be writable, because
/// it changes flags.
/// </summary>
internal static unsafe class Rmw<T>
    where T : unmanaged
{
    public static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        T result = Body(op)(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1));
        Operand.SetRegister(s, op->Op0, result);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* RegisterMemory(CpuState* s, Operation* op)
    {
        T b = Operand.Load<T>(s, op);
        Operand.SetRegister(s, op->Op0, Body(op)(s, Operand.Register<T>(s, op->Op0), b));
        return Chain.Next(s, op);
    }

    public static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Body(op)(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryRegister(CpuState* s, Operation* op)
    {
        Update(s, op, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* MemoryImmediate(CpuState* s, Operation* op)
    {
        Update(s, op, *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* LockedMemoryRegister(CpuState* s, Operation* op)
    {
        LockedUpdate(s, op, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* LockedMemoryImmediate(CpuState* s, Operation* op)
    {
        LockedUpdate(s, op, *(T*)&op->Immediate);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, T, T, T> Body(Operation* op) => (delegate*<CpuState*, T, T, T>)op->Body;

    private static void Update(CpuState* s, Operation* op, T b)
    {
        ulong address = Operand.Address(s, op);
        T* p = GuestAccess.Modify<T>(s, address);
        if (p is not null)
            GuestAccess.Put(p, Body(op)(s, GuestAccess.Get(p), b));
        else
            GuestAccess.Store(s, address, Body(op)(s, GuestAccess.Load<T>(s, address), b));
    }

    private static void LockedUpdate(CpuState* s, Operation* op, T b)
    {
        ulong address = Operand.Address(s, op);
        T* p = GuestAccess.Modify<T>(s, address);
        if (Atomic.CanUse(p))
        {
            // ADC and SBB read CF, so a retry must start from the flags as they were.
            LazyFlags before = LazyFlags.Of(s);
            while (true)
            {
                T old = Atomic.Read(p);
                if (Atomic.TryReplace(p, old, Body(op)(s, old, b)))
                    return;
                before.Restore(s);
            }
        }
        lock (Atomic.SplitLock)
            GuestAccess.Store(s, address, Body(op)(s, GuestAccess.Load<T>(s, address), b));
    }
}
