using System.Buffers.Binary;
using System.Numerics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// BMI1 and BMI2 on values, ADCX and ADOX, BSWAP, MOVBE and CRC32 (SDM vol. 2). Flags that the manual leaves undefined follow Zen 4: AF is clear but
/// for BEXTR, which sets it, and PF and SF follow the result.
/// </summary>
internal static unsafe class BitManipulation
{
    // 32 bits

    public static uint Andn32(CpuState* s, uint a, uint b)
    {
        uint r = ~a & b;
        Flags.SetLogic(s, FlagsKind.Logic32, (int)r);
        return r;
    }

    /// <summary>BEXTR: bits 7:0 of the control are the first bit, 15:8 how many.</summary>
    public static uint Bextr32(CpuState* s, uint a, uint control)
    {
        int start = (byte)control;
        int length = (byte)(control >> 8);
        uint r = start < 32 ? a >> start : 0;
        if (length < 32)
            r &= (1u << length) - 1;
        Flags.SetResult(s, (int)r, Rflags.AF);
        return r;
    }

    public static uint Bzhi32(CpuState* s, uint a, uint index)
    {
        int n = (byte)index;
        uint r = n < 32 ? a & ((1u << n) - 1) : a;
        Flags.SetResult(s, (int)r, n < 32 ? 0 : Rflags.CF);
        return r;
    }

    public static uint Blsr32(CpuState* s, uint a)
    {
        uint r = a & (a - 1);
        Flags.SetResult(s, (int)r, a == 0 ? Rflags.CF : 0);
        return r;
    }

    public static uint Blsmsk32(CpuState* s, uint a)
    {
        uint r = a ^ (a - 1);
        Flags.SetResult(s, (int)r, a == 0 ? Rflags.CF : 0);
        return r;
    }

    public static uint Blsi32(CpuState* s, uint a)
    {
        uint r = a & (0 - a);
        Flags.SetResult(s, (int)r, a == 0 ? 0 : Rflags.CF);
        return r;
    }

    public static uint Pdep32(CpuState* s, uint a, uint mask)
    {
        uint r = 0;
        for (; mask != 0; mask &= mask - 1, a >>= 1)
        {
            if ((a & 1) != 0)
                r |= mask & (0 - mask);
        }
        return r;
    }

    public static uint Pext32(CpuState* s, uint a, uint mask)
    {
        uint r = 0;
        for (uint bit = 1; mask != 0; mask &= mask - 1, bit <<= 1)
        {
            if ((a & mask & (0 - mask)) != 0)
                r |= bit;
        }
        return r;
    }

    public static uint Rorx32(CpuState* s, uint a, uint count) => BitOperations.RotateRight(a, (int)count & 31);

    public static uint Sarx32(CpuState* s, uint a, uint count) => (uint)((int)a >> ((int)count & 31));

    public static uint Shlx32(CpuState* s, uint a, uint count) => a << ((int)count & 31);

    public static uint Shrx32(CpuState* s, uint a, uint count) => a >> ((int)count & 31);

    /// <summary>ADCX: adds with CF and changes CF alone.</summary>
    public static uint Adcx32(CpuState* s, uint a, uint b)
    {
        bool carry = Flags.Carry(s);
        uint r = a + b + (carry ? 1u : 0);
        Flags.SetCarry(s, carry ? r <= a : r < a);
        return r;
    }

    /// <summary>ADOX: adds with OF as carry and changes OF alone.</summary>
    public static uint Adox32(CpuState* s, uint a, uint b)
    {
        bool carry = Flags.Overflow(s);
        uint r = a + b + (carry ? 1u : 0);
        bool carried = carry ? r <= a : r < a;
        Flags.SetCarryOverflow(s, (Flags.Carry(s) ? Rflags.CF : 0) | (carried ? Rflags.OF : 0));
        return r;
    }

    public static uint Bswap32(CpuState* s, uint a) => BinaryPrimitives.ReverseEndianness(a);

    /// <summary>MOVBE from memory.</summary>
    public static uint LoadReversed32(CpuState* s, uint a) => BinaryPrimitives.ReverseEndianness(a);

    /// <summary>MOVBE to memory.</summary>
    public static void StoreReversed32(CpuState* s, Operation* op) =>
        Operand.Store(s, op, BinaryPrimitives.ReverseEndianness(Operand.Register<uint>(s, op->Op1)));

    // 64 bits

    public static ulong Andn64(CpuState* s, ulong a, ulong b)
    {
        ulong r = ~a & b;
        Flags.SetLogic(s, FlagsKind.Logic64, (long)r);
        return r;
    }

    /// <summary>BEXTR: bits 7:0 of the control are the first bit, 15:8 how many.</summary>
    public static ulong Bextr64(CpuState* s, ulong a, ulong control)
    {
        int start = (byte)control;
        int length = (byte)(control >> 8);
        ulong r = start < 64 ? a >> start : 0;
        if (length < 64)
            r &= (1UL << length) - 1;
        Flags.SetResult(s, (long)r, Rflags.AF);
        return r;
    }

