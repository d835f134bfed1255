using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

// Status flags: remembered as what they follow from, computed where they are read, stored where someone outside may look.
internal sealed unsafe partial class RegionTranslator
{
    private LocalBuilder? _flagsA, _flagsB, _flagsR, _flagsCarry;

    /// <summary>Whether flags that the current instruction sets will be seen.</summary>
    private bool FlagsNeeded => (_instruction.NeededAfter & _instruction.Kills) != 0;

    private void SetFlags(FlagsState flags) => _at = _at with { Flags = flags };

    /// <summary>Before a local is overwritten: if the flags follow from its value, a copy is kept.</summary>
    private void KeepFlagsSource(LocalBuilder local)
    {
        FlagsState flags = _at.Flags;
        if (flags.InMemory && flags.Form == FlagsForm.Memory && flags.Change is null)
            return;
        if (_instruction.NeededAfter == FlagSet.None)
            return;
        // The value to be stored in the local is on the stack already; copying under it is harmless.
        if (flags.Held is not null && !flags.InMemory && (_instruction.NeededAfter & ~_instruction.Kills) != FlagSet.None)
            KeepHeldFlags(local);
        SetFlags(KeepSource(_at.Flags, local));
    }

    private FlagsState KeepSource(FlagsState flags, LocalBuilder local)
    {
        if (flags.A is { } a && a.Local == local)
            flags = flags with { A = FlagsSource.Of(Copy(local, ref _flagsA)) };
        if (flags.B is { } b && b.Local == local)
            flags = flags with { B = FlagsSource.Of(Copy(local, ref _flagsB)) };
        if (flags.R is { } r && r.Local == local)
            flags = flags with { R = FlagsSource.Of(Copy(local, ref _flagsR)) };
        if (flags.Change is { } change)
            flags = flags with { Change = KeepChangeSource(change, local) };
        if (flags.Old is { } old)
            flags = flags with { Old = KeepSource(old, local) };
        return flags;
    }

    private LocalBuilder Copy(LocalBuilder from, ref LocalBuilder? to)
    {
        to ??= _il.Local(typeof(ulong));
        _il.Load(from);
        _il.Store(to);
        return to;
    }

    /// <summary>Puts the flags into the CpuState, where they are not yet, and knows them to be there from now on.</summary>
    private void SpillFlags()
    {
        SpillFlags(_at.Flags);
        if (_at.Flags.Change is not null)
            SetFlags(FlagsState.Memory);
        else if (_at.Flags.Form != FlagsForm.Dead)
            SetFlags(_at.Flags with { InMemory = true });
    }

    private void SpillFlags(FlagsState flags)
    {
        if ((flags.InMemory || flags.Form == FlagsForm.Dead) && flags.Change is null)
            return;
        MoveToJoin(flags);
        SpillJoin();
    }

    /// <summary>Stores the flags that the join locals hold.</summary>
    private void SpillJoin() => CallWithJoin(nameof(FlagsSpill.Store));

    /// <summary>Calls a method of <see cref="FlagsSpill"/> for the flags that the join locals hold.</summary>
    private void CallWithJoin(string method)
    {
        _il.State();
        _il.Load(_joinKind);
        _il.Load(_joinA);
        _il.Load(_joinB);
        _il.Call(FlagsMethod(method));
    }

    /// <summary>Puts the flags where joins and exits have them, and knows them to be there from now on.</summary>
    private void JoinFlags()
    {
        if (_at.Flags.Form == FlagsForm.Dead && _at.Flags.Change is null)
            return;
        MoveToJoin(_at.Flags);
        SetFlags(FlagsState.Join);
    }

