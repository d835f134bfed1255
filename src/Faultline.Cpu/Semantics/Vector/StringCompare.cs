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
        bool words = (control & 1) != 0;
        int count = words ? 8 : 16;
        Span<int> x = stackalloc int[16];
        Span<int> y = stackalloc int[16];
        for (int i = 0; i < count; i++)
        {
            x[i] = Element(a, i, control);
            y[i] = Element(b, i, control);
        }
        x = x[..lengthA];
        y = y[..lengthB];

        uint all = (1u << count) - 1;
        uint result = ((control >> 2) & 3) switch
        {
            0 => EqualAny(x, y),
            1 => Ranges(x, y),
            2 => EqualEach(x, y, count),
            _ => EqualOrdered(x, y, count),
        };
        if ((control & 0x10) != 0)
            result ^= (control & 0x20) != 0 ? (1u << lengthB) - 1 : all;

        Flags.SetStatus(s, (result != 0 ? Rflags.CF : 0) | (lengthB < count ? Rflags.ZF : 0) | (lengthA < count ? Rflags.SF : 0)
            | ((result & 1) != 0 ? Rflags.OF : 0));
        return result;
    }

    private static int Element(V a, int i, byte control) => (control & 3) switch
    {
        0 => a[i],
        1 => a.AsUInt16()[i],
        2 => a.AsSByte()[i],
        _ => a.AsInt16()[i],
    };

    private static uint EqualAny(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        uint result = 0;
        for (int j = 0; j < y.Length; j++)
        {
            if (x.Contains(y[j]))
                result |= 1u << j;
        }
        return result;
    }

    /// <summary>The first string is pairs of bounds, both included; a bound without its partner is no pair.</summary>
    private static uint Ranges(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        uint result = 0;
        for (int j = 0; j < y.Length; j++)
        {
            for (int i = 0; i + 1 < x.Length; i += 2)
            {
                if (x[i] <= y[j] && y[j] <= x[i + 1])
                    result |= 1u << j;
            }
        }
        return result;
    }

    /// <summary>Elements beyond both ends are equal, those beyond one end are not.</summary>
    private static uint EqualEach(ReadOnlySpan<int> x, ReadOnlySpan<int> y, int count)
    {
        uint result = 0;
        for (int i = 0; i < count; i++)
        {
            if (i < x.Length && i < y.Length ? x[i] == y[i] : i >= x.Length && i >= y.Length)
                result |= 1u << i;
        }
        return result;
    }

    /// <summary>Where the first string, or as much of it as fits before the last element, begins in the second.</summary>
    private static uint EqualOrdered(ReadOnlySpan<int> x, ReadOnlySpan<int> y, int count)
    {
        uint result = 0;
        for (int j = 0; j < count; j++)
        {
            bool match = true;
            for (int i = 0; match && i < x.Length && i + j < count; i++)
                match = i + j < y.Length && x[i] == y[i + j];
            if (match)
                result |= 1u << j;
        }
        return result;
    }

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
