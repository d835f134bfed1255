using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Functions of three vectors: of operands 1, 2 and 3, or (FMA) of operands 0, 1 and 2.</summary>
internal static unsafe class VexTernary<TVector>
    where TVector : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op) => Apply(s, op, Operand.Register<TVector>(s, op->Op2));

    public static Operation* Memory(CpuState* s, Operation* op) => Apply(s, op, Operand.Load<TVector>(s, op));

    public static Operation* Fma(CpuState* s, Operation* op) => ApplyFma(s, op, Operand.Register<TVector>(s, op->Op2));

    public static Operation* FmaMemory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged => ApplyFma(s, op, Vex.Load<TVector, TMemory>(s, op));

    /// <summary>The fourth operand's register is in the immediate.</summary>
    private static Operation* Apply(CpuState* s, Operation* op, TVector b)
    {
        TVector result = Body(op)(s, Operand.Register<TVector>(s, op->Op1), b, Operand.Register<TVector>(s, (ushort)op->Immediate));
        Operand.SetVector(s, op->Op0, result);
        return Chain.Next(s, op);
    }

    private static Operation* ApplyFma(CpuState* s, Operation* op, TVector c)
    {
        TVector result = Body(op)(s, Operand.Register<TVector>(s, op->Op0), Operand.Register<TVector>(s, op->Op1), c);
        Operand.SetVector(s, op->Op0, result);
        return Chain.Next(s, op);
    }

    private static delegate*<CpuState*, TVector, TVector, TVector, TVector> Body(Operation* op) =>
        (delegate*<CpuState*, TVector, TVector, TVector, TVector>)op->Body;
}