    /// <summary>Puts flags where joins and exits have them: some moves between locals, and no call, because of which the JIT would keep registers in memory.</summary>
    private void MoveToJoin(FlagsState flags)
    {
        bool isJoin = flags.Form == FlagsForm.Join && !flags.InMemory;
        if (isJoin && flags.Held is { } held)
            TakeHeldFlags(held);
        if (isJoin && flags.Change is null)
            return;
        if (flags.Form == FlagsForm.ByCount && !flags.InMemory)
        {
            Label unchanged = _il.Label();
            MoveToJoin(flags.Old!);
            PushSource(flags.Shift!.B!.Value, 4, signed: false);
            _il.Branch(OpCodes.Brfalse, unchanged);
            MoveToJoin(flags.Shift);
            _il.Mark(unchanged);
            MoveToJoin(FlagsState.Join with { Change = flags.Change });
            return;
        }
        int size = SizeBits(flags.Width);
        PendingFlags kind = PendingFlags.None;
        if (!flags.InMemory && flags.Form is not (FlagsForm.Dead or FlagsForm.Memory or FlagsForm.Join))
        {
            switch (flags.Form)
            {
                case FlagsForm.Add:
                case FlagsForm.Sub:
                    kind = flags.Form == FlagsForm.Add ? PendingFlags.Add : PendingFlags.Sub;
                    PushA(flags, signed: false);
                    Widen(flags.Width);
                    PushB(flags, signed: false);
                    Widen(flags.Width);
                    _il.Store(_joinB);
                    _il.Store(_joinA);
                    break;
                case FlagsForm.Logic:
                    kind = PendingFlags.Logic;
                    PushR(flags);
                    _il.Op(OpCodes.Conv_I8);
                    _il.Store(_joinA);
                    break;
                case FlagsForm.Inc:
                case FlagsForm.Dec:
                    kind = (flags.Form, flags is { Carry: null, Old: null }) switch
                    {
                        (FlagsForm.Inc, true) => PendingFlags.Inc,
                        (FlagsForm.Inc, _) => PendingFlags.IncWithCarry,
                        (_, true) => PendingFlags.Dec,
                        _ => PendingFlags.DecWithCarry,
                    };
                    if (flags.Old is not null)
                        TakeJoinedCarry();
                    PushR(flags);
                    _il.Op(OpCodes.Conv_I8);
                    if (flags.Carry is { } carry)
                    {
                        PushSource(carry, 4, signed: false);
                        Widen(4);
                        _il.Store(_joinB);
                    }
                    _il.Store(_joinA);
                    break;
                case FlagsForm.Compare:
                    kind = PendingFlags.Compare;
                    _il.Load(_compareA!);
                    _il.Call(typeof(FloatGlue).GetMethod(nameof(FloatGlue.Bits))!);
                    _il.Store(_joinA);
                    _il.Load(_compareB!);
                    _il.Call(typeof(FloatGlue).GetMethod(nameof(FloatGlue.Bits))!);
                    _il.Store(_joinB);
                    break;
                case FlagsForm.Adc:
                case FlagsForm.Sbb:
                    kind = flags.Form == FlagsForm.Adc ? PendingFlags.Adc : PendingFlags.Sbb;
                    PushA(flags, signed: false);
                    Widen(flags.Width);
                    _il.Store(_joinA);
                    PushB(flags, signed: false);
                    Widen(flags.Width);
                    _il.Store(_joinB);
                    break;
                case FlagsForm.Scan:
                    kind = PendingFlags.Scan;
                    PushA(flags, signed: false);
                    Widen(flags.Width);
                    _il.Store(_joinA);
                    PushSource(flags.R!.Value, 8, signed: false);
                    _il.Store(_joinB);
                    break;
                case FlagsForm.Population:
                    kind = PendingFlags.Population;
                    PushSource(flags.R!.Value, 8, signed: false);
                    _il.Store(_joinA);
                    break;
                default:
                    kind = flags.Form switch { FlagsForm.Shl => PendingFlags.Shl, FlagsForm.Shr => PendingFlags.Shr, _ => PendingFlags.Sar };
                    PushSource(flags.A!.Value, flags.Width, signed: false);
                    Widen(flags.Width);
                    _il.Store(_joinA);
                    PushSource(flags.B!.Value, 8, signed: false);
                    _il.Store(_joinB);
                    break;
            }
        }
        PushKind(flags, kind == PendingFlags.None ? PendingFlags.None : kind + (uint)size);
        _il.Store(_joinKind);
    }

    /// <summary>Leaves CF where joins have it, for INC and DEC: to find out what it is takes a call, and mostly nobody asks before it changes.</summary>
    /// <returns>False where it has to be kept in another way.</returns>
    private bool TryLeaveCarry()
    {
        FlagsState flags = _at.Flags;
        if (flags.InMemory || flags.Change is not null)
            return false;
        if (flags.Form != FlagsForm.Join)
            return flags is { Form: FlagsForm.Inc or FlagsForm.Dec, Old: not null };
        if (flags.Held is { } held)
            TakeHeldFlags(held);
        return true;
    }

