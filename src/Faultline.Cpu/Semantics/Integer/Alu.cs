using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// ADD, SUB, CMP, ADC, SBB, AND, OR, XOR, TEST, INC, DEC, NEG and NOT on values: operands in, result out, status flags recorded lazily where that
/// is cheaper (SDM vol. 2).
/// </summary>
internal static unsafe class Alu
{
    // 8 bits

    public static byte Add8(CpuState* s, byte a, byte b)
    {
        byte r = (byte)(a + b);
        Flags.SetLazy(s, FlagsKind.Add8, a, b, (sbyte)r);
        return r;
    }

    public static byte Sub8(CpuState* s, byte a, byte b)
    {
        byte r = (byte)(a - b);
        Flags.SetLazy(s, FlagsKind.Sub8, a, b, (sbyte)r);
        return r;
    }

    public static void Cmp8(CpuState* s, byte a, byte b) => Flags.SetLazy(s, FlagsKind.Sub8, a, b, (sbyte)(byte)(a - b));

    public static byte Adc8(CpuState* s, byte a, byte b)
    {
        if (!Flags.Carry(s))
            return Add8(s, a, b);
        byte r = (byte)(a + b + 1);
        SetCarried(s, a, b, r, (sbyte)r, 8, r <= a);
        return r;
    }

    public static byte Sbb8(CpuState* s, byte a, byte b)
    {
        if (!Flags.Carry(s))
            return Sub8(s, a, b);
        byte r = (byte)(a - b - 1);
        SetBorrowed(s, a, b, r, (sbyte)r, 8, a <= b);
        return r;
    }

    public static byte And8(CpuState* s, byte a, byte b)
    {
        byte r = (byte)(a & b);
        Flags.SetLogic(s, FlagsKind.Logic8, (sbyte)r);
        return r;
    }

    public static byte Or8(CpuState* s, byte a, byte b)
    {
        byte r = (byte)(a | b);
        Flags.SetLogic(s, FlagsKind.Logic8, (sbyte)r);
        return r;
    }

    public static byte Xor8(CpuState* s, byte a, byte b)
    {
        byte r = (byte)(a ^ b);
        Flags.SetLogic(s, FlagsKind.Logic8, (sbyte)r);
        return r;
    }

    public static void Test8(CpuState* s, byte a, byte b) => Flags.SetLogic(s, FlagsKind.Logic8, (sbyte)(byte)(a & b));

