using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Addition, logic, comparison and their relatives: operations of CIL where the flags are known in a form of their own, calls of the body otherwise.
internal sealed unsafe partial class RegionTranslator
{
    private void EmitRmw(InstructionForm form)
    {
        int width = form.Width;
        if (_instruction.Decoded.Mnemonic is Mnemonic.Adc or Mnemonic.Sbb)
        {
            EmitWithCarry(_instruction.Decoded.Mnemonic == Mnemonic.Adc, width);
            return;
        }
        Arithmetic arithmetic = ArithmeticOf(_instruction.Decoded.Mnemonic);
        if (arithmetic == Arithmetic.None)
        {
            EmitRmwCall(form);
            return;
        }
        ref Operation op = ref _instruction.Op;
        bool sameRegister = _instruction.Decoded.Op1Kind == OpKind.Register && !HasMemory0 && op.Op0 >> 3 == op.Op1 >> 3;
        if (sameRegister && op.Op0 == op.Op1 && arithmetic is Arithmetic.Xor or Arithmetic.Sub)
        {
            // The idiom for zero.
            PushConstant(0, width, signed: false);
            PopKilling(op.Op0, width);
            SetResultFlags(new FlagsState(FlagsForm.Logic, width) { R = FlagsSource.Of(0) }, arithmetic == Arithmetic.Sub);
            return;
        }

        bool needsOperand = FlagsNeeded && arithmetic is Arithmetic.Add or Arithmetic.Sub;
        LocalBuilder? host = null;
        if (HasMemory0)
            host = PushHostOfMemory0(width);
        FlagsSource b = needsOperand ? KeepOperand1(width, sameRegister) : default;
        LocalBuilder? loaded = null;
        if (!needsOperand && (op.Flags & OperationFlags.Memory1) != 0)
        {
            // Nothing may be on the stack where control can leave.
            loaded = RentInteger(width);
            PushMemory(width);
            _il.Store(loaded);
        }
        if (host is not null)
        {
            _il.Load(host);
            LoadInteger(width);
        }
        else
        {
            PushGpr(op.Op0, width);
        }
        if (needsOperand)
            PushSource(b, width, signed: false);
        else if (loaded is not null)
            _il.Load(loaded);
        else
            PushOperand1(width);
        _il.Op(arithmetic switch
        {
            Arithmetic.Add => OpCodes.Add,
            Arithmetic.Sub => OpCodes.Sub,
            Arithmetic.And => OpCodes.And,
            Arithmetic.Or => OpCodes.Or,
            _ => OpCodes.Xor,
        });
        if (loaded is not null)
            _il.Release(loaded);
        FlagsSource r = PopResult(host, width);
        FlagsForm flags = arithmetic switch { Arithmetic.Add => FlagsForm.Add, Arithmetic.Sub => FlagsForm.Sub, _ => FlagsForm.Logic };
        SetResultFlags(new FlagsState(flags, width) { B = needsOperand ? b : null, R = r }, false);
    }

    /// <summary>ADC and SBB.</summary>
    private void EmitWithCarry(bool add, int width)
    {
        ref Operation op = ref _instruction.Op;
        bool needed = FlagsNeeded;
        LocalBuilder? host = HasMemory0 ? PushHostOfMemory0(width) : null;
        bool sameRegister = _instruction.Decoded.Op1Kind == OpKind.Register && !HasMemory0 && op.Op0 >> 3 == op.Op1 >> 3;
        FlagsSource b = KeepOperand1(width, sameRegister);
        LocalBuilder a = RentInteger(width), carry = _il.Rent(typeof(int));
        if (!IsCarryKnown(_at.Flags))
        {
            SpillFlags();
            _il.State();
            _il.Call(typeof(Flags).GetMethod(nameof(Flags.Carry))!);
        }
        else
        {
            PushCarry(_at.Flags);
        }
        _il.Store(carry);
        if (host is not null)
        {
            _il.Load(host);
            LoadInteger(width);
        }
        else
        {
            PushGpr(op.Op0, width);
        }
        _il.Store(a);
        OpCode operation = add ? OpCodes.Add : OpCodes.Sub;
        _il.Load(a);
        PushSource(b, width, signed: false);
        _il.Op(operation);
        _il.Load(carry);
        if (width == 8)
            _il.Op(OpCodes.Conv_U8);
        _il.Op(operation);
        FlagsSource r = PopResult(host, width);
        if (needed)
        {
            _il.Load(a);
            Widen(width);
            _flagsA ??= _il.Local(typeof(ulong));
            _il.Store(_flagsA);
        }
        SetResultFlags(new FlagsState(add ? FlagsForm.Adc : FlagsForm.Sbb, width) { A = needed ? FlagsSource.Of(_flagsA!) : null, B = b, R = r }, false);
        _il.Release(a);
        _il.Release(carry);
    }

    private void EmitRmwCall(InstructionForm form)
    {
        int width = form.Width;
        Type type = IntegerType(width);
        ref Operation op = ref _instruction.Op;
        if (HasMemory0)
        {
            LocalBuilder host = PushHostOfMemory0(width);
            BeforeBody();
            _il.Load(host);
            _il.State();
            _il.Load(host);
            LoadInteger(width);
            PushOperand1(width);
            CallBody(form.Body, type, typeof(CpuState*), type, type);
            StoreInteger(width);
            AfterBody();
            _il.Release(host);
            return;
        }
        LocalBuilder b = RentInteger(width);
        PushOperand1(width);
        _il.Store(b);
        BeforeBody();
        _il.State();
        PushGpr(op.Op0, width);
        _il.Load(b);
        CallBody(form.Body, type, typeof(CpuState*), type, type);
        PopAfterBody(op.Op0, width);
        _il.Release(b);
    }

