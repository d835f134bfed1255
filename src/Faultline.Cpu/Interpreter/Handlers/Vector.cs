using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>
/// 128-bit vector shapes: operand 0 is a register, operand 1 a register or memory. A narrower memory operand arrives in the low bits, zero above. Legacy forms keep
/// the bits of the destination above 128.
/// </summary>
internal static unsafe class Vector
{
    public static Operation* Rmw(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = RmwBody(op)(s, Register(s, op->Op0), Register(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* RmwMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Vector128<byte> b = Load<T>(s, Operand.Address(s, op));
        Register(s, op->Op0) = RmwBody(op)(s, Register(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    public static Operation* RmwMemoryAligned(CpuState* s, Operation* op)
    {
        Vector128<byte> b = LoadAligned(s, Operand.Address(s, op));
        Register(s, op->Op0) = RmwBody(op)(s, Register(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    public static Operation* RmwImmediate(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = RmwImmediateBody(op)(s, Register(s, op->Op0), Register(s, op->Op1), (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* RmwImmediateMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Vector128<byte> b = Load<T>(s, Operand.Address(s, op));
        Register(s, op->Op0) = RmwImmediateBody(op)(s, Register(s, op->Op0), b, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* RmwImmediateMemoryAligned(CpuState* s, Operation* op)
    {
        Vector128<byte> b = LoadAligned(s, Operand.Address(s, op));
        Register(s, op->Op0) = RmwImmediateBody(op)(s, Register(s, op->Op0), b, (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* Compute(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = ComputeBody(op)(s, Register(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* ComputeMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Register(s, op->Op0) = ComputeBody(op)(s, Load<T>(s, Operand.Address(s, op)));
        return Chain.Next(s, op);
    }

    public static Operation* ComputeMemoryAligned(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = ComputeBody(op)(s, LoadAligned(s, Operand.Address(s, op)));
        return Chain.Next(s, op);
    }

    public static Operation* ComputeImmediate(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = ComputeImmediateBody(op)(s, Register(s, op->Op1), (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* ComputeImmediateMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Register(s, op->Op0) = ComputeImmediateBody(op)(s, Load<T>(s, Operand.Address(s, op)), (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* ComputeImmediateMemoryAligned(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = ComputeImmediateBody(op)(s, LoadAligned(s, Operand.Address(s, op)), (byte)op->Immediate);
        return Chain.Next(s, op);
    }

    public static Operation* RmwXmm0(CpuState* s, Operation* op)
    {
        Register(s, op->Op0) = RmwXmm0Body(op)(s, Register(s, op->Op0), Register(s, op->Op1), Xmm0(s));
        return Chain.Next(s, op);
    }

    public static Operation* RmwXmm0MemoryAligned(CpuState* s, Operation* op)
    {
        Vector128<byte> b = LoadAligned(s, Operand.Address(s, op));
        Register(s, op->Op0) = RmwXmm0Body(op)(s, Register(s, op->Op0), b, Xmm0(s));
        return Chain.Next(s, op);
    }

    public static Operation* Read(CpuState* s, Operation* op)
    {
        ReadBody(op)(s, Register(s, op->Op0), Register(s, op->Op1));
        return Chain.Next(s, op);
    }

    public static Operation* ReadMemory<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        Vector128<byte> b = Load<T>(s, Operand.Address(s, op));
        ReadBody(op)(s, Register(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    public static Operation* ReadMemoryAligned(CpuState* s, Operation* op)
    {
        Vector128<byte> b = LoadAligned(s, Operand.Address(s, op));
        ReadBody(op)(s, Register(s, op->Op0), b);
        return Chain.Next(s, op);
    }

    /// <summary>A vector register's low 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Vector128<byte> Register(CpuState* s, ushort offset) => ref *(Vector128<byte>*)((byte*)s + offset);

    /// <summary>Loads 16 bytes that must be 16-byte aligned: #GP otherwise (SDM vol. 1, 10.4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadAligned(CpuState* s, ulong address)
    {
        if ((address & 15) != 0)
            Raise.GeneralProtection(s);
        return GuestAccess.Load<Vector128<byte>>(s, address);
    }

    /// <summary>Loads a memory operand into the low bits of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        if (sizeof(T) == 16)
            return GuestAccess.Load<Vector128<byte>>(s, address);
        T value = GuestAccess.Load<T>(s, address);
        ulong wide = sizeof(T) switch
        {
            1 => *(byte*)&value,
            2 => *(ushort*)&value,
            4 => *(uint*)&value,
            _ => *(ulong*)&value,
        };
        return Vector128.CreateScalar(wide).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>> RmwBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>> RmwImmediateBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, byte, Vector128<byte>>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, Vector128<byte>> ComputeBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, Vector128<byte>>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>> ComputeImmediateBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, byte, Vector128<byte>>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Xmm0(CpuState* s) => Register(s, (ushort)CpuState.VectorOffset(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>> RmwXmm0Body(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>>)op->Body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static delegate*<CpuState*, Vector128<byte>, Vector128<byte>, void> ReadBody(Operation* op) =>
        (delegate*<CpuState*, Vector128<byte>, Vector128<byte>, void>)op->Body;
}