    public static byte Inc8(CpuState* s, byte a)
    {
        byte r = (byte)(a + 1);
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Inc8, (sbyte)r);
        return r;
    }

    public static byte Dec8(CpuState* s, byte a)
    {
        byte r = (byte)(a - 1);
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Dec8, (sbyte)r);
        return r;
    }

    public static byte Neg8(CpuState* s, byte a) => Sub8(s, 0, a);

    public static byte Not8(CpuState* s, byte a) => (byte)(~a);

    // 16 bits

    public static ushort Add16(CpuState* s, ushort a, ushort b)
    {
        ushort r = (ushort)(a + b);
        Flags.SetLazy(s, FlagsKind.Add16, a, b, (short)r);
        return r;
    }

    public static ushort Sub16(CpuState* s, ushort a, ushort b)
    {
        ushort r = (ushort)(a - b);
        Flags.SetLazy(s, FlagsKind.Sub16, a, b, (short)r);
        return r;
    }

    public static void Cmp16(CpuState* s, ushort a, ushort b) => Flags.SetLazy(s, FlagsKind.Sub16, a, b, (short)(ushort)(a - b));

    public static ushort Adc16(CpuState* s, ushort a, ushort b)
    {
        if (!Flags.Carry(s))
            return Add16(s, a, b);
        ushort r = (ushort)(a + b + 1);
        SetCarried(s, a, b, r, (short)r, 16, r <= a);
        return r;
    }

    public static ushort Sbb16(CpuState* s, ushort a, ushort b)
    {
        if (!Flags.Carry(s))
            return Sub16(s, a, b);
        ushort r = (ushort)(a - b - 1);
        SetBorrowed(s, a, b, r, (short)r, 16, a <= b);
        return r;
    }

    public static ushort And16(CpuState* s, ushort a, ushort b)
    {
        ushort r = (ushort)(a & b);
        Flags.SetLogic(s, FlagsKind.Logic16, (short)r);
        return r;
    }

    public static ushort Or16(CpuState* s, ushort a, ushort b)
    {
        ushort r = (ushort)(a | b);
        Flags.SetLogic(s, FlagsKind.Logic16, (short)r);
        return r;
    }

    public static ushort Xor16(CpuState* s, ushort a, ushort b)
    {
        ushort r = (ushort)(a ^ b);
        Flags.SetLogic(s, FlagsKind.Logic16, (short)r);
        return r;
    }

    public static void Test16(CpuState* s, ushort a, ushort b) => Flags.SetLogic(s, FlagsKind.Logic16, (short)(ushort)(a & b));

    public static ushort Inc16(CpuState* s, ushort a)
    {
        ushort r = (ushort)(a + 1);
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Inc16, (short)r);
        return r;
    }

    public static ushort Dec16(CpuState* s, ushort a)
    {
        ushort r = (ushort)(a - 1);
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Dec16, (short)r);
        return r;
    }

    public static ushort Neg16(CpuState* s, ushort a) => Sub16(s, 0, a);

    public static ushort Not16(CpuState* s, ushort a) => (ushort)(~a);

    // 32 bits

    public static uint Add32(CpuState* s, uint a, uint b)
    {
        uint r = a + b;
        Flags.SetLazy(s, FlagsKind.Add32, a, b, (int)r);
        return r;
    }

    public static uint Sub32(CpuState* s, uint a, uint b)
    {
        uint r = a - b;
        Flags.SetLazy(s, FlagsKind.Sub32, a, b, (int)r);
        return r;
    }

    public static void Cmp32(CpuState* s, uint a, uint b) => Flags.SetLazy(s, FlagsKind.Sub32, a, b, (int)(a - b));

    public static uint Adc32(CpuState* s, uint a, uint b)
    {
        if (!Flags.Carry(s))
            return Add32(s, a, b);
        uint r = a + b + 1;
        SetCarried(s, a, b, r, (int)r, 32, r <= a);
        return r;
    }

    public static uint Sbb32(CpuState* s, uint a, uint b)
    {
        if (!Flags.Carry(s))
            return Sub32(s, a, b);
        uint r = a - b - 1;
        SetBorrowed(s, a, b, r, (int)r, 32, a <= b);
        return r;
    }

    public static uint And32(CpuState* s, uint a, uint b)
    {
        uint r = a & b;
        Flags.SetLogic(s, FlagsKind.Logic32, (int)r);
        return r;
    }

    public static uint Or32(CpuState* s, uint a, uint b)
    {
        uint r = a | b;
        Flags.SetLogic(s, FlagsKind.Logic32, (int)r);
        return r;
    }

    public static uint Xor32(CpuState* s, uint a, uint b)
    {
        uint r = a ^ b;
        Flags.SetLogic(s, FlagsKind.Logic32, (int)r);
        return r;
    }

    public static void Test32(CpuState* s, uint a, uint b) => Flags.SetLogic(s, FlagsKind.Logic32, (int)(a & b));

    public static uint Inc32(CpuState* s, uint a)
    {
        uint r = a + 1;
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Inc32, (int)r);
        return r;
    }

    public static uint Dec32(CpuState* s, uint a)
    {
        uint r = a - 1;
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Dec32, (int)r);
        return r;
    }

    public static uint Neg32(CpuState* s, uint a) => Sub32(s, 0, a);

    public static uint Not32(CpuState* s, uint a) => ~a;

    // 64 bits

    public static ulong Add64(CpuState* s, ulong a, ulong b)
    {
        ulong r = a + b;
        Flags.SetLazy(s, FlagsKind.Add64, a, b, (long)r);
        return r;
    }

    public static ulong Sub64(CpuState* s, ulong a, ulong b)
    {
        ulong r = a - b;
        Flags.SetLazy(s, FlagsKind.Sub64, a, b, (long)r);
        return r;
    }

    public static void Cmp64(CpuState* s, ulong a, ulong b) => Flags.SetLazy(s, FlagsKind.Sub64, a, b, (long)(a - b));

    public static ulong Adc64(CpuState* s, ulong a, ulong b)
    {
        if (!Flags.Carry(s))
            return Add64(s, a, b);
        ulong r = a + b + 1;
        SetCarried(s, a, b, r, (long)r, 64, r <= a);
        return r;
    }

    public static ulong Sbb64(CpuState* s, ulong a, ulong b)
    {
        if (!Flags.Carry(s))
            return Sub64(s, a, b);
        ulong r = a - b - 1;
        SetBorrowed(s, a, b, r, (long)r, 64, a <= b);
        return r;
    }

    public static ulong And64(CpuState* s, ulong a, ulong b)
    {
        ulong r = a & b;
        Flags.SetLogic(s, FlagsKind.Logic64, (long)r);
        return r;
    }

    public static ulong Or64(CpuState* s, ulong a, ulong b)
    {
        ulong r = a | b;
        Flags.SetLogic(s, FlagsKind.Logic64, (long)r);
        return r;
    }

    public static ulong Xor64(CpuState* s, ulong a, ulong b)
    {
        ulong r = a ^ b;
        Flags.SetLogic(s, FlagsKind.Logic64, (long)r);
        return r;
    }

    public static void Test64(CpuState* s, ulong a, ulong b) => Flags.SetLogic(s, FlagsKind.Logic64, (long)(a & b));

    public static ulong Inc64(CpuState* s, ulong a)
    {
        ulong r = a + 1;
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Inc64, (long)r);
        return r;
    }

    public static ulong Dec64(CpuState* s, ulong a)
    {
        ulong r = a - 1;
        KeepCarry(s);
        Flags.SetLogic(s, FlagsKind.Dec64, (long)r);
        return r;
    }

    public static ulong Neg64(CpuState* s, ulong a) => Sub64(s, 0, a);

    public static ulong Not64(CpuState* s, ulong a) => ~a;

    /// <summary>INC and DEC leave CF alone: it moves to RFLAGS, where their lazy kinds look for it.</summary>
    private static void KeepCarry(CpuState* s)
    {
        // Inc, Dec and None kinds have it there already.
        if (s->LazyKind is FlagsKind.None or >= FlagsKind.Inc8)
            return;
        s->Rflags = Flags.Carry(s) ? s->Rflags | Rflags.CF : s->Rflags & ~Rflags.CF;
    }

    /// <summary>Flags of a + b + 1: the lazy kinds know no carry in.</summary>
    private static void SetCarried(CpuState* s, ulong a, ulong b, ulong r, long signed, int width, bool carry)
    {
        ulong overflow = ((a ^ r) & (b ^ r)) >> (width - 1);
        Flags.SetStatus(s, Flags.ResultBits(signed) | (carry ? Rflags.CF : 0) | ((uint)(overflow & 1) << 11) | ((uint)(a ^ b ^ r) & Rflags.AF));
    }

    /// <summary>Flags of a - b - 1.</summary>
    private static void SetBorrowed(CpuState* s, ulong a, ulong b, ulong r, long signed, int width, bool borrow)
    {
        ulong overflow = ((a ^ b) & (a ^ r)) >> (width - 1);
        Flags.SetStatus(s, Flags.ResultBits(signed) | (borrow ? Rflags.CF : 0) | ((uint)(overflow & 1) << 11) | ((uint)(a ^ b ^ r) & Rflags.AF));
    }
}
