using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.X87;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Translator;

/// <summary>
/// What translated code that keeps x87 registers in locals calls at its edges. Such code runs with all exceptions masked, none pending, 64 bits of precision and rounding to
/// nearest, and with nothing but normal numbers and zeros in the registers that it uses; PE is then all that can be raised.
/// </summary>
internal static unsafe partial class X87Glue
{
    private const int PrecisionShift = 5;
    private const int C1Shift = 9;

    /// <summary>Checks that the x87 state is as a region expects it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="expected">An <see cref="X87State.Packed"/>.</param>
    /// <returns>The physical register that is the region's slot 0; negative when the region cannot run.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Enter(CpuState* s, int expected)
    {
        if (!X87.IsRoutine(s))
            return -1;
        int first = s->X87Top - expected & 7;
        int tags = (s->X87Tag * 0x101) >> first;
        int full = expected >> 8, known = expected >> 16;
        if (((tags ^ full) & known & 0xFF) != 0)
            return -1;
        for (int slot = 0; slot < 8; slot++)
        {
            ulong* register = s->X87Registers + ((first + slot & 7) * 2);
            if ((known & full & 1 << slot) != 0 && !IsOrdinary(register[0], (uint)register[1]))
                return -1;
        }
        return first;
    }

    /// <summary>Whether the x87 state is as a region expects it after an instruction that the interpreter's body has executed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsAsExpected(CpuState* s, int first, int expected) => Enter(s, expected) == first;

    /// <summary>Stores all but the registers themselves.</summary>
    /// <param name="s">The state.</param>
    /// <param name="first">The physical register that is the region's slot 0.</param>
    /// <param name="at">An <see cref="X87State.Packed"/>; negative when the state has TOP and the tags.</param>
    /// <param name="status">The status word without TOP, PE and C1 apart.</param>
    /// <param name="inexact">PE where results have it.</param>
    /// <param name="up">C1 where results have it.</param>
    /// <param name="rip">Address of the last instruction; 0 when the state has it.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Leave(CpuState* s, int first, int at, int status, ulong inexact, ulong up, ulong rip)
    {
        s->X87Status = (ushort)Status(status, inexact, up);
        if (rip != 0)
        {
            s->X87InstructionPointer = rip;
            s->X87Opcode = X87.OpcodeInCode;
        }
        if (at < 0)
            return;
        s->X87Top = (byte)(first + at & 7);
        int known = Physical(at >> 16), full = Physical(at >> 8);
        s->X87Tag = (byte)(s->X87Tag & ~known | full & known);

        int Physical(int slots) => (slots & 0xFF) * 0x101 << first >> 8 & 0xFF;
    }

    /// <summary>The status word without TOP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Status(int status, ulong inexact, ulong up) =>
        status & ~X87.C1 | (int)(inexact >> X87Result.InexactBit & 1) << PrecisionShift | (int)(up >> X87Result.UpBit & 1) << C1Shift;

    /// <summary>C1 of a status word where the local for it has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong C1(int status) => (ulong)(uint)status << X87Result.UpBit - C1Shift;

    /// <summary>The status word with TOP, as FNSTSW stores it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StatusWord(int status, ulong inexact, ulong up, int top) => Status(status, inexact, up) | (top & 7) << 11;

    /// <summary>C3, C2 and C0 of a comparison in the status word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SetRelation(int status, int relation) => status & ~(X87.C0 | X87.C2 | X87.C3) | (relation < 0 ? X87.C0 : 0) | (relation == 0 ? X87.C3 : 0);

    /// <summary>C3, C2 and C0 of FXAM for a normal number or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Examine(int status, ulong a) => status & ~(X87.C0 | X87.C2 | X87.C3) | (a == 0 ? X87.C3 : X87.C2);

    /// <summary>Whether RC, in its place in the control word, is to nearest or toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCommonRounding(int control) => control is 0 or 0xC00;

    /// <summary>Whether an encoding is that of a normal number or a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(ulong a, uint signExponent)
    {
        uint exponent = signExponent & ExponentMask;
        return (exponent - 1 < Largest && (long)a < 0) || (a | exponent) == 0;
    }
}