    public static ulong Bzhi64(CpuState* s, ulong a, ulong index)
    {
        int n = (byte)index;
        ulong r = n < 64 ? a & ((1UL << n) - 1) : a;
        Flags.SetResult(s, (long)r, n < 64 ? 0 : Rflags.CF);
        return r;
    }

    public static ulong Blsr64(CpuState* s, ulong a)
    {
        ulong r = a & (a - 1);
        Flags.SetResult(s, (long)r, a == 0 ? Rflags.CF : 0);
        return r;
    }

    public static ulong Blsmsk64(CpuState* s, ulong a)
    {
        ulong r = a ^ (a - 1);
        Flags.SetResult(s, (long)r, a == 0 ? Rflags.CF : 0);
        return r;
    }

    public static ulong Blsi64(CpuState* s, ulong a)
    {
        ulong r = a & (0 - a);
        Flags.SetResult(s, (long)r, a == 0 ? 0 : Rflags.CF);
        return r;
    }

    public static ulong Pdep64(CpuState* s, ulong a, ulong mask)
    {
        ulong r = 0;
        for (; mask != 0; mask &= mask - 1, a >>= 1)
        {
            if ((a & 1) != 0)
                r |= mask & (0 - mask);
        }
        return r;
    }

    public static ulong Pext64(CpuState* s, ulong a, ulong mask)
    {
        ulong r = 0;
        for (ulong bit = 1; mask != 0; mask &= mask - 1, bit <<= 1)
        {
            if ((a & mask & (0 - mask)) != 0)
                r |= bit;
        }
        return r;
    }

    public static ulong Rorx64(CpuState* s, ulong a, ulong count) => BitOperations.RotateRight(a, (int)count & 63);

    public static ulong Sarx64(CpuState* s, ulong a, ulong count) => (ulong)((long)a >> ((int)count & 63));

    public static ulong Shlx64(CpuState* s, ulong a, ulong count) => a << ((int)count & 63);

    public static ulong Shrx64(CpuState* s, ulong a, ulong count) => a >> ((int)count & 63);

    /// <summary>ADCX: adds with CF and changes CF alone.</summary>
    public static ulong Adcx64(CpuState* s, ulong a, ulong b)
    {
        bool carry = Flags.Carry(s);
        ulong r = a + b + (carry ? 1UL : 0);
        Flags.SetCarry(s, carry ? r <= a : r < a);
        return r;
    }

    /// <summary>ADOX: adds with OF as carry and changes OF alone.</summary>
    public static ulong Adox64(CpuState* s, ulong a, ulong b)
    {
        bool carry = Flags.Overflow(s);
        ulong r = a + b + (carry ? 1UL : 0);
        bool carried = carry ? r <= a : r < a;
        Flags.SetCarryOverflow(s, (Flags.Carry(s) ? Rflags.CF : 0) | (carried ? Rflags.OF : 0));
        return r;
    }

    public static ulong Bswap64(CpuState* s, ulong a) => BinaryPrimitives.ReverseEndianness(a);

    /// <summary>MOVBE from memory.</summary>
    public static ulong LoadReversed64(CpuState* s, ulong a) => BinaryPrimitives.ReverseEndianness(a);

    /// <summary>MOVBE to memory.</summary>
    public static void StoreReversed64(CpuState* s, Operation* op) =>
        Operand.Store(s, op, BinaryPrimitives.ReverseEndianness(Operand.Register<ulong>(s, op->Op1)));

    // Other widths

    /// <summary>BSWAP of 16 bits, undefined in the manual, clears the register on every known processor.</summary>
    public static ushort Bswap16(CpuState* s, ushort a) => 0;

    public static ushort LoadReversed16(CpuState* s, ushort a) => BinaryPrimitives.ReverseEndianness(a);

    public static void StoreReversed16(CpuState* s, Operation* op) =>
        Operand.Store(s, op, BinaryPrimitives.ReverseEndianness(Operand.Register<ushort>(s, op->Op1)));

    // CRC32: CRC-32C, polynomial 11EDC6F41h, bits reflected. The 64-bit forms clear the upper half as the others do.

    public static void Crc8(CpuState* s, Operation* op)
    {
        byte data = Operand.Read1<byte>(s, op);
        Operand.SetRegister(s, op->Op0, BitOperations.Crc32C(Operand.Register<uint>(s, op->Op0), data));
    }

    public static void Crc16(CpuState* s, Operation* op)
    {
        ushort data = Operand.Read1<ushort>(s, op);
        Operand.SetRegister(s, op->Op0, BitOperations.Crc32C(Operand.Register<uint>(s, op->Op0), data));
    }

    public static uint Crc32(CpuState* s, uint crc, uint data) => BitOperations.Crc32C(crc, data);

    public static ulong Crc64(CpuState* s, ulong crc, ulong data) => BitOperations.Crc32C((uint)crc, data);
}
