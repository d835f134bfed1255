using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Moves of whole vectors.</summary>
internal static unsafe class VexMove<TVector>
    where TVector : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, Operand.Register<TVector>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* Load(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, Operand.Load<TVector>(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* LoadAligned(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, GuestAccess.Load<TVector>(s, AlignedAddress(s, op)));
        return Chain.Next(s, op);
    }

    public static Operation* Store(CpuState* s, Operation* op)
    {
        Operand.Store(s, op, Operand.Register<TVector>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* StoreAligned(CpuState* s, Operation* op)
    {
        GuestAccess.Store(s, AlignedAddress(s, op), Operand.Register<TVector>(s, op->Op1));
        return Chain.Next(s, op);
    }

    private static ulong AlignedAddress(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        if ((address & ((ulong)sizeof(TVector) - 1)) != 0)
            Raise.GeneralProtection(s);
        return address;
    }
}
