using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>FLD, FILD, FBLD, the constants, and moves between registers.</content>
internal static unsafe partial class X87
{
    public static void LoadM32(CpuState* s, Operation* o)
    {
        uint bits = LoadOperand<uint>(s, o);
        if (!HasRoom(s))
            return;
        if (Float80Routine.TryWiden32(bits, out Float80 value))
        {
            Push(s, value);
            return;
        }

        FloatContext c = Context(s);
        value = Float80.FromFloat32(bits, ref c);
        if (CommitLoad(s, ref c))
            Push(s, value);
    }

    public static void LoadM64(CpuState* s, Operation* o)
    {
        ulong bits = LoadOperand<ulong>(s, o);
        if (!HasRoom(s))
            return;
        if (Float80Routine.TryWiden64(bits, out Float80 value))
        {
            Push(s, value);
            return;
        }

        FloatContext c = Context(s);
        value = Float80.FromFloat64(bits, ref c);
        if (CommitLoad(s, ref c))
            Push(s, value);
    }

    /// <summary>FLD m80 looks at no bit of what it loads: no exception but the stack's.</summary>
    public static void LoadM80(CpuState* s, Operation* o)
    {
        Float80 value = LoadExtended(s, o);
        if (HasRoom(s))
            Push(s, value);
    }

    public static void LoadI16(CpuState* s, Operation* o) => LoadInteger(s, LoadOperand<short>(s, o));

    public static void LoadI32(CpuState* s, Operation* o) => LoadInteger(s, LoadOperand<int>(s, o));

    public static void LoadI64(CpuState* s, Operation* o) => LoadInteger(s, LoadOperand<long>(s, o));

    /// <summary>FBLD.</summary>
    public static void LoadBcd(CpuState* s, Operation* o)
    {
        Float80 digits = LoadExtended(s, o);
        if (HasRoom(s))
            Push(s, Float80.FromBcd(digits.Significand, digits.SignExponent));
    }

    /// <summary>FLD ST(i).</summary>
    public static void LoadRegister(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (IsEmpty(s, o->Op0))
        {
            if (StackFault(s, overflow: false))
                Push(s, Float80.Indefinite);
        }
        else if (HasRoom(s))
        {
            Push(s, Get(s, o->Op0));
        }
    }

    public static void LoadOne(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (HasRoom(s))
            Push(s, Float80.One);
    }

    public static void LoadZero(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (HasRoom(s))
            Push(s, Float80.Zero);
    }

    public static void LoadLog2Of10(CpuState* s, Operation* o) => LoadConstant(s, o, X87Constant.Log2Of10);

    public static void LoadLog2OfE(CpuState* s, Operation* o) => LoadConstant(s, o, X87Constant.Log2OfE);

    public static void LoadPi(CpuState* s, Operation* o) => LoadConstant(s, o, X87Constant.Pi);

    public static void LoadLog10Of2(CpuState* s, Operation* o) => LoadConstant(s, o, X87Constant.Log10Of2);

    public static void LoadLnOf2(CpuState* s, Operation* o) => LoadConstant(s, o, X87Constant.LnOf2);

    /// <summary>FXCH: an empty register takes part as the indefinite value.</summary>
    public static void Exchange(CpuState* s, Operation* o)
    {
        Begin(s, o);
        bool emptyTop = IsEmpty(s, 0), emptyOther = IsEmpty(s, o->Op1);
        if ((emptyTop || emptyOther) && !StackFault(s, overflow: false))
            return;
        Float80 top = emptyTop ? Float80.Indefinite : Get(s, 0);
        Set(s, 0, emptyOther ? Float80.Indefinite : Get(s, o->Op1));
        Set(s, o->Op1, top);
    }

    public static void MoveIfBelow(CpuState* s, Operation* o) => MoveIf(s, o, Flags.Carry(s));

    public static void MoveIfEqual(CpuState* s, Operation* o) => MoveIf(s, o, Flags.Zero(s));

    public static void MoveIfBelowOrEqual(CpuState* s, Operation* o) => MoveIf(s, o, Flags.Carry(s) || Flags.Zero(s));

    public static void MoveIfUnordered(CpuState* s, Operation* o) => MoveIf(s, o, Flags.Parity(s));

    public static void MoveIfNotBelow(CpuState* s, Operation* o) => MoveIf(s, o, !Flags.Carry(s));

    public static void MoveIfNotEqual(CpuState* s, Operation* o) => MoveIf(s, o, !Flags.Zero(s));

    public static void MoveIfNotBelowOrEqual(CpuState* s, Operation* o) => MoveIf(s, o, !Flags.Carry(s) && !Flags.Zero(s));

    public static void MoveIfNotUnordered(CpuState* s, Operation* o) => MoveIf(s, o, !Flags.Parity(s));

    /// <summary>Checks for room; a masked overflow pushes the indefinite value over what is there.</summary>
    private static bool HasRoom(CpuState* s)
    {
        if (!IsFull(s))
            return true;
        if (StackFault(s, overflow: true))
            Push(s, Float80.Indefinite);
        return false;
    }

    /// <summary>As <see cref="Commit"/>, but a denormal is loaded also while DE is unmasked.</summary>
    private static bool CommitLoad(CpuState* s, ref FloatContext c)
    {
        Commit(s, ref c);
        return (c.Unmasked & FloatFlags.Invalid) == 0;
    }

    private static Float80 LoadExtended(CpuState* s, Operation* o)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        ulong significand = GuestAccess.Load<ulong>(s, address);
        ushort signExponent = GuestAccess.Load<ushort>(s, address + 8);
        Record(s, o, address);
        return new Float80(significand, signExponent);
    }

    private static void LoadInteger(CpuState* s, long value)
    {
        if (HasRoom(s))
            Push(s, Float80.FromInt64(value));
    }

    /// <summary>Pushes a constant rounded as RC says (SDM Vol. 2, FLD1): neither PE nor C1 tell of it.</summary>
    private static void LoadConstant(CpuState* s, Operation* o, X87Constant constant)
    {
        Begin(s, o);
        if (!HasRoom(s))
            return;
        FloatContext c = Context(s);
        Push(s, constant.Rounded(ref c));
    }

    private static void MoveIf(CpuState* s, Operation* o, bool condition)
    {
        BeginKeepingC1(s, o);
        if (IsEmpty(s, 0) || IsEmpty(s, o->Op1))
        {
            if (StackFault(s, overflow: false))
                Set(s, 0, Float80.Indefinite);
        }
        else if (condition)
        {
            Set(s, 0, Get(s, o->Op1));
        }
    }
}
