using System.Numerics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// ROL, ROR, RCL and RCR on values (SDM vol. 2, RCL/RCR/ROL/ROR): only CF and OF change, and nothing when the masked count is 0. OF, undefined for other
/// counts than 1, follows from the same bits as for 1, as Zen 4 has it.
/// </summary>
internal static unsafe class Rotates
{
    public static byte Rol8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        byte r = (byte)((uint)a << (n & 7) | (uint)a >> (8 - (n & 7)));
        SetFlags(s, (uint)r & 1, (uint)r >> 7);
        return r;
    }

    public static byte Ror8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        byte r = (byte)((uint)a >> (n & 7) | (uint)a << (8 - (n & 7)));
        SetFlags(s, (uint)r >> 7, ((uint)r >> 6) & 1);
        return r;
    }

    public static byte Rcl8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        n %= 9;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 8 : 0);
        wide = wide << n | wide >> (9 - n);
        byte r = (byte)wide;
        SetFlags(s, (uint)(wide >> 8) & 1, (uint)(r >> 7));
        return r;
    }

    public static byte Rcr8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        n %= 9;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 8 : 0);
        wide = wide >> n | wide << (9 - n);
        byte r = (byte)wide;
        SetRightFlags(s, (uint)(wide >> 8) & 1, (uint)(r >> 6));
        return r;
    }

    public static ushort Rol16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ushort r = (ushort)((uint)a << (n & 15) | (uint)a >> (16 - (n & 15)));
        SetFlags(s, (uint)r & 1, (uint)r >> 15);
        return r;
    }

    public static ushort Ror16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ushort r = (ushort)((uint)a >> (n & 15) | (uint)a << (16 - (n & 15)));
        SetFlags(s, (uint)r >> 15, ((uint)r >> 14) & 1);
        return r;
    }

    public static ushort Rcl16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        n %= 17;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 16 : 0);
        wide = wide << n | wide >> (17 - n);
        ushort r = (ushort)wide;
        SetFlags(s, (uint)(wide >> 16) & 1, (uint)(r >> 15));
        return r;
    }

    public static ushort Rcr16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        n %= 17;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 16 : 0);
        wide = wide >> n | wide << (17 - n);
        ushort r = (ushort)wide;
        SetRightFlags(s, (uint)(wide >> 16) & 1, (uint)(r >> 14));
        return r;
    }

    public static uint Rol32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = BitOperations.RotateLeft(a, n);
        SetFlags(s, r & 1, r >> 31);
        return r;
    }

    public static uint Ror32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = BitOperations.RotateRight(a, n);
        SetFlags(s, r >> 31, (r >> 30) & 1);
        return r;
    }

    public static uint Rcl32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 32 : 0);
        wide = wide << n | wide >> (33 - n);
        uint r = (uint)wide;
        SetFlags(s, (uint)(wide >> 32) & 1, (uint)(r >> 31));
        return r;
    }

    public static uint Rcr32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ulong wide = a | (Flags.Carry(s) ? 1UL << 32 : 0);
        wide = wide >> n | wide << (33 - n);
        uint r = (uint)wide;
        SetRightFlags(s, (uint)(wide >> 32) & 1, (uint)(r >> 30));
        return r;
    }

    public static ulong Rol64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = BitOperations.RotateLeft(a, n);
        SetFlags(s, (uint)r & 1, (uint)(r >> 63));
        return r;
    }

    public static ulong Ror64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = BitOperations.RotateRight(a, n);
        SetFlags(s, (uint)(r >> 63), (uint)(r >> 62) & 1);
        return r;
    }

    public static ulong Rcl64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong carry = Flags.Carry(s) ? 1UL : 0;
        // Shifts by 64 are two shifts: a count of 64 is none here.
        ulong r = a << n | carry << (n - 1) | a >> 1 >> (64 - n);
        SetFlags(s, (uint)(a >> (64 - n)) & 1, (uint)(r >> 63));
        return r;
    }

    public static ulong Rcr64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong carry = Flags.Carry(s) ? 1UL : 0;
        ulong r = a >> n | carry << (64 - n) | a << 1 << (64 - n);
        SetRightFlags(s, (uint)(a >> (n - 1)) & 1, (uint)(r >> 62));
        return r;
    }

    /// <summary>OF is <paramref name="carry"/> XOR <paramref name="other"/>.</summary>
    private static void SetFlags(CpuState* s, uint carry, uint other) => Flags.SetCarryOverflow(s, carry | ((carry ^ other) << 11));

    /// <summary>OF is the XOR of the result's two highest bits.</summary>
    private static void SetRightFlags(CpuState* s, uint carry, uint high) => Flags.SetCarryOverflow(s, carry | (((high ^ (high >> 1)) & 1) << 11));
}
