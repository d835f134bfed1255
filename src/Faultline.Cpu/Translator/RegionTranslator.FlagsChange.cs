using System.Numerics;
using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

// Changes of some flags on top of others, and CF, which they leave apart.
internal sealed unsafe partial class RegionTranslator
{
    private LocalBuilder? _changeX, _changeY, _changeResult, _changeBit;

    /// <summary>Notes that CF, or CF and OF, follow from something else now.</summary>
    private void ChangeCarry(CarryChange carry)
    {
        FlagsChange change = _at.Flags.Change ?? new FlagsChange();
        SetFlags(_at.Flags with { Change = carry.HasOverflow ? change with { Overflow = carry, Carry = null } : change with { Carry = carry } });
    }

    /// <summary>Before a local is overwritten that a change follows from.</summary>
    private FlagsChange KeepChangeSource(FlagsChange change, LocalBuilder local)
    {
        // A count's CF is the only CF without OF that follows from a register.
        if (change.Carry is { } carry && carry.X.Local == local)
            change = change with { Carry = carry with { X = FlagsSource.Of(Copy(local, ref _changeBit)) } };
        if (change.Overflow is { } overflow)
        {
            if (overflow.X.Local == local)
                overflow = overflow with { X = FlagsSource.Of(Copy(local, ref _changeX)) };
            if (overflow.Y.Local == local)
                overflow = overflow with { Y = FlagsSource.Of(Copy(local, ref _changeY)) };
            change = change with { Overflow = overflow };
        }
        if (change.Counted is { } counted && counted.Local == local)
            change = change with { Counted = FlagsSource.Of(Copy(local, ref _changeResult)) };
        return change;
    }

    /// <summary>Pushes the kind that goes with what the join locals hold: the one given, or the one that is there already, with the bits of what changed.</summary>
    private void PushKind(FlagsState flags, PendingFlags kind)
    {
        FlagsChange? change = flags.Change;
        PendingFlags replaced = PendingFlags.None;
        if (change?.LastCarry is not null)
        {
            replaced |= PendingFlags.HasCarry | PendingFlags.Carry;
            kind |= PendingFlags.HasCarry;
        }
        if (change?.Overflow is not null)
        {
            replaced |= PendingFlags.HasOverflow | PendingFlags.Overflow;
            kind |= PendingFlags.HasOverflow;
        }
        if (change?.HasOthers == true)
        {
            replaced |= PendingFlags.HasOthers | PendingFlags.Zero | PendingFlags.Adjust;
            kind |= PendingFlags.HasOthers | (change.Divided ? PendingFlags.Adjust : 0);
        }
        if (flags.Form == FlagsForm.Join && !flags.InMemory)
        {
            _il.Load(_joinKind);
            _il.Int32((int)~replaced);
            _il.Op(OpCodes.And);
            _il.Int32((int)kind);
            _il.Op(OpCodes.Or);
        }
        else
        {
            _il.Int32((int)kind);
        }
        if (flags.Form is FlagsForm.Adc or FlagsForm.Sbb && !flags.InMemory)
        {
            // R - A - B, or A - B - R.
            PushSource((flags.Form == FlagsForm.Adc ? flags.R : flags.A)!.Value, flags.Width, signed: false);
            PushSource((flags.Form == FlagsForm.Adc ? flags.A : flags.B)!.Value, flags.Width, signed: false);
            _il.Op(OpCodes.Sub);
            PushSource((flags.Form == FlagsForm.Adc ? flags.B : flags.R)!.Value, flags.Width, signed: false);
            _il.Op(OpCodes.Sub);
            _il.Op(OpCodes.Conv_I4);
            _il.Int32(1);
            _il.Op(OpCodes.And);
            AddBit(PendingFlags.CarryIn);
        }
        if (change?.LastCarry is { } carry)
        {
            PushCarryOf(carry);
            AddBit(PendingFlags.Carry);
        }
        if (change?.Overflow is { } overflow)
        {
            PushOverflowOf(overflow);
            AddBit(PendingFlags.Overflow);
        }
        if (change?.Counted is { } counted)
        {
            PushSource(counted, 8, signed: false);
            _il.Int64(0);
            _il.Op(OpCodes.Ceq);
            AddBit(PendingFlags.Zero);
        }

        void AddBit(PendingFlags bit)
        {
            _il.Int32(BitOperations.Log2((uint)bit));
            _il.Op(OpCodes.Shl);
            _il.Op(OpCodes.Or);
        }
    }

    /// <summary>Whether <see cref="PushCarry"/> knows what CF follows from.</summary>
    private static bool IsCarryKnown(FlagsState flags) => flags.Change?.LastCarry is not null || flags.Form switch
    {
        FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic or FlagsForm.Adc or FlagsForm.Sbb or FlagsForm.Shl or FlagsForm.Shr or FlagsForm.Sar => true,
        FlagsForm.Scan or FlagsForm.Population => true,
        FlagsForm.Inc or FlagsForm.Dec => flags.Carry is not null,
        _ => false,
    };