    /// <summary>Puts CF of the flags that joins have in the place of their second value.</summary>
    private void TakeJoinedCarry()
    {
        CallWithJoin(nameof(FlagsSpill.Carry));
        _il.Store(_joinB);
    }

    /// <summary>CF as a source that outlives the next instruction, for INC and DEC; null when the CpuState has it.</summary>
    private FlagsSource? KeepCarry()
    {
        FlagsState flags = _at.Flags;
        if ((_instruction.NeededAfter & FlagSet.Carry) == 0)
            return null;
        if (flags.Change is null)
        {
            if (flags.InMemory)
                return null;
            if (flags is { Form: FlagsForm.Inc or FlagsForm.Dec, Old: null })
                return flags.Carry;
            if (flags.Form == FlagsForm.Logic)
                return FlagsSource.Of(0);
        }
        if (!IsCarryKnown(flags))
        {
            SpillFlags();
            return null;
        }
        PushCarry(flags);
        return StoreCarry();
    }

    /// <summary>Pops CF, 0 or 1, into the local that keeps it.</summary>
    private FlagsSource StoreCarry()
    {
        _flagsCarry ??= _il.Local(typeof(int));
        _il.Store(_flagsCarry);
        return FlagsSource.Of(_flagsCarry);
    }

    /// <summary>Pushes the first operand, cut to the width.</summary>
    private void PushA(FlagsState flags, bool signed)
    {
        if (flags.A is { } a)
        {
            PushSource(a, flags.Width, signed);
            return;
        }
        PushSource(flags.R!.Value, flags.Width, signed);
        PushSource(flags.B!.Value, flags.Width, signed);
        _il.Op(flags.Form == FlagsForm.Add ? OpCodes.Sub : OpCodes.Add);
        PushConversion(flags.Width, signed);
    }

    /// <summary>Pushes the second operand, cut to the width.</summary>
    private void PushB(FlagsState flags, bool signed)
    {
        if (flags.B is { } b)
        {
            PushSource(b, flags.Width, signed);
            return;
        }
        if (flags.Form == FlagsForm.Add)
        {
            PushSource(flags.R!.Value, flags.Width, signed);
            PushSource(flags.A!.Value, flags.Width, signed);
        }
        else
        {
            PushSource(flags.A!.Value, flags.Width, signed);
            PushSource(flags.R!.Value, flags.Width, signed);
        }
        _il.Op(OpCodes.Sub);
        PushConversion(flags.Width, signed);
    }

    /// <summary>Pushes the result, sign-extended from the width: an int32 up to 4 bytes.</summary>
    private void PushR(FlagsState flags)
    {
        if (flags.R is { } r)
        {
            PushSource(r, flags.Width, signed: true);
            return;
        }
        PushSource(flags.A!.Value, flags.Width, signed: true);
        PushSource(flags.B!.Value, flags.Width, signed: true);
        _il.Op(flags.Form == FlagsForm.Add ? OpCodes.Add : OpCodes.Sub);
        PushConversion(flags.Width, signed: true);
    }

    private void PushSource(FlagsSource source, int width, bool signed)
    {
        if (source.Local is { } local)
        {
            _il.Load(local);
            PushConversion(width, signed);
        }
        else
        {
            PushConstant(source.Constant, width, signed);
        }
    }

    private void PushConstant(ulong value, int width, bool signed)
    {
        if (width == 8)
            _il.Int64(value);
        else
            _il.Int32((width, signed) switch
            {
                (1, false) => (byte)value,
                (1, true) => (sbyte)value,
                (2, false) => (ushort)value,
                (2, true) => (short)value,
                _ => (int)value,
            });
    }

    /// <summary>A width as kinds of flags have it in their low bits.</summary>
    private static int SizeBits(int width) => width switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };

    /// <summary>Zero-extends the unsigned value of a width on the stack to an int64.</summary>
    private void Widen(int width)
    {
        if (width != 8)
            _il.Op(OpCodes.Conv_U8);
    }

    private static Type IntegerType(int width) => width switch
    {
        1 => typeof(byte),
        2 => typeof(ushort),
        4 => typeof(uint),
        _ => typeof(ulong),
    };

    private static System.Reflection.MethodInfo FlagsMethod(string name) => typeof(FlagsSpill).GetMethod(name) ?? throw new MissingMethodException(nameof(FlagsSpill), name);
}
