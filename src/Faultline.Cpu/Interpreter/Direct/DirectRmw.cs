using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>The register forms of <see cref="Handlers.Rmw{T}"/> with the body compiled in. Memory destinations and LOCK use the ordinary handlers.</summary>
internal static unsafe class DirectRmw<T, TBody>
    where T : unmanaged
    where TBody : struct, IBinaryBody<T>
{
    /// <summary>Replaces an ordinary handler by its direct one where there is one.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(OperandKinds kinds) => kinds switch
    {
        OperandKinds.RegisterRegister => &RegisterRegister,
        OperandKinds.RegisterImmediate => &RegisterImmediate,
        OperandKinds.RegisterMemory => &RegisterMemory,
        _ => null,
    };

    private static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1)));
        return op + 1;
    }

    private static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate));
        return op + 1;
    }

    private static Operation* RegisterMemory(CpuState* s, Operation* op)
    {
        T b = Operand.Load<T>(s, op);
        Operand.SetRegister(s, op->Op0, TBody.Apply(s, Operand.Register<T>(s, op->Op0), b));
        return op + 1;
    }
}
