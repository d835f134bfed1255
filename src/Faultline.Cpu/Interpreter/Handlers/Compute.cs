using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Operand 0, a register, = f of the other operands: POPCNT, LZCNT, three-operand IMUL, BMI.</summary>
internal static unsafe class Compute<T>
    where T : unmanaged
{
    public static Operation* Register(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, ((delegate*<CpuState*, T, T>)op->Body)(s, Operand.Register<T>(s, op->Op1)));
        return Chain.Next(s, op);
    }

    public static Operation* Memory(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, ((delegate*<CpuState*, T, T>)op->Body)(s, Operand.Load<T>(s, op)));
        return Chain.Next(s, op);
    }

    public static Operation* RegisterImmediate(CpuState* s, Operation* op) => Store(s, op, Operand.Register<T>(s, op->Op1), *(T*)&op->Immediate);

    public static Operation* MemoryImmediate(CpuState* s, Operation* op) => Store(s, op, Operand.Load<T>(s, op), *(T*)&op->Immediate);

    public static Operation* RegisterRegister(CpuState* s, Operation* op) =>
        Store(s, op, Operand.Register<T>(s, op->Op1), Operand.Register<T>(s, op->Op2));

    public static Operation* RegisterMemory(CpuState* s, Operation* op) => Store(s, op, Operand.Register<T>(s, op->Op1), Operand.Load<T>(s, op));

    public static Operation* MemoryRegister(CpuState* s, Operation* op) => Store(s, op, Operand.Load<T>(s, op), Operand.Register<T>(s, op->Op2));

    private static Operation* Store(CpuState* s, Operation* op, T a, T b)
    {
        Operand.SetRegister(s, op->Op0, ((delegate*<CpuState*, T, T, T>)op->Body)(s, a, b));
        return Chain.Next(s, op);
    }
}
