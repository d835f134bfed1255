using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>
/// FADD, FSUB, FSUBR, FMUL, FDIV, FDIVR in all forms. Intel's reversed forms differ between the two directions: what the mnemonic says is
/// relative to the destination, and so are the bodies.
/// </content>
internal static unsafe partial class X87
{
    // ST(0) = ST(0) op ST(i)
    public static void AddRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Add, &Add, 0, o->Op1, reverse: false, pop: false);

    public static void SubRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, 0, o->Op1, reverse: false, pop: false);

    public static void SubrRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, 0, o->Op1, reverse: true, pop: false);

    public static void MulRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Multiply, &Mul, 0, o->Op1, reverse: false, pop: false);

    public static void DivRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, 0, o->Op1, reverse: false, pop: false);

    public static void DivrRegister(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, 0, o->Op1, reverse: true, pop: false);

    // ST(i) = ST(i) op ST(0)
    public static void AddTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Add, &Add, o->Op0, 0, reverse: false, pop: false);

    public static void SubTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, o->Op0, 0, reverse: false, pop: false);

    public static void SubrTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, o->Op0, 0, reverse: true, pop: false);

    public static void MulTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Multiply, &Mul, o->Op0, 0, reverse: false, pop: false);

    public static void DivTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, o->Op0, 0, reverse: false, pop: false);

    public static void DivrTo(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, o->Op0, 0, reverse: true, pop: false);

    // ST(i) = ST(i) op ST(0), pop
    public static void AddPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Add, &Add, o->Op0, 0, reverse: false, pop: true);

    public static void SubPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, o->Op0, 0, reverse: false, pop: true);

    public static void SubrPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Subtract, &Sub, o->Op0, 0, reverse: true, pop: true);

    public static void MulPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Multiply, &Mul, o->Op0, 0, reverse: false, pop: true);

    public static void DivPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, o->Op0, 0, reverse: false, pop: true);

    public static void DivrPop(CpuState* s, Operation* o) => Registers(s, o, &Float80Routine.Divide, &Div, o->Op0, 0, reverse: true, pop: true);

    // ST(0) = ST(0) op m32
    public static void AddM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Add, &Add, reverse: false);

    public static void SubM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Subtract, &Sub, reverse: false);

    public static void SubrM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Subtract, &Sub, reverse: true);

    public static void MulM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Multiply, &Mul, reverse: false);

    public static void DivM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Divide, &Div, reverse: false);

    public static void DivrM32(CpuState* s, Operation* o) => MemoryM32(s, o, &Float80Routine.Divide, &Div, reverse: true);

    // ST(0) = ST(0) op m64
    public static void AddM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Add, &Add, reverse: false);

    public static void SubM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Subtract, &Sub, reverse: false);

    public static void SubrM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Subtract, &Sub, reverse: true);

    public static void MulM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Multiply, &Mul, reverse: false);

    public static void DivM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Divide, &Div, reverse: false);

    public static void DivrM64(CpuState* s, Operation* o) => MemoryM64(s, o, &Float80Routine.Divide, &Div, reverse: true);

    // ST(0) = ST(0) op m32int
    public static void AddI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Add, &Add, reverse: false);

    public static void SubI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Subtract, &Sub, reverse: false);

    public static void SubrI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Subtract, &Sub, reverse: true);

    public static void MulI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Multiply, &Mul, reverse: false);

    public static void DivI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Divide, &Div, reverse: false);

    public static void DivrI32(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<int>(s, o), &Float80Routine.Divide, &Div, reverse: true);

    // ST(0) = ST(0) op m16int
    public static void AddI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Add, &Add, reverse: false);

    public static void SubI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Subtract, &Sub, reverse: false);

    public static void SubrI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Subtract, &Sub, reverse: true);

    public static void MulI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Multiply, &Mul, reverse: false);

    public static void DivI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Divide, &Div, reverse: false);

    public static void DivrI16(CpuState* s, Operation* o) => MemoryInteger(s, LoadOperand<short>(s, o), &Float80Routine.Divide, &Div, reverse: true);

    private static Unpacked Add(in Unpacked a, in Unpacked b, ref FloatContext c) => SoftFloat.Add(a, b, false, ref c);

    private static Unpacked Sub(in Unpacked a, in Unpacked b, ref FloatContext c) => SoftFloat.Add(a, b, true, ref c);

    private static Unpacked Mul(in Unpacked a, in Unpacked b, ref FloatContext c) => SoftFloat.Multiply(a, b, ref c);

    private static Unpacked Div(in Unpacked a, in Unpacked b, ref FloatContext c) => SoftFloat.Divide(a, b, ref c);

    private static Unpacked Operand32(CpuState* s, Operation* o) => Float32.Unpack(LoadOperand<uint>(s, o), false);

    private static Unpacked Operand64(CpuState* s, Operation* o) => Float64.Unpack(LoadOperand<ulong>(s, o), false);

    private static Unpacked OperandInt32(CpuState* s, Operation* o) => FromInteger(LoadOperand<int>(s, o));

    private static Unpacked OperandInt16(CpuState* s, Operation* o) => FromInteger(LoadOperand<short>(s, o));

    private static Unpacked FromInteger(long value) => Unpacked.FromInteger(value < 0, (ulong)Math.Abs(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Registers(
        CpuState* s,
        Operation* o,
        delegate*<ulong, ulong, ulong, ulong, ulong*, int> routine,
        delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation,
        int destination,
        int source,
        bool reverse,
        bool pop)
    {
        if (IsRoutine(s) && AreInUse(s, destination, source))
        {
            Float80 a = Get(s, reverse ? source : destination), b = Get(s, reverse ? destination : source);
            int raised = routine(a.Significand, a.SignExponent, b.Significand, b.SignExponent, Register(s, destination));
            if (raised != Float80Routine.NotRoutine)
            {
                RecordRoutine(s, o, raised);
                if (pop)
                    Pop(s);
                return;
            }
        }

        AnyRegisters(s, o, operation, destination, source, reverse, pop);
    }

    private static void AnyRegisters(
        CpuState* s,
        Operation* o,
        delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation,
        int destination,
        int source,
        bool reverse,
        bool pop)
    {
        Begin(s, o);
        Float80 result;
        if (IsEmpty(s, destination) || IsEmpty(s, source))
        {
            if (!StackFault(s, overflow: false))
                return;
            result = Float80.Indefinite;
        }
        else
        {
            FloatContext c = Context(s);
            Unpacked a = Get(s, destination).Unpack(), b = Get(s, source).Unpack();
            Unpacked exact = reverse ? operation(b, a, ref c) : operation(a, b, ref c);
            result = Float80.Pack(exact, c.Precision, ref c);
            if (!Commit(s, ref c))
                return;
        }

        Set(s, destination, result);
        if (pop)
            Pop(s);
    }

    private static void MemoryM32(
        CpuState* s,
        Operation* o,
        delegate*<ulong, ulong, ulong, ulong, ulong*, int> routine,
        delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation,
        bool reverse)
    {
        uint bits = LoadOperand<uint>(s, o);
        if (!Float80Routine.TryWiden32(bits, out Float80 operand) || !TryMemory(s, routine, operand, reverse))
            Memory(s, operation, Float32.Unpack(bits, false), reverse);
    }

    private static void MemoryM64(
        CpuState* s,
        Operation* o,
        delegate*<ulong, ulong, ulong, ulong, ulong*, int> routine,
        delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation,
        bool reverse)
    {
        ulong bits = LoadOperand<ulong>(s, o);
        if (!Float80Routine.TryWiden64(bits, out Float80 operand) || !TryMemory(s, routine, operand, reverse))
            Memory(s, operation, Float64.Unpack(bits, false), reverse);
    }

    private static void MemoryInteger(
        CpuState* s,
        long value,
        delegate*<ulong, ulong, ulong, ulong, ulong*, int> routine,
        delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation,
        bool reverse)
    {
        if (!TryMemory(s, routine, Float80.FromInt64(value), reverse))
            Memory(s, operation, FromInteger(value), reverse);
    }

    /// <summary>ST(0) op an operand that was loaded, if both are ordinary.</summary>
    private static bool TryMemory(CpuState* s, delegate*<ulong, ulong, ulong, ulong, ulong*, int> routine, Float80 operand, bool reverse)
    {
        if (!IsRoutine(s) || IsEmpty(s, 0))
            return false;
        Float80 a = Get(s, 0);
        int raised = reverse
            ? routine(operand.Significand, operand.SignExponent, a.Significand, a.SignExponent, Register(s, 0))
            : routine(a.Significand, a.SignExponent, operand.Significand, operand.SignExponent, Register(s, 0));
        if (raised == Float80Routine.NotRoutine)
            return false;
        s->X87Status |= (ushort)raised;
        return true;
    }

    private static void Memory(
        CpuState* s, delegate*<in Unpacked, in Unpacked, ref FloatContext, Unpacked> operation, in Unpacked operand, bool reverse)
    {
        if (IsEmpty(s, 0))
        {
            if (StackFault(s, overflow: false))
                Set(s, 0, Float80.Indefinite);
            return;
        }

        FloatContext c = Context(s);
        Unpacked a = Get(s, 0).Unpack();
        Unpacked exact = reverse ? operation(operand, a, ref c) : operation(a, operand, ref c);
        Float80 result = Float80.Pack(exact, c.Precision, ref c);
        if (Commit(s, ref c))
            Set(s, 0, result);
    }
}
