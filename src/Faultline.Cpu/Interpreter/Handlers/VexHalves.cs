using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>256-bit forms whose halves are computed alone, each by a 128-bit body without flags or exceptions.</summary>
internal static unsafe class VexHalves
{
    public static Operation* Unary(CpuState* s, Operation* op) => Unary(s, op, Operand.Register<Vector256<byte>>(s, op->Op1));

    public static Operation* UnaryMemory(CpuState* s, Operation* op) => Unary(s, op, Operand.Load<Vector256<byte>>(s, op));

    public static Operation* UnaryImmediate(CpuState* s, Operation* op) => UnaryImmediate(s, op, Operand.Register<Vector256<byte>>(s, op->Op1));

    public static Operation* UnaryImmediateMemory(CpuState* s, Operation* op) => UnaryImmediate(s, op, Operand.Load<Vector256<byte>>(s, op));

    public static Operation* Binary(CpuState* s, Operation* op) => Binary(s, op, Operand.Register<Vector256<byte>>(s, op->Op2));

    public static Operation* BinaryMemory(CpuState* s, Operation* op) => Binary(s, op, Operand.Load<Vector256<byte>>(s, op));

    public static Operation* BinaryImmediate(CpuState* s, Operation* op) => BinaryImmediate(s, op, Operand.Register<Vector256<byte>>(s, op->Op2));

    public static Operation* BinaryImmediateMemory(CpuState* s, Operation* op) => BinaryImmediate(s, op, Operand.Load<Vector256<byte>>(s, op));

    private static Operation* Unary(CpuState* s, Operation* op, Vector256<byte> a)
    {
        var body = (delegate*<CpuState*, Vector128<byte>, Vector128<byte>>)op->Body;
        Operand.SetVector(s, op->Op0, Vector256.Create(body(s, a.GetLower()), body(s, a.GetUpper())));
        return Chain.Next(s, op);
    }

    private static Operation* UnaryImmediate(CpuState* s, Operation* op, Vector256<byte> a)
    {
        var body = (delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>>)op->Body;
        byte immediate = (byte)op->Immediate;
        Operand.SetVector(s, op->Op0, Vector256.Create(body(s, a.GetLower(), immediate), body(s, a.GetUpper(), immediate)));
        return Chain.Next(s, op);
    }

    private static Operation* Binary(CpuState* s, Operation* op, Vector256<byte> b)
    {
        var body = (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>>)op->Body;
        Vector256<byte> a = Operand.Register<Vector256<byte>>(s, op->Op1);
        Operand.SetVector(s, op->Op0, Vector256.Create(body(s, a.GetLower(), b.GetLower()), body(s, a.GetUpper(), b.GetUpper())));
        return Chain.Next(s, op);
    }

    private static Operation* BinaryImmediate(CpuState* s, Operation* op, Vector256<byte> b)
    {
        var body = (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>>)op->Body;
        Vector256<byte> a = Operand.Register<Vector256<byte>>(s, op->Op1);
        byte immediate = (byte)op->Immediate;
        Operand.SetVector(s, op->Op0, Vector256.Create(body(s, a.GetLower(), b.GetLower(), immediate), body(s, a.GetUpper(), b.GetUpper(), immediate)));
        return Chain.Next(s, op);
    }
}
