using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>CMP and TEST with the body compiled in.</summary>
internal static unsafe class DirectRead<T, TBody>
    where T : unmanaged
    where TBody : struct, IReadBody<T>
{
    /// <summary>Replaces an ordinary handler by its direct one.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(OperandKinds kinds) => kinds switch
    {
        OperandKinds.RegisterRegister => &RegisterRegister,
        OperandKinds.RegisterImmediate => &RegisterImmediate,
        OperandKinds.RegisterMemory => &RegisterMemory,
        OperandKinds.MemoryRegister => &MemoryRegister,
        OperandKinds.MemoryImmediate => &MemoryImmediate,
        _ => null,
    };

    private static Operation* RegisterRegister(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), Operand.Register<T>(s, op->Op1));
        return op + 1;
    }

    private static Operation* RegisterImmediate(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), *(T*)&op->Immediate);
        return op + 1;
    }

    private static Operation* RegisterMemory(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Register<T>(s, op->Op0), Operand.Load<T>(s, op));
        return op + 1;
    }

    private static Operation* MemoryRegister(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Load<T>(s, op), Operand.Register<T>(s, op->Op1));
        return op + 1;
    }

    private static Operation* MemoryImmediate(CpuState* s, Operation* op)
    {
        TBody.Apply(s, Operand.Load<T>(s, op), *(T*)&op->Immediate);
        return op + 1;
    }
}
