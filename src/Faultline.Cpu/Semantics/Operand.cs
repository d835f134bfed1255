using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics;

/// <summary>Reaches the operands of an <see cref="Operation"/>, for handlers and for bodies that see the whole operation.</summary>
internal static unsafe class Operand
{
    /// <summary>Reads a register of any width at its byte offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Register<T>(CpuState* s, ushort offset)
        where T : unmanaged => *(T*)((byte*)s + offset);

    /// <summary>Writes a general register: 32-bit writes clear the upper half, narrower ones keep the rest (SDM vol. 1, 3.4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetRegister<T>(CpuState* s, ushort offset, T value)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
            *(ulong*)((byte*)s + offset) = *(uint*)&value;
        else
            *(T*)((byte*)s + offset) = value;
    }

    /// <summary>Writes a vector register of 16 or 32 bytes as VEX instructions do: the bits above are cleared (SDM vol. 1, 15.5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetVector<TVector>(CpuState* s, ushort offset, TVector value)
        where TVector : unmanaged
    {
        byte* register = (byte*)s + offset;
        *(TVector*)register = value;
        if (sizeof(TVector) == 16)
            *(Vector128<byte>*)(register + 16) = Vector128<byte>.Zero;
        *(Vector256<byte>*)(register + 32) = Vector256<byte>.Zero;
    }

    /// <summary>The linear address of the memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Address32) != 0)
            return Offset32(s, op) + *(ulong*)((byte*)s + op->Segment);
        return *(ulong*)((byte*)s + op->Base) + (*(ulong*)((byte*)s + op->Index) << op->Scale) + op->Displacement + *(ulong*)((byte*)s + op->Segment);
    }

    /// <summary>The offset of the memory operand without its segment base, as LEA computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Offset(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Address32) != 0)
            return Offset32(s, op);
        return *(ulong*)((byte*)s + op->Base) + (*(ulong*)((byte*)s + op->Index) << op->Scale) + op->Displacement;
    }

    /// <summary>Loads the memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(CpuState* s, Operation* op)
        where T : unmanaged => GuestAccess.Load<T>(s, Address(s, op));

    /// <summary>Stores to the memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(CpuState* s, Operation* op, T value)
        where T : unmanaged => GuestAccess.Store(s, Address(s, op), value);

    /// <summary>Reads operand 0 wherever it is.</summary>
    public static T Read0<T>(CpuState* s, Operation* op)
        where T : unmanaged => (op->Flags & OperationFlags.Memory0) != 0 ? Load<T>(s, op) : Register<T>(s, op->Op0);

    /// <summary>Reads operand 1 wherever it is; an immediate is not an operand of this kind.</summary>
    public static T Read1<T>(CpuState* s, Operation* op)
        where T : unmanaged => (op->Flags & OperationFlags.Memory1) != 0 ? Load<T>(s, op) : Register<T>(s, op->Op1);

    /// <summary>Reads operand 2 wherever it is; an immediate is not an operand of this kind.</summary>
    public static T Read2<T>(CpuState* s, Operation* op)
        where T : unmanaged => (op->Flags & OperationFlags.Memory2) != 0 ? Load<T>(s, op) : Register<T>(s, op->Op2);

    /// <summary>Writes operand 0 wherever it is, a general register or memory.</summary>
    public static void Write0<T>(CpuState* s, Operation* op, T value)
        where T : unmanaged
    {
        if ((op->Flags & OperationFlags.Memory0) != 0)
            Store(s, op, value);
        else
            SetRegister(s, op->Op0, value);
    }

    private static ulong Offset32(CpuState* s, Operation* op) =>
        (uint)(*(ulong*)((byte*)s + op->Base) + (*(ulong*)((byte*)s + op->Index) << op->Scale) + op->Displacement);
}
