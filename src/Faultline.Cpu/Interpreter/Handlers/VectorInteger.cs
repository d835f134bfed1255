using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Vector shapes of which one operand is an integer of 4 or 8 bytes: a general register, or memory.</summary>
internal static unsafe class VectorInteger
{
    public static Operation* From<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Vector.Register(s, op->Op0) = FromBody<T>(op)(s, Vector.Register(s, op->Op0), Operand.Register<T>(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* FromMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T b = Operand.Load<T>(s, op);
        Vector.Register(s, op->Op0) = FromBody<T>(op)(s, Vector.Register(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    public static Operation* To<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Operand.SetRegister(s, op->Op0, ToBody<T>(op)(s, Vector.Register(s, op->Op1)));
        return Chain.Next(s, op);
    }

    public static Operation* ToMemory<T, TSource>(CpuState* s, Operation* op)
        where T : unmanaged
        where TSource : unmanaged
    {
        Operand.SetRegister(s, op->Op0, ToBody<T>(op)(s, Vector.Load<TSource>(s, Operand.Address(s, op))));
        return Chain.Next(s, op);
    }

    private static delegate*<CpuState*, Vector128<byte>, T, Vector128<byte>> FromBody<T>(Operation* op)
        where T : unmanaged => (delegate*<CpuState*, Vector128<byte>, T, Vector128<byte>>)op->Body;

    private static delegate*<CpuState*, Vector128<byte>, T> ToBody<T>(Operation* op)
        where T : unmanaged => (delegate*<CpuState*, Vector128<byte>, T>)op->Body;
}
