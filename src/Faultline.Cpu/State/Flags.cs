using System.Numerics;
using System.Runtime.CompilerServices;

namespace Faultline.Cpu.State;

/// <summary>Reads and sets the lazy status flags of a <see cref="CpuState"/>.</summary>
internal static unsafe class Flags
{
    /// <summary>Records an addition of operands and result, each zero- or sign-extended as the fields say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetLazy(CpuState* s, FlagsKind kind, ulong a, ulong b, long result)
    {
        s->LazyKind = kind;
        s->LazyA = a;
        s->LazyB = b;
        s->LazyResult = result;
    }

    /// <summary>Records a result whose carry and overflow are both clear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetLogic(CpuState* s, FlagsKind kind, long result)
    {
        s->LazyKind = kind;
        s->LazyResult = result;
    }

    /// <summary>Sets all six status flags at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetStatus(CpuState* s, uint status)
    {
        s->Rflags = (s->Rflags & ~Rflags.Status) | status;
        s->LazyKind = FlagsKind.None;
    }

    /// <summary>Records a sign-extended result for ZF, SF and PF; CF, OF and AF are given as RFLAGS bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetResult(CpuState* s, long result, uint carryOverflowAdjust)
    {
        s->Rflags = (s->Rflags & ~(Rflags.CF | Rflags.OF | Rflags.AF)) | carryOverflowAdjust;
        s->LazyKind = FlagsKind.Result;
        s->LazyResult = result;
    }

    /// <summary>Changes CF and OF, given as RFLAGS bits, and keeps ZF, SF, PF and AF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetCarryOverflow(CpuState* s, uint carryOverflow)
    {
        if (s->LazyKind is not (FlagsKind.None or FlagsKind.Result))
            KeepResult(s);
        s->Rflags = (s->Rflags & ~(Rflags.CF | Rflags.OF)) | carryOverflow;
    }

    /// <summary>Changes CF and keeps the other five.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetCarry(CpuState* s, bool carry)
    {
        if (s->LazyKind is not (FlagsKind.None or FlagsKind.Result))
            KeepResult(s);
        s->Rflags = carry ? s->Rflags | Rflags.CF : s->Rflags & ~Rflags.CF;
    }

    /// <summary>ZF, SF and PF as a sign-extended result gives them; for bodies that compute their flags at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ResultBits(long result) =>
        (result == 0 ? Rflags.ZF : 0) | (result < 0 ? Rflags.SF : 0) | ((BitOperations.PopCount((uint)result & 0xff) & 1) == 0 ? Rflags.PF : 0);

    /// <summary>Replaces some status flags and keeps the others.</summary>
    public static void Replace(CpuState* s, uint mask, uint value)
    {
        Materialize(s);
        s->Rflags = (s->Rflags & ~mask) | (value & mask);
    }

    /// <summary>Computes the lazy flags into RFLAGS and returns RFLAGS.</summary>
    public static uint Materialize(CpuState* s)
    {
        if ((uint)s->LazyKind >> 2 == (uint)FlagsKind.Logic8 >> 2)
        {
            // What mostly comes before a system call, and without a branch.
            SetStatus(s, ResultBits(s->LazyResult));
        }
        else if (s->LazyKind != FlagsKind.None)
        {
            uint status = Zero(s) ? Rflags.ZF : 0;
            status |= Sign(s) ? Rflags.SF : 0;
            status |= Parity(s) ? Rflags.PF : 0;
            status |= Carry(s) ? Rflags.CF : 0;
            status |= Overflow(s) ? Rflags.OF : 0;
            status |= Adjust(s) ? Rflags.AF : 0;
            SetStatus(s, status);
        }
        return s->Rflags;
    }

    /// <summary>Replaces RFLAGS whole, status flags included; bits that user code cannot change keep their value.</summary>
    public static void Load(CpuState* s, uint value)
    {
        s->LazyKind = FlagsKind.None;
        s->Rflags = (s->Rflags & ~Rflags.UserWritable) | (value & Rflags.UserWritable) | Rflags.Fixed | Rflags.IF;
    }

