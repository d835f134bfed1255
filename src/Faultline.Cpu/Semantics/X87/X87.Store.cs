using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Semantics.X87;

/// <content>
/// FST, FIST, FISTTP and FBSTP. The store comes first, since it may fault; an unmasked exception other than PE stores nothing and does not pop.
/// </content>
internal static unsafe partial class X87
{
    /// <summary>The exceptions that keep a result out of memory: all but PE.</summary>
    private const uint StoreForbidding = FloatFlags.All & ~FloatFlags.Precision;

    public static void StoreM32(CpuState* s, Operation* o) => StoreFloat32(s, o, pop: false);

    public static void StorePopM32(CpuState* s, Operation* o) => StoreFloat32(s, o, pop: true);

    public static void StoreM64(CpuState* s, Operation* o) => StoreFloat64(s, o, pop: false);

    public static void StorePopM64(CpuState* s, Operation* o) => StoreFloat64(s, o, pop: true);

    public static void StoreI16(CpuState* s, Operation* o) => StoreInt16(s, o, Control(s), pop: false);

    public static void StorePopI16(CpuState* s, Operation* o) => StoreInt16(s, o, Control(s), pop: true);

    public static void StoreTruncatePopI16(CpuState* s, Operation* o) => StoreInt16(s, o, RoundingMode.TowardZero, pop: true);

    public static void StoreI32(CpuState* s, Operation* o) => StoreInt32(s, o, Control(s), pop: false);

    public static void StorePopI32(CpuState* s, Operation* o) => StoreInt32(s, o, Control(s), pop: true);

    public static void StoreTruncatePopI32(CpuState* s, Operation* o) => StoreInt32(s, o, RoundingMode.TowardZero, pop: true);

    public static void StorePopI64(CpuState* s, Operation* o) => StoreInt64(s, o, Control(s));

    public static void StoreTruncatePopI64(CpuState* s, Operation* o) => StoreInt64(s, o, RoundingMode.TowardZero);

