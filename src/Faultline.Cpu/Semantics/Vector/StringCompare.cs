using System.Numerics;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (SDM vol. 2, 4.1): compares the elements of two strings of up to 16 bytes every way the immediate
/// can say. The memory operand need not be aligned.
/// </summary>
internal static unsafe class StringCompare
{
    private const int Rax = 0;
    private const int Rcx = 1;
    private const int Rdx = 2;

    /// <summary>PCMPESTRI with lengths in EAX and EDX.</summary>
    public static void ExplicitIndex(CpuState* s, Operation* op) => SetIndex(s, op, Explicit(s, op, (int)s->Gpr[Rax], (int)s->Gpr[Rdx]));

    /// <summary>PCMPESTRI with lengths in RAX and RDX.</summary>
    public static void ExplicitIndex64(CpuState* s, Operation* op) => SetIndex(s, op, Explicit(s, op, (long)s->Gpr[Rax], (long)s->Gpr[Rdx]));

    /// <summary>PCMPESTRM with lengths in EAX and EDX.</summary>
    public static void ExplicitMask(CpuState* s, Operation* op) => SetMask(s, op, Explicit(s, op, (int)s->Gpr[Rax], (int)s->Gpr[Rdx]));

    /// <summary>PCMPESTRM with lengths in RAX and RDX.</summary>
    public static void ExplicitMask64(CpuState* s, Operation* op) => SetMask(s, op, Explicit(s, op, (long)s->Gpr[Rax], (long)s->Gpr[Rdx]));

    /// <summary>PCMPISTRI: strings end at a zero element.</summary>
    public static void ImplicitIndex(CpuState* s, Operation* op) => SetIndex(s, op, Implicit(s, op));

    /// <summary>PCMPISTRM.</summary>
    public static void ImplicitMask(CpuState* s, Operation* op) => SetMask(s, op, Implicit(s, op));

    /// <summary>VPCMPESTRM with lengths in EAX and EDX.</summary>
    public static void VexExplicitMask(CpuState* s, Operation* op) => SetVexMask(s, op, Explicit(s, op, (int)s->Gpr[Rax], (int)s->Gpr[Rdx]));

    /// <summary>VPCMPESTRM with lengths in RAX and RDX.</summary>
    public static void VexExplicitMask64(CpuState* s, Operation* op) => SetVexMask(s, op, Explicit(s, op, (long)s->Gpr[Rax], (long)s->Gpr[Rdx]));

    /// <summary>VPCMPISTRM.</summary>
    public static void VexImplicitMask(CpuState* s, Operation* op) => SetVexMask(s, op, Implicit(s, op));

    private static uint Explicit(CpuState* s, Operation* op, long lengthA, long lengthB)
    {
        V a = Operand.Register<V>(s, op->Op0);
        V b = Operand.Read1<V>(s, op);
        int count = Count(op);
        return Compare(s, (byte)op->Immediate, a, b, Limit(lengthA, count), Limit(lengthB, count));
    }

    private static uint Implicit(CpuState* s, Operation* op)
    {
        V a = Operand.Register<V>(s, op->Op0);
        V b = Operand.Read1<V>(s, op);
        return Compare(s, (byte)op->Immediate, a, b, Length(op, a), Length(op, b));
    }

    private static int Count(Operation* op) => (op->Immediate & 1) != 0 ? 8 : 16;

    /// <summary>The absolute value of a length register, at most the number of elements.</summary>
    private static int Limit(long length, int count) => (int)Math.Min(length < 0 ? 0 - (ulong)length : (ulong)length, (ulong)count);

    private static int Length(Operation* op, V a)
    {
        uint zeros = (op->Immediate & 1) != 0
            ? Vector128.Equals(a.AsUInt16(), Vector128<ushort>.Zero).ExtractMostSignificantBits()
            : Vector128.Equals(a, V.Zero).ExtractMostSignificantBits();
        return Math.Min(BitOperations.TrailingZeroCount(zeros), Count(op));
    }

