using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// BT, BTS, BTR and BTC (SDM vol. 2). With an immediate the bit number is taken modulo the width, wherever the operand is; with a register and memory it
/// is a signed offset that may reach far beyond the addressed word. Only CF changes.
/// </summary>
internal static unsafe class BitTest
{
    // 16 bits

    public static void Test16(CpuState* s, ushort a, ushort bit) => Flags.SetCarry(s, ((a >> (int)(bit & 15)) & 1) != 0);

    public static ushort Set16(CpuState* s, ushort a, ushort bit)
    {
        Test16(s, a, bit);
        return (ushort)(a | 1 << (int)(bit & 15));
    }

    public static ushort Reset16(CpuState* s, ushort a, ushort bit)
    {
        Test16(s, a, bit);
        return (ushort)(a & ~(1 << (int)(bit & 15)));
    }

    public static ushort Complement16(CpuState* s, ushort a, ushort bit)
    {
        Test16(s, a, bit);
        return (ushort)(a ^ 1 << (int)(bit & 15));
    }

    /// <summary>BT with a register as bit number.</summary>
    public static void Bt16(CpuState* s, Operation* op)
    {
        ushort bit = Operand.Register<ushort>(s, op->Op1);
        bool memory = (op->Flags & OperationFlags.Memory0) != 0;
        Test16(s, memory ? GuestAccess.Load<ushort>(s, Address(s, op, (short)bit >> 4, 2)) : Operand.Register<ushort>(s, op->Op0), bit);
    }

    /// <summary>BTS with a register as bit number.</summary>
    public static void Bts16(CpuState* s, Operation* op) => Modify16(s, op, &Set16);

    /// <summary>BTR with a register as bit number.</summary>
    public static void Btr16(CpuState* s, Operation* op) => Modify16(s, op, &Reset16);

    /// <summary>BTC with a register as bit number.</summary>
    public static void Btc16(CpuState* s, Operation* op) => Modify16(s, op, &Complement16);

    private static void Modify16(CpuState* s, Operation* op, delegate*<CpuState*, ushort, ushort, ushort> body)
    {
        ushort bit = Operand.Register<ushort>(s, op->Op1);
        if ((op->Flags & OperationFlags.Memory0) == 0)
        {
            Operand.SetRegister(s, op->Op0, body(s, Operand.Register<ushort>(s, op->Op0), bit));
            return;
        }
        ulong address = Address(s, op, (short)bit >> 4, 2);
        ushort* p = GuestAccess.Modify<ushort>(s, address);
        bool locked = (op->Flags & OperationFlags.Lock) != 0;
        if (p is not null && !locked)
        {
            GuestAccess.Put(p, body(s, GuestAccess.Get(p), bit));
        }
        else if (locked && Atomic.CanUse(p))
        {
            ushort old;
            do
                old = Atomic.Read(p);
            while (!Atomic.TryReplace(p, old, body(s, old, bit)));
        }
        else
        {
            lock (Atomic.SplitLock)
                GuestAccess.Store(s, address, body(s, GuestAccess.Load<ushort>(s, address), bit));
        }
    }

    // 32 bits

    public static void Test32(CpuState* s, uint a, uint bit) => Flags.SetCarry(s, ((a >> (int)(bit & 31)) & 1) != 0);

    public static uint Set32(CpuState* s, uint a, uint bit)
    {
        Test32(s, a, bit);
        return a | 1u << (int)(bit & 31);
    }

    public static uint Reset32(CpuState* s, uint a, uint bit)
    {
        Test32(s, a, bit);
        return a & ~(1u << (int)(bit & 31));
    }

    public static uint Complement32(CpuState* s, uint a, uint bit)
    {
        Test32(s, a, bit);
        return a ^ 1u << (int)(bit & 31);
    }

    /// <summary>BT with a register as bit number.</summary>
    public static void Bt32(CpuState* s, Operation* op)
    {
        uint bit = Operand.Register<uint>(s, op->Op1);
        bool memory = (op->Flags & OperationFlags.Memory0) != 0;
        Test32(s, memory ? GuestAccess.Load<uint>(s, Address(s, op, (int)bit >> 5, 4)) : Operand.Register<uint>(s, op->Op0), bit);
    }

    /// <summary>BTS with a register as bit number.</summary>
    public static void Bts32(CpuState* s, Operation* op) => Modify32(s, op, &Set32);

    /// <summary>BTR with a register as bit number.</summary>
    public static void Btr32(CpuState* s, Operation* op) => Modify32(s, op, &Reset32);