    /// <summary>FSTP m80: stores any encoding as it is.</summary>
    public static void StorePopM80(CpuState* s, Operation* o)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty || IsInvalidMasked(s))
        {
            Float80 value = empty ? Float80.Indefinite : Get(s, 0);
            StoreTenBytes(s, address, value.Significand, value.SignExponent);
        }
        else
        {
            GuestAccess.EnsureWritable(s, address, 10);
        }

        Record(s, o, address);
        if (!empty || StackFault(s, overflow: false))
            Pop(s);
    }

    /// <summary>FBSTP.</summary>
    public static void StorePopBcd(CpuState* s, Operation* o)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        FloatContext c = Context(s);
        bool empty = IsEmpty(s, 0);
        ulong low = Float80.ToBcd(empty ? Float80.Indefinite : Get(s, 0), out ushort high, ref c);
        if ((c.Unmasked & StoreForbidding) == 0)
            StoreTenBytes(s, address, low, high);
        else
            GuestAccess.EnsureWritable(s, address, 10);
        EndStore(s, o, address, empty, ref c, pop: true);
    }

    public static void StoreRegister(CpuState* s, Operation* o) => StoreToRegister(s, o, pop: false);

    public static void StorePopRegister(CpuState* s, Operation* o) => StoreToRegister(s, o, pop: true);

    /// <summary>FSTPNCE (D9 D8+i, reserved): FSTP ST(i) that only pops when ST(0) is empty, without a stack fault.</summary>
    public static void StorePopRegisterQuiet(CpuState* s, Operation* o)
    {
        Begin(s, o);
        if (!IsEmpty(s, 0))
            Set(s, o->Op0, Get(s, 0));
        Pop(s);
    }

    private static RoundingMode Control(CpuState* s) => (RoundingMode)((s->X87Control >> 10) & 3);

    private static bool IsInvalidMasked(CpuState* s) => (s->X87Control & (int)FloatFlags.Invalid) != 0;

    private static void StoreFloat32(CpuState* s, Operation* o, bool pop)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty && IsRoutine(s))
        {
            int raised = Float80Routine.Narrow32(Get(s, 0), out uint narrow);
            if (raised != Float80Routine.NotRoutine)
            {
                GuestAccess.Store(s, address, narrow);
                EndRoutineStore(s, o, address, raised, pop);
                return;
            }
        }

        FloatContext c = Context(s);
        uint value = empty ? EmptyOperand(Float32.Indefinite, ref c) : Float80.ToFloat32(Get(s, 0), ref c);
        StoreUnlessForbidden(s, address, value, ref c);
        EndStore(s, o, address, empty, ref c, pop);
    }

    private static void StoreFloat64(CpuState* s, Operation* o, bool pop)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty && IsRoutine(s))
        {
            int raised = Float80Routine.Narrow64(Get(s, 0), out ulong narrow);
            if (raised != Float80Routine.NotRoutine)
            {
                GuestAccess.Store(s, address, narrow);
                EndRoutineStore(s, o, address, raised, pop);
                return;
            }
        }

        FloatContext c = Context(s);
        ulong value = empty ? EmptyOperand(Float64.Indefinite, ref c) : Float80.ToFloat64(Get(s, 0), ref c);
        StoreUnlessForbidden(s, address, value, ref c);
        EndStore(s, o, address, empty, ref c, pop);
    }

    private static void StoreInt16(CpuState* s, Operation* o, RoundingMode mode, bool pop)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty && TryToInteger(s, 16, mode, out long integer, out int raised))
        {
            GuestAccess.Store(s, address, (short)integer);
            EndRoutineStore(s, o, address, raised, pop);
            return;
        }

        FloatContext c = Context(s);
        // An empty register converts as the indefinite NaN does: integer indefinite and IE.
        short value = Float80.ToInt16(empty ? Float80.Indefinite : Get(s, 0), mode, ref c);
        StoreUnlessForbidden(s, address, value, ref c);
        EndStore(s, o, address, empty, ref c, pop);
    }

    private static void StoreInt32(CpuState* s, Operation* o, RoundingMode mode, bool pop)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty && TryToInteger(s, 32, mode, out long integer, out int raised))
        {
            GuestAccess.Store(s, address, (int)integer);
            EndRoutineStore(s, o, address, raised, pop);
            return;
        }

        FloatContext c = Context(s);
        int value = Float80.ToInt32(empty ? Float80.Indefinite : Get(s, 0), mode, ref c);
        StoreUnlessForbidden(s, address, value, ref c);
        EndStore(s, o, address, empty, ref c, pop);
    }

    private static void StoreInt64(CpuState* s, Operation* o, RoundingMode mode)
    {
        CheckPending(s);
        ulong address = Operand.Address(s, o);
        bool empty = IsEmpty(s, 0);
        if (!empty && TryToInteger(s, 64, mode, out long integer, out int raised))
        {
            GuestAccess.Store(s, address, integer);
            EndRoutineStore(s, o, address, raised, pop: true);
            return;
        }

        FloatContext c = Context(s);
        long value = Float80.ToInt64(empty ? Float80.Indefinite : Get(s, 0), mode, ref c);
        StoreUnlessForbidden(s, address, value, ref c);
        EndStore(s, o, address, empty, ref c, pop: true);
    }

    /// <summary>ST(0), an ordinary number, as an integer of some width, if all exceptions are masked and rounding is of the two common kinds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryToInteger(CpuState* s, int width, RoundingMode mode, out long value, out int raised)
    {
        value = 0;
        raised = Float80Routine.NotRoutine;
        if ((s->X87Control & FloatFlags.All) == FloatFlags.All && (mode is RoundingMode.NearestEven or RoundingMode.TowardZero))
            raised = Float80Routine.ToInteger(Get(s, 0), width, mode == RoundingMode.TowardZero, out value);
        return raised != Float80Routine.NotRoutine;
    }

    /// <summary>Records a store that raised no more than PE.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EndRoutineStore(CpuState* s, Operation* o, ulong address, int raised, bool pop)
    {
        Record(s, o, address);
        s->X87Status |= (ushort)raised;
        if (pop)
            Pop(s);
    }

    /// <summary>What an unmasked exception keeps out of memory still faults where the store would have (seen on Zen 4).</summary>
    private static void StoreUnlessForbidden<T>(CpuState* s, ulong address, T value, ref FloatContext c)
        where T : unmanaged
    {
        if ((c.Unmasked & StoreForbidding) == 0)
            GuestAccess.Store(s, address, value);
        else
            GuestAccess.EnsureWritable(s, address, sizeof(T));
    }

    private static T EmptyOperand<T>(T indefinite, ref FloatContext c)
    {
        c.Raise(FloatFlags.Invalid);
        return indefinite;
    }

    /// <summary>Stores ten bytes, or none if any of them faults.</summary>
    private static void StoreTenBytes(CpuState* s, ulong address, ulong low, ushort high)
    {
        if ((address & GuestPage.Mask) <= GuestPage.Size - 10)
        {
            // Within a page the first part meets every fault that there is.
            GuestAccess.Store(s, address, low);
            GuestAccess.Store(s, address + 8, high);
            return;
        }

        byte* image = stackalloc byte[10];
        *(ulong*)image = low;
        *(ushort*)(image + 8) = high;
        GuestAccess.Write(s, address, new ReadOnlySpan<byte>(image, 10));
    }

    private static void EndStore(CpuState* s, Operation* o, ulong address, bool empty, ref FloatContext c, bool pop)
    {
        Record(s, o, address);
        // What was not stored was not rounded either.
        if ((c.Unmasked & (FloatFlags.Overflow | FloatFlags.Underflow)) != 0)
            c.Flags &= ~FloatFlags.Precision;
        if (empty)
            StackFault(s, overflow: false);
        else
            Commit(s, ref c);
        if (pop && (c.Unmasked & StoreForbidding) == 0)
            Pop(s);
    }

    private static void StoreToRegister(CpuState* s, Operation* o, bool pop)
    {
        Begin(s, o);
        Float80 value = Get(s, 0);
        if (IsEmpty(s, 0))
        {
            if (!StackFault(s, overflow: false))
                return;
            value = Float80.Indefinite;
        }

        Set(s, o->Op0, value);
        if (pop)
            Pop(s);
    }
}
