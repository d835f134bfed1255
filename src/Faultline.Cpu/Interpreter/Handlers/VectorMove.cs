using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Moves between vector registers and memory, whole and of the low bytes.</summary>
internal static unsafe class VectorMove
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Vector.Register(s, op->Op0) = Vector.Register(s, op->Op1);
        return Chain.Next(s, op);
    }

    public static Operation* Load(CpuState* s, Operation* op)
    {
        Vector.Register(s, op->Op0) = Operand.Load<Vector128<byte>>(s, op);
        return Chain.Next(s, op);
    }

    public static Operation* LoadAligned(CpuState* s, Operation* op)
    {
        Vector.Register(s, op->Op0) = Vector.LoadAligned(s, Operand.Address(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* Store(CpuState* s, Operation* op)
    {
        Operand.Store(s, op, Vector.Register(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* StoreAligned(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        if ((address & 15) != 0)
            Raise.GeneralProtection(s);
        GuestAccess.Store(s, address, Vector.Register(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* StoreLow<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Operand.Store(s, op, Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* LoadLow<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Vector.Register(s, op->Op0) = Vector.Load<T>(s, Operand.Address(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* MergeLow<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Unsafe.As<Vector128<byte>, T>(ref Vector.Register(s, op->Op0)) = Operand.Register<T>(s, op->Op1);
        return Chain.Next(s, op);
    }

    public static Operation* ZeroExtend<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T low = Operand.Register<T>(s, op->Op1);
        Vector128<byte> value = default;
        Unsafe.As<Vector128<byte>, T>(ref value) = low;
        Vector.Register(s, op->Op0) = value;
        return Chain.Next(s, op);
    }
}