    private void EmitRead(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        if (mnemonic is not (Mnemonic.Cmp or Mnemonic.Test))
        {
            Type type = IntegerType(width);
            LocalBuilder a = RentInteger(width);
            PushOperand0(width);
            _il.Store(a);
            BeforeBody();
            _il.State();
            _il.Load(a);
            PushOperand1(width);
            CallBody(form.Body, typeof(void), typeof(CpuState*), type, type);
            AfterBody();
            _il.Release(a);
            return;
        }
        if (!FlagsNeeded)
        {
            // The load may still fault.
            if ((op.Flags & AnyMemory) != 0)
            {
                PushMemory(width);
                _il.Op(OpCodes.Pop);
            }
            SetFlags(FlagsState.Dead);
            return;
        }
        if (mnemonic == Mnemonic.Test && !HasMemory0 && _instruction.Decoded.Op1Kind == OpKind.Register && op.Op0 == op.Op1 && !IsHighByte(op.Op0))
        {
            SetFlags(new FlagsState(FlagsForm.Logic, width) { R = FlagsSource.Of(Gpr(op.Op0)) });
            return;
        }
        if (mnemonic == Mnemonic.Test)
        {
            PushOperand0(width);
            PushOperand1(width);
            _il.Op(OpCodes.And);
            Widen(width);
            _flagsR ??= _il.Local(typeof(ulong));
            _il.Store(_flagsR);
            SetFlags(new FlagsState(FlagsForm.Logic, width) { R = FlagsSource.Of(_flagsR) });
            return;
        }
        FlagsSource b = default;
        if (_instruction.Decoded.Op1Kind != OpKind.Memory)
            b = KeepOperand1(width, mustCopy: false);
        FlagsSource first;
        if (!HasMemory0 && !IsHighByte(op.Op0))
        {
            first = FlagsSource.Of(Gpr(op.Op0));
        }
        else
        {
            PushOperand0(width);
            Widen(width);
            _flagsA ??= _il.Local(typeof(ulong));
            _il.Store(_flagsA);
            first = FlagsSource.Of(_flagsA);
        }
        if (_instruction.Decoded.Op1Kind == OpKind.Memory)
            b = KeepOperand1(width, mustCopy: false);
        SetFlags(new FlagsState(FlagsForm.Sub, width) { A = first, B = b });
    }

    private void EmitModify(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        LocalBuilder? host = HasMemory0 ? PushHostOfMemory0(width) : null;
        switch (mnemonic)
        {
            case Mnemonic.Inc:
            case Mnemonic.Dec:
                bool carryNeeded = (_instruction.NeededAfter & FlagSet.Carry) != 0;
                FlagsState? joined = carryNeeded && TryLeaveCarry() ? FlagsState.Join : null;
                FlagsSource? carry = joined is null ? KeepCarry() : null;
                bool stays = carryNeeded && carry is null && joined is null;
                PushValue();
                PushConstant(1, width, signed: false);
                _il.Op(mnemonic == Mnemonic.Inc ? OpCodes.Add : OpCodes.Sub);
                if (!stays)
                    SetFlags(FlagsState.Dead);
                FlagsSource r = PopResult(host, width);
                if (FlagsNeeded || carryNeeded)
                    SetFlags(new FlagsState(mnemonic == Mnemonic.Inc ? FlagsForm.Inc : FlagsForm.Dec, width) { R = r, Carry = carryNeeded ? carry : FlagsSource.Of(0), Old = joined });
                else
                    SetFlags(FlagsState.Dead);
                return;
            case Mnemonic.Neg:
                PushConstant(0, width, signed: false);
                PushValue();
                _il.Op(OpCodes.Sub);
                r = PopResult(host, width);
                SetResultFlags(new FlagsState(FlagsForm.Sub, width) { A = FlagsSource.Of(0), R = r }, false);
                return;
            case Mnemonic.Not:
                PushValue();
                _il.Op(OpCodes.Not);
                if (host is not null)
                    StoreTo(host, width);
                else
                    PopGpr(op.Op0, width);
                return;
        }
        Type type = IntegerType(width);
        BeforeBody();
        _il.State();
        PushValue();
        CallBody(form.Body, type, typeof(CpuState*), type);
        if (host is not null)
        {
            StoreTo(host, width);
            AfterBody();
        }
        else
        {
            PopAfterBody(op.Op0, width);
        }

        void PushValue()
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

    private static Arithmetic ArithmeticOf(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Add => Arithmetic.Add,
        Mnemonic.Sub => Arithmetic.Sub,
        Mnemonic.And => Arithmetic.And,
        Mnemonic.Or => Arithmetic.Or,
        Mnemonic.Xor => Arithmetic.Xor,
        _ => Arithmetic.None,
    };

    private enum Arithmetic
    {
        None,
        Add,
        Sub,
        And,
        Or,
        Xor,
    }
}