    /// <summary>Pushes CF as 0 or 1.</summary>
    private void PushCarry(FlagsState flags)
    {
        if (flags.Change?.LastCarry is { } carry)
        {
            PushCarryOf(carry);
            return;
        }
        int bits = flags.Width * 8;
        switch (flags.Form)
        {
            case FlagsForm.Inc:
            case FlagsForm.Dec:
                PushSource(flags.Carry!.Value, 4, signed: false);
                break;
            case FlagsForm.Sub:
                PushA(flags, signed: false);
                PushB(flags, signed: false);
                _il.Op(OpCodes.Clt_Un);
                break;
            case FlagsForm.Add:
                PushR(flags);
                PushConversion(flags.Width, signed: false);
                PushB(flags, signed: false);
                _il.Op(OpCodes.Clt_Un);
                break;
            case FlagsForm.Adc:
                // The carries out of every bit: (A & B) | ((A | B) & ~R).
                PushA(flags, signed: false);
                PushB(flags, signed: false);
                _il.Op(OpCodes.And);
                PushA(flags, signed: false);
                PushB(flags, signed: false);
                _il.Op(OpCodes.Or);
                PushSource(flags.R!.Value, flags.Width, signed: false);
                _il.Op(OpCodes.Not);
                _il.Op(OpCodes.And);
                _il.Op(OpCodes.Or);
                PushBit(flags.Width, bits - 1);
                break;
            case FlagsForm.Sbb:
                // The borrows: (~A & B) | (~(A ^ B) & R).
                PushA(flags, signed: false);
                _il.Op(OpCodes.Not);
                PushB(flags, signed: false);
                _il.Op(OpCodes.And);
                PushA(flags, signed: false);
                PushB(flags, signed: false);
                _il.Op(OpCodes.Xor);
                _il.Op(OpCodes.Not);
                PushSource(flags.R!.Value, flags.Width, signed: false);
                _il.Op(OpCodes.And);
                _il.Op(OpCodes.Or);
                PushBit(flags.Width, bits - 1);
                break;
            case FlagsForm.Shl:
                PushSource(flags.A!.Value, flags.Width, signed: false);
                PushBit(flags.Width, bits - (int)flags.B!.Value.Constant);
                break;
            case FlagsForm.Shr:
            case FlagsForm.Sar:
                PushSource(flags.A!.Value, flags.Width, signed: false);
                PushBit(flags.Width, (int)flags.B!.Value.Constant - 1);
                break;
            default:
                _il.Int32(0);
                break;
        }
    }

    /// <summary>Replaces the integer on the stack by one of its bits, as an int32.</summary>
    private void PushBit(int width, int bit)
    {
        if (bit != 0)
        {
            _il.Int32(bit);
            _il.Op(OpCodes.Shr_Un);
        }
        if (width == 8)
            _il.Op(OpCodes.Conv_I4);
        _il.Int32(1);
        _il.Op(OpCodes.And);
    }

    /// <summary>Pushes CF, 0 or 1.</summary>
    private void PushCarryOf(CarryChange change)
    {
        switch (change.Form)
        {
            case CarryForm.Bit:
                PushSource(change.X, 4, signed: false);
                break;
            case CarryForm.IfZero:
                PushSource(change.X, change.Width, signed: false);
                PushConstant(0, change.Width, signed: false);
                _il.Op(OpCodes.Ceq);
                break;
            case CarryForm.IfNotZero:
            case CarryForm.UpperHalf:
                PushSource(change.X, change.Width, signed: false);
                PushConstant(0, change.Width, signed: false);
                _il.Op(OpCodes.Cgt_Un);
                break;
            case CarryForm.SignedHalves:
                PushSource(change.Y, change.Width, signed: true);
                PushSource(change.X, change.Width, signed: true);
                _il.Int32(change.Width * 8 - 1);
                _il.Op(OpCodes.Shr);
                _il.Op(OpCodes.Ceq);
                _il.Int32(0);
                _il.Op(OpCodes.Ceq);
                break;
            case CarryForm.Factors:
                PushSource(change.X, change.Width, signed: true);
                PushSource(change.Y, change.Width, signed: true);
                _il.Call(IntegerGlue.Method(change.Width switch { 2 => nameof(IntegerGlue.Overflows16), 4 => nameof(IntegerGlue.Overflows32), _ => nameof(IntegerGlue.Overflows64) }));
                break;
            case CarryForm.RotatedLeft:
                PushSource(change.X, change.Width, signed: false);
                PushBit(change.Width, 0);
                break;
            default:
                PushSource(change.X, change.Width, signed: false);
                PushBit(change.Width, change.Width * 8 - 1);
                break;
        }
    }

    /// <summary>Pushes OF, 0 or 1, of a change that has it.</summary>
    private void PushOverflowOf(CarryChange change)
    {
        if (change.Form is not (CarryForm.RotatedLeft or CarryForm.RotatedRight))
        {
            PushCarryOf(change);
            return;
        }
        // After a rotation OF is CF XOR the top bit, or the XOR of the top two.
        int top = change.Width * 8 - 1;
        PushSource(change.X, change.Width, signed: false);
        PushBit(change.Width, top);
        PushSource(change.X, change.Width, signed: false);
        PushBit(change.Width, change.Form == CarryForm.RotatedLeft ? 0 : top - 1);
        _il.Op(OpCodes.Xor);
    }
}
