using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>Control instructions. None of them moves the instruction and data pointers.</content>
internal static unsafe partial class X87
{
    /// <summary>The control word's writable bits: the masks, PC, RC and the unused infinity control. Bit 6 reads as one.</summary>
    internal const ushort ControlWritable = 0x1F3F;

    internal const ushort ControlFixed = 0x0040;
    internal const ushort ControlInitial = 0x037F;

    /// <summary>FNINIT.</summary>
    public static void Initialize(CpuState* s, Operation* o) => Reset(s);

    /// <summary>FNCLEX: clears the exception flags, SF, ES and B; the condition codes stay.</summary>
    public static void ClearExceptions(CpuState* s, Operation* o) =>
        s->X87Status = (ushort)(s->X87Status & ~(FloatFlags.All | StackFaultBit | ErrorSummary | Busy));

    /// <summary>FWAIT.</summary>
    public static void Wait(CpuState* s, Operation* o) => CheckPending(s);

    /// <summary>FNOP, which waits and is recorded as every other instruction.</summary>
    public static void NoOperation(CpuState* s, Operation* o) => BeginKeepingC1(s, o);

    /// <summary>FNENI, FNDISI and FNSETPM: of the 8087 and 287, ignored since (SDM Vol. 3, 22.18.6).</summary>
    public static void Ignore(CpuState* s, Operation* o)
    {
    }

    /// <summary>FINCSTP: turns the stack; the tags stay.</summary>
    public static void IncrementTop(CpuState* s, Operation* o)
    {
        Begin(s, o);
        s->X87Top = (byte)((s->X87Top + 1) & 7);
    }

    /// <summary>FDECSTP: turns the stack; the tags stay.</summary>
    public static void DecrementTop(CpuState* s, Operation* o)
    {
        Begin(s, o);
        s->X87Top = (byte)((s->X87Top - 1) & 7);
    }

    /// <summary>FFREE.</summary>
    public static void Free(CpuState* s, Operation* o)
    {
        Begin(s, o);
        s->X87Tag &= (byte)~(1 << Physical(s, o->Op0));
    }

    /// <summary>FFREEP: FFREE and a pop (undocumented by Intel, in every processor).</summary>
    public static void FreePop(CpuState* s, Operation* o)
    {
        Free(s, o);
        Pop(s);
    }

    /// <summary>FLDCW: an exception flag that becomes unmasked is pending from now on.</summary>
    public static void LoadControl(CpuState* s, Operation* o)
    {
        CheckPending(s);
        SetControl(s, Operand.Load<ushort>(s, o));
        Summarize(s);
    }

    /// <summary>FNSTCW.</summary>
    public static void StoreControl(CpuState* s, Operation* o) => Operand.Store(s, o, s->X87Control);

    /// <summary>FNSTSW m16.</summary>
    public static void StoreStatus(CpuState* s, Operation* o) => Operand.Store(s, o, StatusWord(s));

    /// <summary>FNSTSW AX.</summary>
    public static void StoreStatusAx(CpuState* s, Operation* o) => *(ushort*)s->Gpr = StatusWord(s);

    /// <summary>The state after FNINIT; the registers keep their contents.</summary>
    public static void Reset(CpuState* s)
    {
        s->X87Control = ControlInitial;
        s->X87Status = 0;
        s->X87Top = 0;
        s->X87Tag = 0;
        s->X87InstructionPointer = 0;
        s->X87DataPointer = 0;
        s->X87Opcode = 0;
    }

    /// <summary>The status word, TOP included.</summary>
    public static ushort StatusWord(CpuState* s) => (ushort)((s->X87Status & ~0x3800) | (s->X87Top << 11));

    private static void SetControl(CpuState* s, ushort value) => s->X87Control = (ushort)((value & ControlWritable) | ControlFixed);

    /// <summary>Takes a status word apart; ES and B follow from flags and masks.</summary>
    private static void SetStatus(CpuState* s, ushort value)
    {
        s->X87Top = (byte)((value >> 11) & 7);
        s->X87Status = (ushort)(value & ~0x3800);
        Summarize(s);
    }
}
