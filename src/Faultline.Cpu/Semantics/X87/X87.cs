using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <summary>
/// The x87 instructions (SDM Vol. 1, chapter 8; Vol. 2). Every body waits for pending exceptions, reads its operands, computes, and then
/// either commits everything or, after an unmasked stack fault or operand exception, only the status word: the operands stay
/// as they were, and the next waiting instruction raises #MF.
/// </summary>
internal static unsafe partial class X87
{
    private const ushort StackFaultBit = 0x0040;
    private const ushort ErrorSummary = 0x0080;
    internal const ushort C0 = 0x0100;
    internal const ushort C1 = 0x0200;
    internal const ushort C2 = 0x0400;
    internal const ushort C3 = 0x4000;
    private const ushort Busy = 0x8000;
    private const ushort Conditions = C0 | C1 | C2 | C3;

    /// <summary>The masks, PC and RC, as <see cref="IsRoutine"/> compares them.</summary>
    internal const uint RoutineControl = 0x0F3F;

    /// <summary>
    /// <see cref="CpuState.X87Opcode"/> of an instruction that this processor executed: the opcode is read from the code at the
    /// instruction pointer if someone asks for it.
    /// </summary>
    internal const ushort OpcodeInCode = 0xFFFF;

    /// <summary>WAIT, and the first thing every waiting instruction does: raises #MF when an unmasked exception is pending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckPending(CpuState* s)
    {
        if ((s->X87Status & ErrorSummary) != 0)
            Raise.FloatingPoint(s);
    }

    /// <summary>Waits and records an instruction that leaves C1 alone, stack underflow aside: FCMOVcc, FCOMI.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BeginKeepingC1(CpuState* s, Operation* o)
    {
        CheckPending(s);
        s->X87InstructionPointer = o->Rip;
        s->X87Opcode = OpcodeInCode;
    }

    /// <summary>Records an instruction without memory operand as the last one and clears C1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Record(CpuState* s, Operation* o)
    {
        s->X87InstructionPointer = o->Rip;
        s->X87Opcode = OpcodeInCode;
        s->X87Status = (ushort)(s->X87Status & ~C1);
    }

    /// <summary>Records an instruction and its memory operand as the last one and clears C1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Record(CpuState* s, Operation* o, ulong address)
    {
        Record(s, o);
        s->X87DataPointer = address - *(ulong*)((byte*)s + o->Segment);
    }

    /// <summary>What every instruction without memory operand begins with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(CpuState* s, Operation* o)
    {
        CheckPending(s);
        Record(s, o);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FloatContext Context(CpuState* s) => FloatContext.FromControlWord(s->X87Control);

    /// <summary>The physical number of ST(i).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Physical(CpuState* s, int index) => (s->X87Top + index) & 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEmpty(CpuState* s, int index) => ((s->X87Tag >> Physical(s, index)) & 1) == 0;

    /// <summary>Reads ST(i), whether it is empty or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float80 Get(CpuState* s, int index)
    {
        ulong* register = Register(s, index);
        return new Float80(register[0], (ushort)register[1]);
    }

    /// <summary>Writes ST(i) and marks it in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(CpuState* s, int index, Float80 value)
    {
        int physical = Physical(s, index);
        s->X87Registers[physical * 2] = value.Significand;
        s->X87Registers[(physical * 2) + 1] = value.SignExponent;
        s->X87Tag |= (byte)(1 << physical);
    }

    /// <summary>
    /// Whether nothing but the operands can keep an instruction from <see cref="Float80Routine"/>: no exception pending, all of them masked,
    /// 64 bits of precision, rounding to nearest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsRoutine(CpuState* s) =>
        (((uint)s->X87Control | ((uint)s->X87Status << 16)) & (RoutineControl | ((uint)ErrorSummary << 16))) == ControlInitial - ControlFixed;

    /// <summary>Whether ST(a) and ST(b) are both in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInUse(CpuState* s, int a, int b)
    {
        // The tags twice over, so that those of ST(0) to ST(7) follow each other from TOP.
        int tags = (s->X87Tag * 0x101) >> s->X87Top;
        return ((tags >> a) & (tags >> b) & 1) != 0;
    }

    /// <summary>The two words of ST(i).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* Register(CpuState* s, int index) => s->X87Registers + (Physical(s, index) * 2);

    /// <summary>Records an instruction without memory operand that raised no more than PE, and what it raised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RecordRoutine(CpuState* s, Operation* o, int raised)
    {
        s->X87InstructionPointer = o->Rip;
        s->X87Opcode = OpcodeInCode;
        s->X87Status = (ushort)((s->X87Status & ~C1) | raised);
    }

    /// <summary>Pushes without looking whether there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Push(CpuState* s, Float80 value)
    {
        s->X87Top = (byte)((s->X87Top - 1) & 7);
        Set(s, 0, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pop(CpuState* s)
    {
        s->X87Tag &= (byte)~(1 << s->X87Top);
        s->X87Top = (byte)((s->X87Top + 1) & 7);
    }

    /// <summary>Whether a push would overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFull(CpuState* s) => !IsEmpty(s, 7);

    /// <summary>Raises a stack overflow (C1 set) or underflow (C1 clear).</summary>
    /// <returns>Whether IE is masked, so that the instruction delivers the indefinite value.</returns>
    private static bool StackFault(CpuState* s, bool overflow)
    {
        s->X87Status = (ushort)((s->X87Status & ~C1) | StackFaultBit | (int)FloatFlags.Invalid | (overflow ? C1 : 0));
        return SummarizeNew(s, FloatFlags.Invalid);
    }

    /// <summary>Folds what an operation raised into the status word.</summary>
    /// <returns>False when an unmasked IE, DE or ZE forbids to deliver the result.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Commit(CpuState* s, ref FloatContext c)
    {
        uint raised = c.Raised;
        return raised == 0 || CommitRaised(s, raised, c.RoundedUp);
    }

    private static bool CommitRaised(CpuState* s, uint raised, bool roundedUp)
    {
        s->X87Status |= (ushort)(raised | ((raised & FloatFlags.Precision) != 0 && roundedUp ? (uint)C1 : 0));
        return SummarizeNew(s, raised);
    }

    private static bool SummarizeNew(CpuState* s, uint raised)
    {
        uint unmasked = raised & ~(uint)s->X87Control & FloatFlags.All;
        if (unmasked != 0)
            s->X87Status |= ErrorSummary | Busy;
        return (unmasked & FloatFlags.PreComputation) == 0;
    }

    /// <summary>Sets ES and B as flags and masks demand, after either of them was loaded.</summary>
    private static void Summarize(CpuState* s)
    {
        bool pending = (s->X87Status & ~s->X87Control & (int)FloatFlags.All) != 0;
        s->X87Status = (ushort)((s->X87Status & ~(ErrorSummary | Busy)) | (pending ? ErrorSummary | Busy : 0));
    }

    /// <summary>Waits, loads a memory operand and records the instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadOperand<T>(CpuState* s, Operation* o)
        where T : unmanaged
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        T value = GuestAccess.Load<T>(s, address);
        Record(s, o, address);
        return value;
    }
}
