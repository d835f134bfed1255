using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>Instructions on ST(0), and ST(1) where they have two operands: signs, roots, remainders, transcendental functions.</content>
internal static unsafe partial class X87
{
    /// <summary>FCHS: no exception but the stack's.</summary>
    public static void ChangeSign(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (HasTop(s))
            Set(s, 0, Get(s, 0).Negate());
    }

    /// <summary>FABS: no exception but the stack's.</summary>
    public static void Absolute(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (HasTop(s))
            Set(s, 0, Get(s, 0).Abs());
    }

    public static void SquareRoot(CpuState* s, Operation* o)
    {
        if (IsRoutine(s) && !IsEmpty(s, 0))
        {
            int raised = Float80Routine.SquareRoot(Get(s, 0), Register(s, 0));
            if (raised != Float80Routine.NotRoutine)
            {
                RecordRoutine(s, o, raised);
                return;
            }
        }

        Unary(s, o, &Float80.Sqrt);
    }

    public static void RoundToInteger(CpuState* s, Operation* o) => Unary(s, o, &Float80.RoundToIntegral);

    public static void TwoToXMinusOne(CpuState* s, Operation* o) => Unary(s, o, &Float80.TwoToXMinusOne);

    public static void Scale(CpuState* s, Operation* o) => Binary(s, o, &Float80.Scale, destination: 0);

    public static void YLog2X(CpuState* s, Operation* o) => Binary(s, o, &Float80.YLog2X, destination: 1);

    public static void YLog2XPlusOne(CpuState* s, Operation* o) => Binary(s, o, &Float80.YLog2XPlusOne, destination: 1);

    public static void ArcTangent(CpuState* s, Operation* o) => Binary(s, o, &Float80.ArcTangent, destination: 1);

    public static void PartialRemainder(CpuState* s, Operation* o) => Remainder(s, o, nearest: false);

    public static void PartialRemainderNearest(CpuState* s, Operation* o) => Remainder(s, o, nearest: true);

    /// <summary>FXTRACT: the exponent replaces ST(0), then the significand is pushed.</summary>
    public static void Extract(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (!HasTopAndRoom(s))
            return;
        FloatContext c = Context(s);
        Float80 significand = Float80.Extract(Get(s, 0), out Float80 exponent, ref c);
        if (!Commit(s, ref c))
            return;
        Set(s, 0, exponent);
        Push(s, significand);
    }

    public static void Sine(CpuState* s, Operation* o)
    {
        Begin(s, o);
        ClearC2(s);
        if (!HasTop(s))
            return;
        FloatContext c = Context(s);
        EndAngle(s, Float80.Sine(Get(s, 0), out bool outOfRange, ref c), outOfRange, ref c);
    }

    public static void Cosine(CpuState* s, Operation* o)
    {
        Begin(s, o);
        ClearC2(s);
        if (!HasTop(s))
            return;
        FloatContext c = Context(s);
        EndAngle(s, Float80.Cosine(Get(s, 0), out bool outOfRange, ref c), outOfRange, ref c);
    }

    /// <summary>FSINCOS: the sine replaces ST(0), then the cosine is pushed.</summary>
    public static void SineCosine(CpuState* s, Operation* o)
    {
        Begin(s, o);
        ClearC2(s);
        if (!HasTopAndRoom(s))
            return;
        FloatContext c = Context(s);
        Float80 angle = Get(s, 0);
        Float80 cosine = Float80.Cosine(angle, out _, ref c);
        if (EndAngle(s, Float80.Sine(angle, out bool outOfRange, ref c), outOfRange, ref c))
            Push(s, cosine);
    }

    /// <summary>FPTAN: the tangent replaces ST(0), then 1.0 is pushed; a NaN is pushed twice.</summary>
    public static void Tangent(CpuState* s, Operation* o)
    {
        Begin(s, o);
        ClearC2(s);
        if (!HasTopAndRoom(s))
            return;
        FloatContext c = Context(s);
        Float80 tangent = Float80.Tangent(Get(s, 0), out bool outOfRange, ref c);
        if (EndAngle(s, tangent, outOfRange, ref c))
            Push(s, tangent.Unpack().IsNaN ? tangent : Float80.One);
    }

    private static void ClearC2(CpuState* s) => s->X87Status = (ushort)(s->X87Status & ~C2);

    /// <summary>Delivers the result of a trigonometric instruction; out of range, only C2 changes.</summary>
    private static bool EndAngle(CpuState* s, Float80 result, bool outOfRange, ref FloatContext c)
    {
        if (outOfRange)
        {
            s->X87Status |= C2;
            return false;
        }

        if (!Commit(s, ref c))
            return false;
        Set(s, 0, result);
        return true;
    }

    private static bool HasTop(CpuState* s)
    {
        if (!IsEmpty(s, 0))
            return true;
        if (StackFault(s, overflow: false))
            Set(s, 0, Float80.Indefinite);
        return false;
    }

    /// <summary>For instructions that push a second result: an empty ST(0) or a full stack makes both indefinite.</summary>
    private static bool HasTopAndRoom(CpuState* s)
    {
        bool empty = IsEmpty(s, 0);
        if (!empty && !IsFull(s))
            return true;
        if (StackFault(s, overflow: !empty))
        {
            Set(s, 0, Float80.Indefinite);
            Push(s, Float80.Indefinite);
        }

        return false;
    }

    private static void Unary(CpuState* s, Operation* o, delegate*<Float80, ref FloatContext, Float80> operation)
    {
        Begin(s, o);
        if (!HasTop(s))
            return;
        FloatContext c = Context(s);
        Float80 result = operation(Get(s, 0), ref c);
        if (Commit(s, ref c))
            Set(s, 0, result);
    }

    /// <summary>ST(0) op ST(1) into either of them; into ST(1) means that ST(0) is popped.</summary>
    private static void Binary(CpuState* s, Operation* o, delegate*<Float80, Float80, ref FloatContext, Float80> operation, int destination)
    {
        Begin(s, o);
        Float80 result = Float80.Indefinite;
        if (IsEmpty(s, 0) || IsEmpty(s, 1))
        {
            if (!StackFault(s, overflow: false))
                return;
        }
        else
        {
            FloatContext c = Context(s);
            result = operation(Get(s, 0), Get(s, 1), ref c);
            if (!Commit(s, ref c))
                return;
        }

        Set(s, destination, result);
        if (destination == 1)
            Pop(s);
    }

    private static void Remainder(CpuState* s, Operation* o, bool nearest)
    {
        Begin(s, o);
        ClearC2(s);
        if (IsEmpty(s, 0) || IsEmpty(s, 1))
        {
            if (StackFault(s, overflow: false))
                Set(s, 0, Float80.Indefinite);
            return;
        }

        FloatContext c = Context(s);
        Float80 result = Float80.Remainder(Get(s, 0), Get(s, 1), nearest, out int quotient, out bool partial, ref c);
        if (!Commit(s, ref c))
            return;
        Set(s, 0, result);
        if (quotient < 0)
            return;
        SetConditions(s, partial
            ? C2
            : ((quotient & 4) != 0 ? C0 : 0) | ((quotient & 2) != 0 ? C3 : 0) | ((quotient & 1) != 0 ? C1 : 0));
    }
}
