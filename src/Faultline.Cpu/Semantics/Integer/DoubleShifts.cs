using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// SHLD and SHRD on values (SDM vol. 2, SHLD, SHRD). AF, OF for counts above 1, and everything about 16-bit operands with counts above 16, undefined in
/// the manual, are as on Zen 4: the source is shifted in twice, CF is 0 then, and OF of SHLD equals CF from 16 on.
/// </summary>
internal static unsafe class DoubleShifts
{
    public static ushort Shld16(CpuState* s, ushort a, ushort b, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ulong wide = (ulong)a << 32 | (uint)b << 16 | b;
        ushort r = (ushort)(wide >> (32 - n));
        uint carry = n > 16 ? 0 : (uint)(wide >> (48 - n)) & 1;
        uint overflow = n >= 16 ? carry : carry ^ (uint)(r >> 15);
        Flags.SetResult(s, (short)r, Rflags.AF | carry | overflow << 11);
        return r;
    }

    public static ushort Shrd16(CpuState* s, ushort a, ushort b, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ulong wide = (ulong)b << 32 | (uint)b << 16 | a;
        ushort r = (ushort)(wide >> n);
        uint carry = n > 16 ? 0 : (uint)(wide >> (n - 1)) & 1;
        Flags.SetResult(s, (short)r, Rflags.AF | carry | (uint)((r >> 15 ^ r >> 14) & 1) << 11);
        return r;
    }

    public static uint Shld32(CpuState* s, uint a, uint b, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = a << n | b >> (32 - n);
        uint carry = (a >> (32 - n)) & 1;
        Flags.SetResult(s, (int)r, Rflags.AF | carry | (carry ^ (r >> 31)) << 11);
        return r;
    }

    public static uint Shrd32(CpuState* s, uint a, uint b, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = a >> n | b << (32 - n);
        Flags.SetResult(s, (int)r, Rflags.AF | (a >> (n - 1)) & 1 | ((r >> 31 ^ r >> 30) & 1) << 11);
        return r;
    }

    public static ulong Shld64(CpuState* s, ulong a, ulong b, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = a << n | b >> (64 - n);
        uint carry = (uint)(a >> (64 - n)) & 1;
        Flags.SetResult(s, (long)r, Rflags.AF | carry | (carry ^ (uint)(r >> 63)) << 11);
        return r;
    }

    public static ulong Shrd64(CpuState* s, ulong a, ulong b, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = a >> n | b << (64 - n);
        Flags.SetResult(s, (long)r, Rflags.AF | (uint)(a >> (n - 1)) & 1 | ((uint)(r >> 63 ^ r >> 62) & 1) << 11);
        return r;
    }
}
