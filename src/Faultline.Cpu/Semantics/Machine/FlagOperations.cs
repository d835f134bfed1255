using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>Instructions on RFLAGS as a whole or on single bits: CLC to STD, LAHF, SAHF, PUSHF, POPF (SDM vol. 2).</summary>
internal static unsafe class FlagOperations
{
    private const uint AhFlags = Rflags.CF | Rflags.PF | Rflags.AF | Rflags.ZF | Rflags.SF;

    public static void Clc(CpuState* s, Operation* op) => Flags.SetCarry(s, false);

    public static void Stc(CpuState* s, Operation* op) => Flags.SetCarry(s, true);

    public static void Cmc(CpuState* s, Operation* op) => Flags.SetCarry(s, !Flags.Carry(s));

    public static void Cld(CpuState* s, Operation* op) => s->Rflags &= ~Rflags.DF;

    public static void Std(CpuState* s, Operation* op) => s->Rflags |= Rflags.DF;

    public static void Lahf(CpuState* s, Operation* op) => ((byte*)s->Gpr)[1] = (byte)(Flags.Materialize(s) & AhFlags | Rflags.Fixed);

    public static void Sahf(CpuState* s, Operation* op) => Flags.Replace(s, AhFlags, ((byte*)s->Gpr)[1]);

    public static void Pushf64(CpuState* s, Operation* op) => Push(s, (ulong)(Flags.Materialize(s) & ~Rflags.RF));

    public static void Pushf16(CpuState* s, Operation* op) => Push(s, (ushort)Flags.Materialize(s));

    public static void Popf64(CpuState* s, Operation* op)
    {
        uint value = (uint)GuestAccess.Load<ulong>(s, s->Gpr[4]);
        s->Gpr[4] += 8;
        Flags.Load(s, value);
    }

    /// <summary>The upper half of RFLAGS stays.</summary>
    public static void Popf16(CpuState* s, Operation* op)
    {
        uint value = GuestAccess.Load<ushort>(s, s->Gpr[4]);
        s->Gpr[4] += 2;
        Flags.Load(s, Flags.Materialize(s) & 0xffff0000 | value);
    }

    private static void Push<T>(CpuState* s, T value)
        where T : unmanaged
    {
        ulong top = s->Gpr[4] - (ulong)sizeof(T);
        GuestAccess.Store(s, top, value);
        s->Gpr[4] = top;
    }
}
