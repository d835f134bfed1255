using System.Runtime.CompilerServices;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// SHL, SHR and SAR on values (SDM vol. 2, SAL/SAR/SHL/SHR). A masked count of 0 changes no flag. Where the manual leaves flags undefined the bodies do
/// what AMD's Zen 4 does: AF is set, and OF follows for any count from the same bits as for a count of 1.
/// </summary>
internal static unsafe class Shifts
{
    public static byte Shl8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint wide = (uint)a << n;
        byte r = (byte)wide;
        SetFlags(s, (sbyte)r, (wide >> 8) & 1, (wide >> 7) & 1);
        return r;
    }

    public static byte Shr8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        byte r = (byte)((uint)a >> n);
        // Only a count of 1 leaves the old sign, which is OF, just below the new one.
        Flags.SetResult(s, (sbyte)r, Rflags.AF | ((uint)(a >> (n - 1)) & 1) | (uint)(r >> 6) << 11);
        return r;
    }

    public static byte Sar8(CpuState* s, byte a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        sbyte r = (sbyte)((sbyte)a >> n);
        uint carry = (uint)((sbyte)a >> (n - 1)) & 1;
        SetFlags(s, r, carry, carry);
        return (byte)r;
    }

    public static ushort Shl16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint wide = (uint)a << n;
        ushort r = (ushort)wide;
        SetFlags(s, (short)r, (wide >> 16) & 1, (wide >> 15) & 1);
        return r;
    }

    public static ushort Shr16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        ushort r = (ushort)((uint)a >> n);
        // Only a count of 1 leaves the old sign, which is OF, just below the new one.
        Flags.SetResult(s, (short)r, Rflags.AF | ((uint)(a >> (n - 1)) & 1) | (uint)(r >> 14) << 11);
        return r;
    }

    public static ushort Sar16(CpuState* s, ushort a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        short r = (short)((short)a >> n);
        uint carry = (uint)((short)a >> (n - 1)) & 1;
        SetFlags(s, r, carry, carry);
        return (ushort)r;
    }

    public static uint Shl32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = a << n;
        SetFlags(s, (int)r, (a >> (32 - n)) & 1, (uint)(r >> 31));
        return r;
    }

    public static uint Shr32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        uint r = a >> n;
        // Only a count of 1 leaves the old sign, which is OF, just below the new one.
        Flags.SetResult(s, (int)r, Rflags.AF | ((a >> (n - 1)) & 1) | (r >> 30) << 11);
        return r;
    }

    public static uint Sar32(CpuState* s, uint a, byte count)
    {
        int n = count & 31;
        if (n == 0)
            return a;
        int r = (int)a >> n;
        uint carry = (uint)((int)a >> (n - 1)) & 1;
        SetFlags(s, r, carry, carry);
        return (uint)r;
    }

    public static ulong Shl64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = a << n;
        SetFlags(s, (long)r, (uint)(a >> (64 - n)) & 1, (uint)(r >> 63));
        return r;
    }

    public static ulong Shr64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        ulong r = a >> n;
        // Only a count of 1 leaves the old sign, which is OF, just below the new one.
        Flags.SetResult(s, (long)r, Rflags.AF | ((uint)(a >> (n - 1)) & 1) | (uint)(r >> 62) << 11);
        return r;
    }

    public static ulong Sar64(CpuState* s, ulong a, byte count)
    {
        int n = count & 63;
        if (n == 0)
            return a;
        long r = (long)a >> n;
        uint carry = (uint)((long)a >> (n - 1)) & 1;
        SetFlags(s, r, carry, carry);
        return (ulong)r;
    }

    /// <summary>OF is <paramref name="carry"/> XOR <paramref name="other"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFlags(CpuState* s, long result, uint carry, uint other) => Flags.SetResult(s, result, Rflags.AF | carry | ((carry ^ other) << 11));
}
