using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>VEX shapes of which one operand is a general register, or memory in its place.</summary>
internal static unsafe class VexScalar
{
    public static Operation* From<T>(CpuState* s, Operation* op)
        where T : unmanaged => From(s, op, Operand.Register<T>(s, op->Op2));

    public static Operation* FromMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged => From(s, op, Operand.Load<T>(s, op));

    public static Operation* Insert(CpuState* s, Operation* op) => Insert(s, op, Operand.Register<ulong>(s, op->Op2));

    public static Operation* InsertMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged => Insert(s, op, VectorScalar.Load<T>(s, op));

    public static Operation* Extract(CpuState* s, Operation* op)
    {
        var body = (delegate*<CpuState*, Vector256<byte>, ulong>)op->Body;
        Operand.SetRegister(s, op->Op0, body(s, Operand.Register<Vector256<byte>>(s, op->Op1)));
        return Chain.Next(s, op);
    }

    private static Operation* From<T>(CpuState* s, Operation* op, T b)
        where T : unmanaged
    {
        var body = (delegate*<CpuState*, Vector128<byte>, T, Vector128<byte>>)op->Body;
        Operand.SetVector(s, op->Op0, body(s, Vector.Register(s, op->Op1), b));
        return Chain.Next(s, op);
    }

    private static Operation* Insert(CpuState* s, Operation* op, ulong b)
    {
        var body = (delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>>)op->Body;
        Operand.SetVector(s, op->Op0, body(s, Vector.Register(s, op->Op1), b, (byte)op->Immediate));
        return Chain.Next(s, op);
    }
}