    /// <summary>BTC with a register as bit number.</summary>
    public static void Btc32(CpuState* s, Operation* op) => Modify32(s, op, &Complement32);

    private static void Modify32(CpuState* s, Operation* op, delegate*<CpuState*, uint, uint, uint> body)
    {
        uint bit = Operand.Register<uint>(s, op->Op1);
        if ((op->Flags & OperationFlags.Memory0) == 0)
        {
            Operand.SetRegister(s, op->Op0, body(s, Operand.Register<uint>(s, op->Op0), bit));
            return;
        }
        ulong address = Address(s, op, (int)bit >> 5, 4);
        uint* p = GuestAccess.Modify<uint>(s, address);
        bool locked = (op->Flags & OperationFlags.Lock) != 0;
        if (p is not null && !locked)
        {
            GuestAccess.Put(p, body(s, GuestAccess.Get(p), bit));
        }
        else if (locked && Atomic.CanUse(p))
        {
            uint old;
            do
                old = Atomic.Read(p);
            while (!Atomic.TryReplace(p, old, body(s, old, bit)));
        }
        else
        {
            lock (Atomic.SplitLock)
                GuestAccess.Store(s, address, body(s, GuestAccess.Load<uint>(s, address), bit));
        }
    }

    // 64 bits

    public static void Test64(CpuState* s, ulong a, ulong bit) => Flags.SetCarry(s, ((a >> (int)(bit & 63)) & 1) != 0);

    public static ulong Set64(CpuState* s, ulong a, ulong bit)
    {
        Test64(s, a, bit);
        return a | 1UL << (int)(bit & 63);
    }

    public static ulong Reset64(CpuState* s, ulong a, ulong bit)
    {
        Test64(s, a, bit);
        return a & ~(1UL << (int)(bit & 63));
    }

    public static ulong Complement64(CpuState* s, ulong a, ulong bit)
    {
        Test64(s, a, bit);
        return a ^ 1UL << (int)(bit & 63);
    }

    /// <summary>BT with a register as bit number.</summary>
    public static void Bt64(CpuState* s, Operation* op)
    {
        ulong bit = Operand.Register<ulong>(s, op->Op1);
        bool memory = (op->Flags & OperationFlags.Memory0) != 0;
        Test64(s, memory ? GuestAccess.Load<ulong>(s, Address(s, op, (long)bit >> 6, 8)) : Operand.Register<ulong>(s, op->Op0), bit);
    }

    /// <summary>BTS with a register as bit number.</summary>
    public static void Bts64(CpuState* s, Operation* op) => Modify64(s, op, &Set64);

    /// <summary>BTR with a register as bit number.</summary>
    public static void Btr64(CpuState* s, Operation* op) => Modify64(s, op, &Reset64);

    /// <summary>BTC with a register as bit number.</summary>
    public static void Btc64(CpuState* s, Operation* op) => Modify64(s, op, &Complement64);

    private static void Modify64(CpuState* s, Operation* op, delegate*<CpuState*, ulong, ulong, ulong> body)
    {
        ulong bit = Operand.Register<ulong>(s, op->Op1);
        if ((op->Flags & OperationFlags.Memory0) == 0)
        {
            Operand.SetRegister(s, op->Op0, body(s, Operand.Register<ulong>(s, op->Op0), bit));
            return;
        }
        ulong address = Address(s, op, (long)bit >> 6, 8);
        ulong* p = GuestAccess.Modify<ulong>(s, address);
        bool locked = (op->Flags & OperationFlags.Lock) != 0;
        if (p is not null && !locked)
        {
            GuestAccess.Put(p, body(s, GuestAccess.Get(p), bit));
        }
        else if (locked && Atomic.CanUse(p))
        {
            ulong old;
            do
                old = Atomic.Read(p);
            while (!Atomic.TryReplace(p, old, body(s, old, bit)));
        }
        else
        {
            lock (Atomic.SplitLock)
                GuestAccess.Store(s, address, body(s, GuestAccess.Load<ulong>(s, address), bit));
        }
    }

    /// <summary>The address of the word that holds the bit; with 32-bit addresses the sum wraps before the segment base is added.</summary>
    private static ulong Address(CpuState* s, Operation* op, long word, long size)
    {
        ulong offset = Operand.Offset(s, op) + (ulong)(word * size);
        if ((op->Flags & OperationFlags.Address32) != 0)
            offset = (uint)offset;
        return offset + *(ulong*)((byte*)s + op->Segment);
    }
}