    /// <summary>ZF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Zero(CpuState* s) => s->LazyKind != FlagsKind.None ? s->LazyResult == 0 : (s->Rflags & Rflags.ZF) != 0;

    /// <summary>SF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Sign(CpuState* s) => s->LazyKind != FlagsKind.None ? s->LazyResult < 0 : (s->Rflags & Rflags.SF) != 0;

    /// <summary>PF: even number of ones in the low byte.</summary>
    public static bool Parity(CpuState* s) =>
        s->LazyKind != FlagsKind.None ? (BitOperations.PopCount((uint)s->LazyResult & 0xff) & 1) == 0 : (s->Rflags & Rflags.PF) != 0;

    /// <summary>CF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Carry(CpuState* s) => (uint)s->LazyKind >> 2 == (uint)FlagsKind.Sub8 >> 2 ? s->LazyA < s->LazyB : CarryOther(s);

    private static bool CarryOther(CpuState* s) => ((uint)s->LazyKind >> 2) switch
    {
        (uint)FlagsKind.Add8 >> 2 => Truncate(s, (ulong)s->LazyResult) < s->LazyA,
        (uint)FlagsKind.Logic8 >> 2 => false,
        _ => (s->Rflags & Rflags.CF) != 0,
    };

    /// <summary>OF.</summary>
    public static bool Overflow(CpuState* s)
    {
        ulong result = (ulong)s->LazyResult;
        ulong sign = 1UL << ((8 << ((int)s->LazyKind & 3)) - 1);
        return ((uint)s->LazyKind >> 2) switch
        {
            (uint)FlagsKind.Add8 >> 2 => ((s->LazyA ^ result) & (s->LazyB ^ result) & sign) != 0,
            (uint)FlagsKind.Sub8 >> 2 => ((s->LazyA ^ s->LazyB) & (s->LazyA ^ result) & sign) != 0,
            (uint)FlagsKind.Logic8 >> 2 => false,
            (uint)FlagsKind.Inc8 >> 2 => Truncate(s, result) == sign,
            (uint)FlagsKind.Dec8 >> 2 => Truncate(s, result) == sign - 1,
            _ => (s->Rflags & Rflags.OF) != 0,
        };
    }

    /// <summary>SF != OF: after a comparison, that the first operand was less as a signed number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less(CpuState* s)
    {
        if ((uint)s->LazyKind >> 2 == (uint)FlagsKind.Sub8 >> 2)
        {
            int shift = 64 - (8 << ((int)s->LazyKind & 3));
            return (long)(s->LazyA << shift) < (long)(s->LazyB << shift);
        }
        return Sign(s) != Overflow(s);
    }

    /// <summary>AF: carry out of bit 3.</summary>
    public static bool Adjust(CpuState* s)
    {
        ulong result = (ulong)s->LazyResult;
        return ((uint)s->LazyKind >> 2) switch
        {
            (uint)FlagsKind.Add8 >> 2 or (uint)FlagsKind.Sub8 >> 2 => ((s->LazyA ^ s->LazyB ^ result) & 0x10) != 0,
            (uint)FlagsKind.Logic8 >> 2 => false,
            (uint)FlagsKind.Inc8 >> 2 => (result & 0xf) == 0,
            (uint)FlagsKind.Dec8 >> 2 => (result & 0xf) == 0xf,
            _ => (s->Rflags & Rflags.AF) != 0,
        };
    }

    /// <summary>Moves CF, OF and AF to RFLAGS and leaves the rest lazy.</summary>
    private static void KeepResult(CpuState* s)
    {
        uint kept = (Carry(s) ? Rflags.CF : 0) | (Overflow(s) ? Rflags.OF : 0) | (Adjust(s) ? Rflags.AF : 0);
        SetResult(s, s->LazyResult, kept);
    }

    private static ulong Truncate(CpuState* s, ulong value) => value & (ulong.MaxValue >> (64 - (8 << ((int)s->LazyKind & 3))));
}
