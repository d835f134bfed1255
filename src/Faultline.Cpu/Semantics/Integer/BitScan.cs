using System.Numerics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// BSF, BSR, TZCNT, LZCNT and POPCNT (SDM vol. 2). BSF and BSR of zero leave the destination alone, all 64 bits of it, and flags the manual leaves
/// undefined follow Zen 4: BSF and BSR clear all but ZF and PF of the result, TZCNT and LZCNT keep OF and clear SF, PF and AF.
/// </summary>
internal static unsafe class BitScan
{
    public static ushort Bsf16(CpuState* s, ushort old, ushort a)
    {
        ushort r = a == 0 ? old : (ushort)BitOperations.TrailingZeroCount((uint)a);
        SetScanFlags(s, a == 0, r);
        return r;
    }

    /// <summary>Sees the operation because a zero source must not clear the destination's upper half.</summary>
    public static void Bsf32(CpuState* s, Operation* op)
    {
        uint a = Operand.Read1<uint>(s, op);
        uint r = (uint)BitOperations.TrailingZeroCount(a);
        SetScanFlags(s, a == 0, r);
        if (a != 0)
            Operand.SetRegister(s, op->Op0, r);
    }

    public static ulong Bsf64(CpuState* s, ulong old, ulong a)
    {
        ulong r = a == 0 ? old : (ulong)BitOperations.TrailingZeroCount(a);
        SetScanFlags(s, a == 0, (uint)r);
        return r;
    }

    public static ushort Bsr16(CpuState* s, ushort old, ushort a)
    {
        ushort r = a == 0 ? old : (ushort)BitOperations.Log2(a);
        SetScanFlags(s, a == 0, r);
        return r;
    }

    /// <summary>Sees the operation because a zero source must not clear the destination's upper half.</summary>
    public static void Bsr32(CpuState* s, Operation* op)
    {
        uint a = Operand.Read1<uint>(s, op);
        uint r = (uint)BitOperations.Log2(a);
        SetScanFlags(s, a == 0, r);
        if (a != 0)
            Operand.SetRegister(s, op->Op0, r);
    }

    public static ulong Bsr64(CpuState* s, ulong old, ulong a)
    {
        ulong r = a == 0 ? old : (ulong)BitOperations.Log2(a);
        SetScanFlags(s, a == 0, (uint)r);
        return r;
    }

    public static ushort Tzcnt16(CpuState* s, ushort a)
    {
        ushort r = a == 0 ? (ushort)16 : (ushort)BitOperations.TrailingZeroCount((uint)a);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static uint Tzcnt32(CpuState* s, uint a)
    {
        uint r = (uint)BitOperations.TrailingZeroCount(a);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static ulong Tzcnt64(CpuState* s, ulong a)
    {
        ulong r = (ulong)BitOperations.TrailingZeroCount(a);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static ushort Lzcnt16(CpuState* s, ushort a)
    {
        ushort r = (ushort)(BitOperations.LeadingZeroCount((uint)a) - 16);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static uint Lzcnt32(CpuState* s, uint a)
    {
        uint r = (uint)BitOperations.LeadingZeroCount(a);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static ulong Lzcnt64(CpuState* s, ulong a)
    {
        ulong r = (ulong)BitOperations.LeadingZeroCount(a);
        SetCountFlags(s, a == 0, r == 0);
        return r;
    }

    public static ushort Popcnt16(CpuState* s, ushort a)
    {
        Flags.SetStatus(s, a == 0 ? Rflags.ZF : 0);
        return (ushort)BitOperations.PopCount((uint)a);
    }

    public static uint Popcnt32(CpuState* s, uint a)
    {
        Flags.SetStatus(s, a == 0 ? Rflags.ZF : 0);
        return (uint)BitOperations.PopCount(a);
    }

    public static ulong Popcnt64(CpuState* s, ulong a)
    {
        Flags.SetStatus(s, a == 0 ? Rflags.ZF : 0);
        return (ulong)BitOperations.PopCount(a);
    }

    private static void SetScanFlags(CpuState* s, bool zero, uint result) =>
        Flags.SetStatus(s, zero ? Rflags.ZF | Rflags.PF : (BitOperations.PopCount(result) & 1) == 0 ? Rflags.PF : 0);

    private static void SetCountFlags(CpuState* s, bool carry, bool zero) =>
        Flags.SetStatus(s, (Flags.Overflow(s) ? Rflags.OF : 0) | (carry ? Rflags.CF : 0) | (zero ? Rflags.ZF : 0));
}
