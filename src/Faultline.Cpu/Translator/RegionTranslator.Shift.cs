using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Shifts and rotates.
internal sealed unsafe partial class RegionTranslator
{
    private void EmitShift(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        int count = InstructionFacts.ShiftCount(_instruction);
        bool plain = InstructionFacts.IsPlainShift(mnemonic);
        bool byCl = _instruction.Decoded.Op1Kind == OpKind.Register;
        LocalBuilder? host = HasMemory0 ? PushHostOfMemory0(width) : null;
        bool needed = (_instruction.NeededAfter & (_instruction.Kills | _instruction.Reads)) != 0;
        if (plain && count != 0 && count < width * 8)
        {
            bool keep = FlagsNeeded;
            if (keep)
            {
                PushShifted();
                Widen(width);
                _flagsA2 ??= _il.Local(typeof(ulong));
                _flagsA ??= _il.Local(typeof(ulong));
                LocalBuilder a = ReferenceEquals(_at.Flags.A?.Local, _flagsA) ? _flagsA2 : _flagsA;
                _il.Store(a);
                PushShifted();
                EmitShiftBy(mnemonic, width, () => _il.Int32(count));
                FlagsSource r = PopResult(host, width);
                SetFlags(new FlagsState(FormOfShift(mnemonic), width) { A = FlagsSource.Of(a), B = FlagsSource.Of((ulong)count), R = r });
                return;
            }
            PushShifted();
            EmitShiftBy(mnemonic, width, () => _il.Int32(count));
            if (host is not null)
                StoreTo(host, width);
            else
                PopKilling(op.Op0, width);
            SetFlags(FlagsState.Dead);
            return;
        }
        if (mnemonic is Mnemonic.Rol or Mnemonic.Ror && width >= 4 && (byCl ? !needed : count != 0))
        {
            PushShifted();
            if (byCl)
                PushMaskedCl();
            else
                _il.Int32(count);
            _il.Call(RotateMethod(mnemonic, width));
            DropCarryOverflow();
            FlagsSource rotated = PopRotated(host, width);
            SetCarryOverflow(new CarryChange(mnemonic == Mnemonic.Rol ? CarryForm.RotatedLeft : CarryForm.RotatedRight, width, rotated));
            return;
        }
        if (plain && byCl && width >= 4 && !needed)
        {
            PushShifted();
            EmitShiftBy(mnemonic, width, PushMaskedCl);
            if (host is not null)
                StoreTo(host, width);
            else
                PopGpr(op.Op0, width);
            return;
        }
        if (plain && byCl && width >= 4)
        {
            // A count of 0 leaves the flags: whoever wants to see them finds out.
            if (_at.Flags.Form == FlagsForm.ByCount || _at.Flags.Held is not null)
                JoinFlags();
            _shifted ??= _il.Local(typeof(ulong));
            _shiftCount ??= _il.Local(typeof(int));
            PushShifted();
            Widen(width);
            _il.Store(_shifted);
            PushMaskedCl();
            _il.Store(_shiftCount);
            FlagsState shift = new(FormOfShift(mnemonic), width) { A = FlagsSource.Of(_shifted), B = FlagsSource.Of(_shiftCount) };
            SetFlags(new FlagsState(FlagsForm.ByCount, width) { Shift = shift, Old = _at.Flags });
            PushSource(FlagsSource.Of(_shifted), width, signed: false);
            EmitShiftBy(mnemonic, width, () => _il.Load(_shiftCount));
            if (host is not null)
                StoreTo(host, width);
            else
                PopGpr(op.Op0, width);
            return;
        }
        Type type = IntegerType(width);
        BeforeBody();
        _il.State();
        PushShifted();
        if (byCl)
            PushGpr(1 * 8, 1);
        else
            _il.Int32((byte)op.Immediate);
        CallBody(form.Body, type, typeof(CpuState*), type, typeof(byte));
        if (host is not null)
        {
            StoreTo(host, width);
            AfterBody();
        }
        else
        {
            PopAfterBody(op.Op0, width);
        }

        void PushShifted()
        {
            if (host is not null)
            {
                _il.Load(host);
                LoadInteger(width);
            }
            else
            {
                PushGpr(_instruction.Op.Op0, width);
            }
        }

        void PushMaskedCl()
        {
            PushGpr(1 * 8, 1);
            _il.Int32(width == 8 ? 63 : 31);
            _il.Op(OpCodes.And);
        }
    }

