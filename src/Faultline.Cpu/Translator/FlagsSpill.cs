using System.Numerics;
using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.Integer;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Translator;

/// <summary>Stores the status flags that a region has pending into the CpuState; called where they become visible.</summary>
internal static unsafe class FlagsSpill
{
    /// <summary>Stores pending flags of additions, subtractions, comparisons and logical operations, which most are: inline, without a jump.</summary>
    /// <returns>False for others.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryStoreCommon(CpuState* s, PendingFlags kind, ulong a, ulong b)
    {
        // Here the kinds are those of the CpuState.
        if ((uint)kind - (uint)PendingFlags.Add >= (uint)PendingFlags.Inc - (uint)PendingFlags.Add)
            return false;
        ulong value = kind >= PendingFlags.Sub ? a - b : a + b;
        int shift = 64 - (8 << (int)((uint)kind & 3));
        long result = (long)(value << shift) >> shift;
        Flags.SetLazy(s, (FlagsKind)kind, a, b, kind >= PendingFlags.Logic ? (long)a : result);
        return true;
    }

    /// <summary>Stores pending flags.</summary>
    /// <param name="s">The processor's state.</param>
    /// <param name="kind">What they follow from, with the width in its low bits.</param>
    /// <param name="a">First operand, zero-extended, or the sign-extended result.</param>
    /// <param name="b">Second operand, zero-extended, a count, or CF.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store(CpuState* s, PendingFlags kind, ulong a, ulong b)
    {
        uint size = (uint)kind & 3;
        switch (kind & PendingFlags.Base)
        {
            case PendingFlags.None:
                break;
            case PendingFlags.Add:
                Flags.SetLazy(s, FlagsKind.Add8 + size, a, b, SignExtend(a + b, size));
                break;
            case PendingFlags.Sub:
                Flags.SetLazy(s, FlagsKind.Sub8 + size, a, b, SignExtend(a - b, size));
                break;
            case PendingFlags.Logic:
                Flags.SetLogic(s, FlagsKind.Logic8 + size, (long)a);
                break;
            case PendingFlags.Inc:
                Count(s, FlagsKind.Inc8 + size, a, Flags.Carry(s));
                break;
            case PendingFlags.Dec:
                Count(s, FlagsKind.Dec8 + size, a, Flags.Carry(s));
                break;
            case PendingFlags.IncWithCarry:
                Count(s, FlagsKind.Inc8 + size, a, b != 0);
                break;
            case PendingFlags.DecWithCarry:
                Count(s, FlagsKind.Dec8 + size, a, b != 0);
                break;
            case PendingFlags.Compare:
                double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b);
                Flags.SetStatus(s, x < y ? Rflags.CF : x == y ? Rflags.ZF : 0);
                break;
            case PendingFlags.Shl:
                _ = size switch { 0 => Shifts.Shl8(s, (byte)a, (byte)b), 1 => Shifts.Shl16(s, (ushort)a, (byte)b), 2 => Shifts.Shl32(s, (uint)a, (byte)b), _ => Shifts.Shl64(s, a, (byte)b) };
                break;
            case PendingFlags.Shr:
                _ = size switch { 0 => Shifts.Shr8(s, (byte)a, (byte)b), 1 => Shifts.Shr16(s, (ushort)a, (byte)b), 2 => Shifts.Shr32(s, (uint)a, (byte)b), _ => Shifts.Shr64(s, a, (byte)b) };
                break;
            case PendingFlags.Adc:
                ulong sum = a + b + CarryInOf(kind);
                SetCarried(s, size, sum, (a & b) | ((a | b) & ~sum), (a ^ sum) & (b ^ sum), a ^ b ^ sum);
                break;
            case PendingFlags.Sbb:
                ulong difference = a - b - CarryInOf(kind);
                SetCarried(s, size, difference, (~a & b) | (~(a ^ b) & difference), (a ^ b) & (a ^ difference), a ^ b ^ difference);
                break;
            case PendingFlags.Scan:
                Flags.SetStatus(s, a == 0 ? Rflags.ZF | Rflags.PF : (BitOperations.PopCount(b) & 1) == 0 ? Rflags.PF : 0);
                break;
            case PendingFlags.Population:
                Flags.SetStatus(s, a == 0 ? Rflags.ZF : 0);
                break;
            default:
                _ = size switch { 0 => Shifts.Sar8(s, (byte)a, (byte)b), 1 => Shifts.Sar16(s, (ushort)a, (byte)b), 2 => Shifts.Sar32(s, (uint)a, (byte)b), _ => Shifts.Sar64(s, a, (byte)b) };
                break;
        }
        if ((kind & (PendingFlags.HasCarry | PendingFlags.HasOverflow | PendingFlags.HasOthers)) != 0)
            Change(s, kind);
    }

    /// <summary>CF of pending flags, 0 or 1, which are stored meanwhile.</summary>
    /// <inheritdoc cref="Store"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Carry(CpuState* s, PendingFlags kind, ulong a, ulong b)
    {
        Store(s, kind, a, b);
        return Flags.Carry(s) ? 1UL : 0;
    }

    private static void Change(CpuState* s, PendingFlags kind)
    {
        uint status = Flags.Materialize(s) & Rflags.Status;
        if ((kind & PendingFlags.HasCarry) != 0)
            status = Replace(status, Rflags.CF, (kind & PendingFlags.Carry) != 0);
        if ((kind & PendingFlags.HasOverflow) != 0)
            status = Replace(status, Rflags.OF, (kind & PendingFlags.Overflow) != 0);
        if ((kind & PendingFlags.HasOthers) != 0)
        {
            status &= ~(Rflags.SF | Rflags.PF);
            status = Replace(status, Rflags.ZF, (kind & PendingFlags.Zero) != 0);
            status = Replace(status, Rflags.AF, (kind & PendingFlags.Adjust) != 0);
        }
        Flags.SetStatus(s, status);

        static uint Replace(uint status, uint flag, bool value) => value ? status | flag : status & ~flag;
    }

    private static ulong CarryInOf(PendingFlags kind) => (kind & PendingFlags.CarryIn) != 0 ? 1UL : 0;

    /// <summary>Flags of an addition or subtraction with carry in: the top bits of the carries and of the overflow, and bit 4 of the carries into each bit.</summary>
    private static void SetCarried(CpuState* s, uint size, ulong result, ulong carries, ulong overflow, ulong carriesIn)
    {
        int sign = (8 << (int)size) - 1;
        Flags.SetResult(s, SignExtend(result, size), (uint)(carries >> sign & 1) | (uint)(overflow >> sign & 1) << 11 | ((uint)carriesIn & Rflags.AF));
    }

    private static void Count(CpuState* s, FlagsKind kind, ulong result, bool carry)
    {
        s->Rflags = carry ? s->Rflags | Rflags.CF : s->Rflags & ~Rflags.CF;
        Flags.SetLogic(s, kind, (long)result);
    }

    private static long SignExtend(ulong value, uint size)
    {
        int shift = 64 - (8 << (int)size);
        return (long)(value << shift) >> shift;
    }
}
