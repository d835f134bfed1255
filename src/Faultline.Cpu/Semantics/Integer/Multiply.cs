using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// MUL and IMUL (SDM vol. 2). CF and OF say whether the upper half matters; SF, ZF, AF and PF, undefined in the manual, keep their values as on
/// Zen 4.
/// </summary>
internal static unsafe class Multiply
{
    private const uint CarryOverflow = Rflags.CF | Rflags.OF;

    public static ushort Imul16(CpuState* s, ushort a, ushort b)
    {
        int product = (short)a * (short)b;
        Flags.SetCarryOverflow(s, product == (short)product ? 0 : CarryOverflow);
        return (ushort)product;
    }

    public static uint Imul32(CpuState* s, uint a, uint b)
    {
        long product = (long)(int)a * (int)b;
        Flags.SetCarryOverflow(s, product == (int)product ? 0 : CarryOverflow);
        return (uint)product;
    }

    public static ulong Imul64(CpuState* s, ulong a, ulong b)
    {
        long high = Math.BigMul((long)a, (long)b, out long low);
        Flags.SetCarryOverflow(s, high == low >> 63 ? 0 : CarryOverflow);
        return (ulong)low;
    }

    /// <summary>AX = AL * operand.</summary>
    public static void Mul8(CpuState* s, Operation* op)
    {
        uint product = (uint)(byte)s->Gpr[0] * Operand.Read0<byte>(s, op);
        *(ushort*)&s->Gpr[0] = (ushort)product;
        Flags.SetCarryOverflow(s, product > byte.MaxValue ? CarryOverflow : 0);
    }

    /// <summary>DX:AX = AX * operand.</summary>
    public static void Mul16(CpuState* s, Operation* op)
    {
        uint product = (uint)(ushort)s->Gpr[0] * Operand.Read0<ushort>(s, op);
        *(ushort*)&s->Gpr[0] = (ushort)product;
        *(ushort*)&s->Gpr[2] = (ushort)(product >> 16);
        Flags.SetCarryOverflow(s, product > ushort.MaxValue ? CarryOverflow : 0);
    }

    /// <summary>EDX:EAX = EAX * operand.</summary>
    public static void Mul32(CpuState* s, Operation* op)
    {
        ulong product = (s->Gpr[0] & uint.MaxValue) * Operand.Read0<uint>(s, op);
        s->Gpr[0] = (uint)product;
        s->Gpr[2] = product >> 32;
        Flags.SetCarryOverflow(s, product > uint.MaxValue ? CarryOverflow : 0);
    }

    /// <summary>RDX:RAX = RAX * operand.</summary>
    public static void Mul64(CpuState* s, Operation* op)
    {
        ulong high = Math.BigMul(s->Gpr[0], Operand.Read0<ulong>(s, op), out ulong low);
        s->Gpr[0] = low;
        s->Gpr[2] = high;
        Flags.SetCarryOverflow(s, high != 0 ? CarryOverflow : 0);
    }

    /// <summary>AX = AL * operand, signed.</summary>
    public static void ImulWide8(CpuState* s, Operation* op)
    {
        int product = (sbyte)s->Gpr[0] * Operand.Read0<sbyte>(s, op);
        *(ushort*)&s->Gpr[0] = (ushort)product;
        Flags.SetCarryOverflow(s, product == (sbyte)product ? 0 : CarryOverflow);
    }

    /// <summary>DX:AX = AX * operand, signed.</summary>
    public static void ImulWide16(CpuState* s, Operation* op)
    {
        int product = (short)s->Gpr[0] * Operand.Read0<short>(s, op);
        *(ushort*)&s->Gpr[0] = (ushort)product;
        *(ushort*)&s->Gpr[2] = (ushort)(product >> 16);
        Flags.SetCarryOverflow(s, product == (short)product ? 0 : CarryOverflow);
    }

    /// <summary>EDX:EAX = EAX * operand, signed.</summary>
    public static void ImulWide32(CpuState* s, Operation* op)
    {
        long product = (long)(int)s->Gpr[0] * Operand.Read0<int>(s, op);
        s->Gpr[0] = (uint)product;
        s->Gpr[2] = (uint)(product >> 32);
        Flags.SetCarryOverflow(s, product == (int)product ? 0 : CarryOverflow);
    }

    /// <summary>RDX:RAX = RAX * operand, signed.</summary>
    public static void ImulWide64(CpuState* s, Operation* op)
    {
        long high = Math.BigMul((long)s->Gpr[0], Operand.Read0<long>(s, op), out long low);
        s->Gpr[0] = (ulong)low;
        s->Gpr[2] = (ulong)high;
        Flags.SetCarryOverflow(s, high == low >> 63 ? 0 : CarryOverflow);
    }

    /// <summary>MULX: operand 0 : operand 1 = EDX * operand 2, flags untouched; when both are one register it gets the upper half.</summary>
    public static void Mulx32(CpuState* s, Operation* op)
    {
        ulong product = (s->Gpr[2] & uint.MaxValue) * Operand.Read2<uint>(s, op);
        Operand.SetRegister(s, op->Op1, (uint)product);
        Operand.SetRegister(s, op->Op0, (uint)(product >> 32));
    }

    /// <summary>MULX with RDX.</summary>
    public static void Mulx64(CpuState* s, Operation* op)
    {
        ulong high = Math.BigMul(s->Gpr[2], Operand.Read2<ulong>(s, op), out ulong low);
        Operand.SetRegister(s, op->Op1, low);
        Operand.SetRegister(s, op->Op0, high);
    }
}