    private LocalBuilder? _flagsA2, _shifted, _shiftCount;

    /// <summary>Pops what a rotation made into operand 0 and returns where it stays.</summary>
    private FlagsSource PopRotated(LocalBuilder? host, int width)
    {
        if (host is null)
        {
            PopGpr(_instruction.Op.Op0, width);
            return FlagsSource.Of(Gpr(_instruction.Op.Op0));
        }
        Widen(width);
        _changeX ??= _il.Local(typeof(ulong));
        _il.Store(_changeX);
        _il.Load(_changeX);
        PushConversion(width, signed: false);
        StoreTo(host, width);
        return FlagsSource.Of(_changeX);
    }

    private static FlagsForm FormOfShift(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Shr => FlagsForm.Shr,
        Mnemonic.Sar => FlagsForm.Sar,
        _ => FlagsForm.Shl,
    };

    /// <summary>Shifts the zero-extended value on the stack.</summary>
    private void EmitShiftBy(Mnemonic mnemonic, int width, Action pushCount)
    {
        if (mnemonic == Mnemonic.Sar && width < 4)
            PushConversion(width, signed: true);
        pushCount();
        _il.Op(mnemonic switch
        {
            Mnemonic.Shr => OpCodes.Shr_Un,
            Mnemonic.Sar => OpCodes.Shr,
            _ => OpCodes.Shl,
        });
    }

    private static System.Reflection.MethodInfo RotateMethod(Mnemonic mnemonic, int width) => typeof(System.Numerics.BitOperations).GetMethod(
        mnemonic == Mnemonic.Rol ? nameof(System.Numerics.BitOperations.RotateLeft) : nameof(System.Numerics.BitOperations.RotateRight),
        [width == 8 ? typeof(ulong) : typeof(uint), typeof(int)])!;

    private void EmitDoubleShift(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Type type = IntegerType(width);
        LocalBuilder? host = HasMemory0 ? PushHostOfMemory0(width) : null;
        int count = InstructionFacts.DoubleShiftCount(_instruction);
        if (count != 0 && width >= 4 && _instruction.NeededAfter == FlagSet.None)
        {
            bool left = _instruction.Decoded.Mnemonic == Mnemonic.Shld;
            PushShifted();
            _il.Int32(count);
            _il.Op(left ? OpCodes.Shl : OpCodes.Shr_Un);
            PushGpr(op.Op1, width);
            _il.Int32(width * 8 - count);
            _il.Op(left ? OpCodes.Shr_Un : OpCodes.Shl);
            _il.Op(OpCodes.Or);
            SetFlags(FlagsState.Dead);
            if (host is not null)
                StoreTo(host, width);
            else
                PopGpr(op.Op0, width);
            return;
        }
        BeforeBody();
        _il.State();
        PushShifted();
        PushGpr(op.Op1, width);
        if (_instruction.Decoded.Op2Kind == OpKind.Register)
            PushGpr(1 * 8, 1);
        else
            _il.Int32((byte)op.Immediate);
        CallBody(form.Body, type, typeof(CpuState*), type, type, typeof(byte));
        if (host is not null)
        {
            StoreTo(host, width);
            AfterBody();
        }
        else
        {
            PopAfterBody(op.Op0, width);
        }

        void PushShifted()
        {
            if (host is not null)
            {
                _il.Load(host);
                LoadInteger(width);
            }
            else
            {
                PushGpr(_instruction.Op.Op0, width);
            }
        }
    }
}
