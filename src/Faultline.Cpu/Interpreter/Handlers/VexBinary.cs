using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Operand 0 = f(operand 1, operand 2) of vectors, with or without an immediate.</summary>
internal static unsafe class VexBinary<TVector>
    where TVector : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Operand.SetVector(s, op->Op0, Body(op)(s, Operand.Register<TVector>(s, op->Op1), Operand.Register<TVector>(s, op->Op2)));
        return Chain.Next(s, op);
    }

    public static Operation* Memory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        TVector b = Vex.Load<TVector, TMemory>(s, op);
        Operand.SetVector(s, op->Op0, Body(op)(s, Operand.Register<TVector>(s, op->Op1), b));
        return Chain.Next(s, op);
    }

    public static Operation* Immediate(CpuState* s, Operation* op)
    {
        TVector result = ImmediateBody(op)(s, Operand.Register<TVector>(s, op->Op1), Operand.Register<TVector>(s, op->Op2), (byte)op->Immediate);
        Operand.SetVector(s, op->Op0, result);
        return Chain.Next(s, op);
    }

    public static Operation* ImmediateMemory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        TVector b = Vex.Load<TVector, TMemory>(s, op);
        Operand.SetVector(s, op->Op0, ImmediateBody(op)(s, Operand.Register<TVector>(s, op->Op1), b, (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    private static delegate*<CpuState*, TVector, TVector, TVector> Body(Operation* op) => (delegate*<CpuState*, TVector, TVector, TVector>)op->Body;

    private static delegate*<CpuState*, TVector, TVector, byte, TVector> ImmediateBody(Operation* op) =>
        (delegate*<CpuState*, TVector, TVector, byte, TVector>)op->Body;
}
