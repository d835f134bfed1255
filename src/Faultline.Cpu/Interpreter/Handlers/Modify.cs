using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Operand 0 = f(operand 0): INC, DEC, NEG, NOT, BSWAP.</summary>
internal static unsafe class Modify<T>
    where T : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, Body(op)(s, Operand.Register<T>(s, op->Op0)));
        return Chain.Next(s, op);
    }

    public static Operation* Memory(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        T* p = GuestAccess.Modify<T>(s, address);
        if (p is not null)
            GuestAccess.Put(p, Body(op)(s, GuestAccess.Get(p)));
        else
            GuestAccess.Store(s, address, Body(op)(s, GuestAccess.Load<T>(s, address)));
        return Chain.Next(s, op);
    }

    public static Operation* LockedMemory(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        T* p = GuestAccess.Modify<T>(s, address);
        if (Atomic.CanUse(p))
        {
            // INC and DEC read CF, so a retry must start from the flags as they were.
            LazyFlags before = LazyFlags.Of(s);
            while (true)
            {
                T old = Atomic.Read(p);
                if (Atomic.TryReplace(p, old, Body(op)(s, old)))
                    return Chain.Next(s, op);
                before.Restore(s);
            }
        }
        lock (Atomic.SplitLock)
            GuestAccess.Store(s, address, Body(op)(s, GuestAccess.Load<T>(s, address)));
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, T, T> Body(Operation* op) => (delegate*<CpuState*, T, T>)op->Body;
}
