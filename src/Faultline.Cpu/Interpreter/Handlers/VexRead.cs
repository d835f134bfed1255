using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Comparisons of operands 0 and 1 that set flags alone.</summary>
internal static unsafe class VexRead<TVector>
    where TVector : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Body(op)(s, Operand.Register<TVector>(s, op->Op0), Operand.Register<TVector>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* Memory<TMemory>(CpuState* s, Operation* op)
        where TMemory : unmanaged
    {
        TVector b = Vex.Load<TVector, TMemory>(s, op);
        Body(op)(s, Operand.Register<TVector>(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    private static delegate*<CpuState*, TVector, TVector, void> Body(Operation* op) => (delegate*<CpuState*, TVector, TVector, void>)op->Body;
}
