using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.Semantics.Vector;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>
/// Vector shapes on MMX registers. Each checks for a pending x87 exception, loads or stores its memory operand, and only then changes the x87
/// state. T is the width of the memory operand.
/// </summary>
internal static unsafe class Mmx<T>
    where T : unmanaged
{
    public static Operation* Rmw(CpuState* s, Operation* op)
    {
        Vector128<byte> b = Begin(s, op);
        MmxState.Write(s, op->Op0, ((delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>>)op->Body)(s, MmxState.Read(s, op->Op0), b));
        return Chain.Next(s, op);
    }

    public static Operation* RmwImmediate(CpuState* s, Operation* op)
    {
        Vector128<byte> b = Begin(s, op);
        var body = (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>>)op->Body;
        MmxState.Write(s, op->Op0, body(s, MmxState.Read(s, op->Op0), b, (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* Compute(CpuState* s, Operation* op)
    {
        Vector128<byte> b = Begin(s, op);
        MmxState.Write(s, op->Op0, ((delegate*<CpuState*, Vector128<byte>, Vector128<byte>>)op->Body)(s, b));
        return Chain.Next(s, op);
    }

    public static Operation* ComputeImmediate(CpuState* s, Operation* op)
    {
        Vector128<byte> b = Begin(s, op);
        MmxState.Write(s, op->Op0, ((delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>>)op->Body)(s, b, (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* Move(CpuState* s, Operation* op)
    {
        MmxState.Write(s, op->Op0, Begin(s, op));
        return Chain.Next(s, op);
    }

    public static Operation* Store(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        Operand.Store(s, op, Operand.Register<ulong>(s, op->Op1));
        MmxState.Enter(s);
        return Chain.Next(s, op);
    }

    public static Operation* Extract(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        ulong value = ((delegate*<CpuState*, Vector128<byte>, ulong>)op->Body)(s, MmxState.Read(s, op->Op1));
        if ((op->Flags & OperationFlags.Memory0) != 0)
            Operand.Store(s, op, *(T*)&value);
        else
            Operand.SetRegister(s, op->Op0, value);
        MmxState.Enter(s);
        return Chain.Next(s, op);
    }

    public static Operation* ExtractImmediate(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        MmxState.Enter(s);
        var body = (delegate*<CpuState*, Vector128<byte>, byte, ulong>)op->Body;
        Operand.SetRegister(s, op->Op0, body(s, MmxState.Read(s, op->Op1), (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* Insert(CpuState* s, Operation* op)
    {
        ulong b = BeginScalar(s, op);
        MmxState.Write(s, op->Op0, ((delegate*<CpuState*, Vector128<byte>, ulong, Vector128<byte>>)op->Body)(s, MmxState.Read(s, op->Op0), b));
        return Chain.Next(s, op);
    }

    public static Operation* InsertImmediate(CpuState* s, Operation* op)
    {
        ulong b = BeginScalar(s, op);
        var body = (delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>>)op->Body;
        MmxState.Write(s, op->Op0, body(s, MmxState.Read(s, op->Op0), b, (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    /// <summary>Operand 1, an MMX register or memory; the x87 state is MMX's afterwards.</summary>
    private static Vector128<byte> Begin(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        Vector128<byte> b = (op->Flags & OperationFlags.Memory1) != 0 ? Vector.Load<T>(s, Operand.Address(s, op)) : MmxState.Read(s, op->Op1);
        MmxState.Enter(s);
        return b;
    }

    /// <summary>Operand 1, a general register or memory.</summary>
    private static ulong BeginScalar(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        ulong b = (op->Flags & OperationFlags.Memory1) != 0 ? VectorScalar.Load<T>(s, op) : Operand.Register<ulong>(s, op->Op1);
        MmxState.Enter(s);
        return b;
    }
}