    /// <summary>Sets the flags and returns IntRes2 of the manual, a bit per element of the second string.</summary>
    private static uint Compare(CpuState* s, byte control, V a, V b, int lengthA, int lengthB)
    {
        int count = (control & 1) != 0 ? 8 : 16;
        uint all = (1u << count) - 1;
        uint inA = (1u << lengthA) - 1;
        uint inB = (1u << lengthB) - 1;
        uint result = ((control >> 2) & 3) switch
        {
            0 => EqualAny(control, a, b, lengthA) & inB,
            1 => Ranges(control, a, b, lengthA) & inB,
            // Elements beyond both ends are equal, those beyond one end are not.
            2 => (Equal(control, a, b) & inA & inB) | (all & ~(inA | inB)),
            _ => EqualOrdered(control, a, b, lengthA, inB, all),
        };
        if ((control & 0x10) != 0)
            result ^= (control & 0x20) != 0 ? inB : all;

        Flags.SetStatus(s, (result != 0 ? Rflags.CF : 0) | (lengthB < count ? Rflags.ZF : 0) | (lengthA < count ? Rflags.SF : 0)
            | ((result & 1) != 0 ? Rflags.OF : 0));
        return result;
    }

    private static uint EqualAny(byte control, V a, V b, int lengthA)
    {
        uint result = 0;
        for (int i = 0; i < lengthA; i++)
            result |= Equal(control, Repeat(control, a, i), b);
        return result;
    }

    /// <summary>The first string is pairs of bounds, both included; a bound without its partner is no pair.</summary>
    private static uint Ranges(byte control, V a, V b, int lengthA)
    {
        uint result = 0;
        for (int i = 0; i + 1 < lengthA; i += 2)
            result |= NotAbove(control, Repeat(control, a, i), b) & NotAbove(control, b, Repeat(control, a, i + 1));
        return result;
    }

    /// <summary>Where the first string, or as much of it as fits before the last element, begins in the second.</summary>
    private static uint EqualOrdered(byte control, V a, V b, int lengthA, uint inB, uint all)
    {
        uint result = all;
        for (int i = 0; i < lengthA; i++)
            result &= ((Equal(control, Repeat(control, a, i), b) & inB) >> i) | ~(all >> i);
        return result;
    }

    /// <summary>An element in all places.</summary>
    private static V Repeat(byte control, V a, int i) => (control & 1) != 0 ? Vector128.Create(a.AsUInt16()[i]).AsByte() : Vector128.Create(a[i]);

    private static uint Equal(byte control, V x, V y) => (control & 1) != 0
        ? Vector128.Equals(x.AsUInt16(), y.AsUInt16()).ExtractMostSignificantBits()
        : Vector128.Equals(x, y).ExtractMostSignificantBits();

    /// <summary>A bit for each element of one that is not above the other's.</summary>
    private static uint NotAbove(byte control, V x, V y) => (control & 3) switch
    {
        0 => Vector128.LessThanOrEqual(x, y).ExtractMostSignificantBits(),
        1 => Vector128.LessThanOrEqual(x.AsUInt16(), y.AsUInt16()).ExtractMostSignificantBits(),
        2 => Vector128.LessThanOrEqual(x.AsSByte(), y.AsSByte()).ExtractMostSignificantBits(),
        _ => Vector128.LessThanOrEqual(x.AsInt16(), y.AsInt16()).ExtractMostSignificantBits(),
    };

    /// <summary>ECX = the lowest or highest set bit, or the number of elements when none is.</summary>
    private static void SetIndex(CpuState* s, Operation* op, uint result)
    {
        uint none = (uint)Count(op);
        s->Gpr[Rcx] = result == 0 ? none : (op->Immediate & 0x40) != 0 ? (uint)BitOperations.Log2(result) : (uint)BitOperations.TrailingZeroCount(result);
    }

    private static void SetMask(CpuState* s, Operation* op, uint result) => Operand.SetRegister(s, (ushort)CpuState.VectorOffset(0), Mask(op, result));

    private static void SetVexMask(CpuState* s, Operation* op, uint result) => Operand.SetVector(s, (ushort)CpuState.VectorOffset(0), Mask(op, result));

    /// <summary>What XMM0 becomes: the bits, or a mask of whole elements.</summary>
    private static V Mask(Operation* op, uint result)
    {
        V mask = Vector128.CreateScalar(result).AsByte();
        if ((op->Immediate & 0x40) != 0)
        {
            mask = V.Zero;
            for (int i = 0; i < Count(op); i++)
            {
                if ((result & (1u << i)) == 0)
                    continue;
                mask = (op->Immediate & 1) != 0 ? mask.AsUInt16().WithElement(i, ushort.MaxValue).AsByte() : mask.WithElement(i, byte.MaxValue);
            }
        }
        return mask;
    }
}
