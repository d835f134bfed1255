using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>Comparisons, FTST and FXAM.</content>
internal static unsafe partial class X87
{
    public static void CompareRegister(CpuState* s, Operation* o) => CompareRegisters(s, o, o->Op1, quiet: false, pops: 0);

    public static void ComparePopRegister(CpuState* s, Operation* o) => CompareRegisters(s, o, o->Op1, quiet: false, pops: 1);

    public static void ComparePopPop(CpuState* s, Operation* o) => CompareRegisters(s, o, 1, quiet: false, pops: 2);

    public static void UnorderedCompareRegister(CpuState* s, Operation* o) => CompareRegisters(s, o, o->Op1, quiet: true, pops: 0);

    public static void UnorderedComparePopRegister(CpuState* s, Operation* o) => CompareRegisters(s, o, o->Op1, quiet: true, pops: 1);

    public static void UnorderedComparePopPop(CpuState* s, Operation* o) => CompareRegisters(s, o, 1, quiet: true, pops: 2);

    public static void CompareM32(CpuState* s, Operation* o) => CompareMemory(s, Operand32(s, o), pop: false);

    public static void ComparePopM32(CpuState* s, Operation* o) => CompareMemory(s, Operand32(s, o), pop: true);

    public static void CompareM64(CpuState* s, Operation* o) => CompareMemory(s, Operand64(s, o), pop: false);

    public static void ComparePopM64(CpuState* s, Operation* o) => CompareMemory(s, Operand64(s, o), pop: true);

    public static void CompareI16(CpuState* s, Operation* o) => CompareMemory(s, OperandInt16(s, o), pop: false);

    public static void ComparePopI16(CpuState* s, Operation* o) => CompareMemory(s, OperandInt16(s, o), pop: true);

    public static void CompareI32(CpuState* s, Operation* o) => CompareMemory(s, OperandInt32(s, o), pop: false);

    public static void ComparePopI32(CpuState* s, Operation* o) => CompareMemory(s, OperandInt32(s, o), pop: true);

    /// <summary>FTST: compares with zero.</summary>
    public static void Test(CpuState* s, Operation* o)
    {
        Begin(s, o);
        CompareMemory(s, Unpacked.Zero(false), pop: false);
    }

    /// <summary>FCOMI.</summary>
    public static void CompareFlags(CpuState* s, Operation* o) => CompareToFlags(s, o, quiet: false, pop: false);

    /// <summary>FCOMIP.</summary>
    public static void CompareFlagsPop(CpuState* s, Operation* o) => CompareToFlags(s, o, quiet: false, pop: true);

    /// <summary>FUCOMI.</summary>
    public static void UnorderedCompareFlags(CpuState* s, Operation* o) => CompareToFlags(s, o, quiet: true, pop: false);

    /// <summary>FUCOMIP.</summary>
    public static void UnorderedCompareFlagsPop(CpuState* s, Operation* o) => CompareToFlags(s, o, quiet: true, pop: true);

    /// <summary>FXAM: the class of ST(0) in C3, C2 and C0, its sign in C1; raises nothing, not even for an empty register.</summary>
    public static void Examine(CpuState* s, Operation* o)
    {
        Begin(s, o);
        Float80 value = Get(s, 0);
        Unpacked x = value.Unpack();
        int code = x.Class switch
        {
            _ when IsEmpty(s, 0) => C3 | C0,
            FloatClass.Zero => C3,
            FloatClass.Finite => x.IsDenormal ? C3 | C2 : C2,
            FloatClass.Infinity => C2 | C0,
            FloatClass.Unsupported => 0,
            _ => C0,
        };
        SetConditions(s, code | (value.IsNegative ? C1 : 0));
    }

    private static void SetConditions(CpuState* s, int conditions) => s->X87Status = (ushort)((s->X87Status & ~Conditions) | conditions);

    /// <summary>C3, C2 and C0 of a comparison; C1 keeps what stack faults made of it.</summary>
    private static void SetRelation(CpuState* s, FloatRelation relation)
    {
        int conditions = relation switch
        {
            FloatRelation.Less => C0,
            FloatRelation.Equal => C3,
            FloatRelation.Greater => 0,
            _ => C3 | C2 | C0,
        };
        SetConditions(s, conditions | (s->X87Status & C1));
    }

    private static void CompareRegisters(CpuState* s, Operation* o, int other, bool quiet, int pops)
    {
        Begin(s, o);
        bool deliver = TryCompare(s, other, quiet, out FloatRelation relation);
        SetRelation(s, relation);
        for (; deliver && pops > 0; pops--)
            Pop(s);
    }

    private static void CompareMemory(CpuState* s, in Unpacked operand, bool pop)
    {
        FloatRelation relation = FloatRelation.Unordered;
        bool deliver;
        if (IsEmpty(s, 0))
        {
            deliver = StackFault(s, overflow: false);
        }
        else
        {
            FloatContext c = Context(s);
            relation = SoftFloat.Compare(Get(s, 0).Unpack(), operand, quiet: false, ref c);
            deliver = Commit(s, ref c);
        }

        SetRelation(s, relation);
        if (deliver && pop)
            Pop(s);
    }

    private static void CompareToFlags(CpuState* s, Operation* o, bool quiet, bool pop)
    {
        BeginKeepingC1(s, o);
        bool deliver = TryCompare(s, o->Op1, quiet, out FloatRelation relation);
        Flags.SetStatus(s, relation switch
        {
            FloatRelation.Less => Rflags.CF,
            FloatRelation.Equal => Rflags.ZF,
            FloatRelation.Greater => 0,
            _ => Rflags.ZF | Rflags.PF | Rflags.CF,
        });
        if (deliver && pop)
            Pop(s);
    }

    /// <summary>
    /// Compares ST(0) with another register. The relation is delivered in any case, as AMD's processors do it: Intel's leave the condition
    /// codes alone after an unmasked exception.
    /// </summary>
    /// <returns>Whether the instruction may pop.</returns>
    private static bool TryCompare(CpuState* s, int other, bool quiet, out FloatRelation relation)
    {
        relation = FloatRelation.Unordered;
        if (IsEmpty(s, 0) || IsEmpty(s, other))
            return StackFault(s, overflow: false);
        if (Float80Routine.TryCompare(Get(s, 0), Get(s, other), out relation))
            return true;
        FloatContext c = Context(s);
        relation = Float80.Compare(Get(s, 0), Get(s, other), quiet, ref c);
        return Commit(s, ref c);
    }
}
