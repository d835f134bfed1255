using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Vector register to general register or memory, and back.</summary>
internal static unsafe class VectorScalar
{
    public static Operation* Extract(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, ExtractBody(op)(s, Vector.Register(s, op->Op1)));
        return Chain.Next(s, op);
    }

    public static Operation* ExtractMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong value = ExtractBody(op)(s, Vector.Register(s, op->Op1));
        Operand.Store(s, op, *(T*)&value);
        return Chain.Next(s, op);
    }

    public static Operation* ExtractImmediate(CpuState* s, Operation* op)
    {
        Operand.SetRegister(s, op->Op0, ExtractImmediateBody(op)(s, Vector.Register(s, op->Op1), (byte)op->Immediate));
        return Chain.Next(s, op);
    }

    public static Operation* ExtractImmediateMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong value = ExtractImmediateBody(op)(s, Vector.Register(s, op->Op1), (byte)op->Immediate);
        Operand.Store(s, op, *(T*)&value);
        return Chain.Next(s, op);
    }

    public static Operation* InsertImmediate(CpuState* s, Operation* op)
    {
        Vector.Register(s, op->Op0) = InsertImmediateBody(op)(s, Vector.Register(s, op->Op0), Operand.Register<ulong>(s, op->Op1), (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* InsertImmediateMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong b = Load<T>(s, op);
        Vector.Register(s, op->Op0) = InsertImmediateBody(op)(s, Vector.Register(s, op->Op0), b, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    /// <summary>Loads the memory operand, zero-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T value = Operand.Load<T>(s, op);
        ulong wide = 0;
        *(T*)&wide = value;
        return wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, ulong> ExtractBody(Operation* op) => (delegate*<CpuState*, Vector128<byte>, ulong>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, byte, ulong> ExtractImmediateBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, byte, ulong>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>> InsertImmediateBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, ulong, byte, Vector128<byte>>)op->Body;
}
