using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// DIV and IDIV (SDM vol. 2): #DE for a zero divisor or a quotient that does not fit, before anything changes. The flags, undefined in the manual, are
/// those of Zen 4: CF and OF stay, AF is set, the others are clear.
/// </summary>
internal static unsafe class Divide
{
    /// <summary>AL = AX / operand, AH = the remainder.</summary>
    public static void Div8(CpuState* s, Operation* op)
    {
        uint divisor = Operand.Read0<byte>(s, op);
        uint dividend = (ushort)s->Gpr[0];
        if (dividend >> 8 >= divisor)
            Raise.DivideError(s);
        SetFlags(s);
        *(ushort*)&s->Gpr[0] = (ushort)(dividend % divisor << 8 | dividend / divisor);
    }

    /// <summary>AX = DX:AX / operand, DX = the remainder.</summary>
    public static void Div16(CpuState* s, Operation* op)
    {
        uint divisor = Operand.Read0<ushort>(s, op);
        uint dividend = (uint)(ushort)s->Gpr[2] << 16 | (ushort)s->Gpr[0];
        if (dividend >> 16 >= divisor)
            Raise.DivideError(s);
        SetFlags(s);
        *(ushort*)&s->Gpr[0] = (ushort)(dividend / divisor);
        *(ushort*)&s->Gpr[2] = (ushort)(dividend % divisor);
    }

    /// <summary>EAX = EDX:EAX / operand, EDX = the remainder.</summary>
    public static void Div32(CpuState* s, Operation* op)
    {
        uint divisor = Operand.Read0<uint>(s, op);
        ulong dividend = s->Gpr[2] << 32 | (uint)s->Gpr[0];
        if (dividend >> 32 >= divisor)
            Raise.DivideError(s);
        SetFlags(s);
        s->Gpr[0] = dividend / divisor;
        s->Gpr[2] = dividend % divisor;
    }

    /// <summary>RAX = RDX:RAX / operand, RDX = the remainder.</summary>
    public static void Div64(CpuState* s, Operation* op)
    {
        ulong divisor = Operand.Read0<ulong>(s, op);
        ulong high = s->Gpr[2];
        ulong low = s->Gpr[0];
        if (high >= divisor)
            Raise.DivideError(s);
        SetFlags(s);
        s->Gpr[0] = DivideWide(high, low, divisor, out ulong remainder);
        s->Gpr[2] = remainder;
    }

    /// <summary>Signed <see cref="Div8"/>.</summary>
    public static void Idiv8(CpuState* s, Operation* op)
    {
        int divisor = Operand.Read0<sbyte>(s, op);
        int dividend = (short)s->Gpr[0];
        if (divisor == 0)
            Raise.DivideError(s);
        int quotient = dividend / divisor;
        if (quotient != (sbyte)quotient)
            Raise.DivideError(s);
        SetFlags(s);
        *(ushort*)&s->Gpr[0] = (ushort)((dividend % divisor) << 8 | (byte)quotient);
    }

    /// <summary>Signed <see cref="Div16"/>.</summary>
    public static void Idiv16(CpuState* s, Operation* op)
    {
        long divisor = Operand.Read0<short>(s, op);
        long dividend = (int)((uint)(ushort)s->Gpr[2] << 16 | (ushort)s->Gpr[0]);
        if (divisor == 0)
            Raise.DivideError(s);
        long quotient = dividend / divisor;
        if (quotient != (short)quotient)
            Raise.DivideError(s);
        SetFlags(s);
        *(ushort*)&s->Gpr[0] = (ushort)quotient;
        *(ushort*)&s->Gpr[2] = (ushort)(dividend % divisor);
    }

    /// <summary>Signed <see cref="Div32"/>.</summary>
    public static void Idiv32(CpuState* s, Operation* op)
    {
        long divisor = Operand.Read0<int>(s, op);
        long dividend = (long)(s->Gpr[2] << 32 | (uint)s->Gpr[0]);
        // The host's own division overflows for the smallest dividend and -1.
        if (divisor == 0 || (divisor == -1 && dividend == long.MinValue))
            Raise.DivideError(s);
        long quotient = dividend / divisor;
        if (quotient != (int)quotient)
            Raise.DivideError(s);
        SetFlags(s);
        s->Gpr[0] = (uint)quotient;
        s->Gpr[2] = (uint)(dividend % divisor);
    }

    /// <summary>Signed <see cref="Div64"/>.</summary>
    public static void Idiv64(CpuState* s, Operation* op)
    {
        long divisor = Operand.Read0<long>(s, op);
        ulong low = s->Gpr[0];
        long high = (long)s->Gpr[2];
        if (divisor == 0)
            Raise.DivideError(s);
        if (high == (long)low >> 63 && !(divisor == -1 && (long)low == long.MinValue))
        {
            SetFlags(s);
            s->Gpr[0] = (ulong)((long)low / divisor);
            s->Gpr[2] = (ulong)((long)low % divisor);
            return;
        }

        bool negative = high < 0;
        ulong upper = (ulong)high;
        if (negative)
        {
            upper = ~upper + (low == 0 ? 1UL : 0);
            low = 0 - low;
        }
        ulong magnitude = divisor < 0 ? 0 - (ulong)divisor : (ulong)divisor;
        if (upper >= magnitude)
            Raise.DivideError(s);
        ulong quotient = DivideWide(upper, low, magnitude, out ulong remainder);
        bool negativeQuotient = negative != divisor < 0;
        if (quotient > (negativeQuotient ? 1UL << 63 : long.MaxValue))
            Raise.DivideError(s);
        SetFlags(s);
        s->Gpr[0] = negativeQuotient ? 0 - quotient : quotient;
        s->Gpr[2] = negative ? 0 - remainder : remainder;
    }

    private static void SetFlags(CpuState* s) =>
        Flags.SetStatus(s, Rflags.AF | (Flags.Carry(s) ? Rflags.CF : 0) | (Flags.Overflow(s) ? Rflags.OF : 0));

    /// <summary>Divides 128 bits by 64 whose quotient fits: <paramref name="high"/> is below the divisor.</summary>
    private static ulong DivideWide(ulong high, ulong low, ulong divisor, out ulong remainder)
    {
        if (high != 0)
            return DivideAll(high, low, divisor, out remainder);
        remainder = low % divisor;
        return low / divisor;
    }

    // On its own: what touches a UInt128 is not compiled ahead of time, and nearly every dividend is short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong DivideAll(ulong high, ulong low, ulong divisor, out ulong remainder)
    {
        UInt128 dividend = new(high, low);
        UInt128 quotient = dividend / divisor;
        remainder = (ulong)(dividend - quotient * divisor);
        return (ulong)quotient;
    }
}
