using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Integer shapes: operands to the CIL stack, the operation or a call of the body, the result back.
internal sealed unsafe partial class RegionTranslator
{
    private bool HasMemory0 => (_instruction.Op.Flags & OperationFlags.Memory0) != 0;

    private bool EmitInteger()
    {
        InstructionForm form = _instruction.Form;
        if ((_instruction.Op.Flags & OperationFlags.Lock) != 0)
            return false;
        switch (form.Shape)
        {
            case FormShape.Rmw:
                EmitRmw(form);
                return true;
            case FormShape.Read:
                EmitRead(form);
                return true;
            case FormShape.Modify:
                EmitModify(form);
                return true;
            case FormShape.Shift:
                EmitShift(form);
                return true;
            case FormShape.DoubleShift:
                EmitDoubleShift(form);
                return true;
            case FormShape.Compute:
                EmitCompute(form);
                return true;
            case FormShape.Compute2:
                EmitCompute2(form);
                return true;
            case FormShape.Move:
                EmitMove(form.Width);
                return true;
            case FormShape.MoveZeroExtend:
            case FormShape.MoveSignExtend:
                EmitExtend(form);
                return true;
            case FormShape.Lea:
                PushAddress(withSegment: false);
                PushConversion(form.Width, signed: false);
                PopGpr(_instruction.Op.Op0, form.Width);
                return true;
            case FormShape.ConditionalMove:
                EmitConditionalMove(form);
                return true;
            case FormShape.SetCondition:
                EmitSetCondition(form);
                return true;
            case FormShape.Exchange when (_instruction.Op.Flags & AnyMemory) == 0:
                EmitExchange(form.Width);
                return true;
            case FormShape.Push when form.Width == 8:
                EmitPush();
                return true;
            case FormShape.Pop when form.Width == 8 && !HasMemory0:
                EmitPop();
                return true;
            case FormShape.Whole:
                return _instruction.Decoded.Mnemonic == Mnemonic.Vzeroupper ? EmitZeroUpper() : EmitSignExtension();
            default:
                return false;
        }
    }

    /// <summary>Pushes operand 1, wherever it is.</summary>
    private void PushOperand1(int width)
    {
        ref Operation op = ref _instruction.Op;
        if ((op.Flags & OperationFlags.Memory1) != 0)
            PushMemory(width);
        else if (_instruction.Decoded.Op1Kind == OpKind.Register)
            PushGpr(op.Op1, width);
        else
            PushConstant(op.Immediate, width, signed: false);
    }

    /// <summary>Operand 1 as something that flags can follow from later: a constant, a register's local, or the value kept in a local of its own.</summary>
    private FlagsSource KeepOperand1(int width, bool mustCopy)
    {
        ref Operation op = ref _instruction.Op;
        if (_instruction.Decoded.Op1Kind is not (OpKind.Register or OpKind.Memory))
            return FlagsSource.Of(op.Immediate);
        if (_instruction.Decoded.Op1Kind == OpKind.Register && !mustCopy && !IsHighByte(op.Op1))
            return FlagsSource.Of(Gpr(op.Op1));
        PushOperand1(width);
        Widen(width);
        _flagsB2 ??= _il.Local(typeof(ulong));
        LocalBuilder local = ReferenceEquals(_at.Flags.B?.Local, _flagsB) ? _flagsB2 : _flagsB ??= _il.Local(typeof(ulong));
        _il.Store(local);
        return FlagsSource.Of(local);
    }

    private LocalBuilder? _flagsB2;

    private void EmitRmw(InstructionForm form)
    {
        int width = form.Width;
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

    /// <summary>Pops the result of a read-modify-write into operand 0 and returns where it stays.</summary>
    private FlagsSource PopResult(LocalBuilder? host, int width)
    {
        ref Operation op = ref _instruction.Op;
        if (host is null && !IsHighByte(op.Op0))
        {
            PopKilling(op.Op0, width);
            return FlagsSource.Of(Gpr(op.Op0));
        }
        Widen(width);
        _flagsR ??= _il.Local(typeof(ulong));
        _il.Store(_flagsR);
        if (host is not null)
        {
            _il.Load(host);
            _il.Load(_flagsR);
            PushConversion(width, signed: false);
            StoreInteger(width);
            _il.Release(host);
        }
        else
        {
            _il.Load(_flagsR);
            PushConversion(width, signed: false);
            PopKilling(op.Op0, width);
        }
        return FlagsSource.Of(_flagsR);
    }

    /// <summary>Pops into a register where the flags before are not needed any more, unless this instruction leaves CF.</summary>
    private void PopKilling(ushort offset, int width)
    {
        if (_instruction.Kills == FlagSet.All)
            SetFlags(FlagsState.Dead);
        PopGpr(offset, width);
    }

    private void SetResultFlags(FlagsState flags, bool zeroBySub)
    {
        if (!FlagsNeeded)
            SetFlags(FlagsState.Dead);
        else if (zeroBySub)
            SetFlags(new FlagsState(FlagsForm.Sub, flags.Width) { A = FlagsSource.Of(0), B = FlagsSource.Of(0), R = FlagsSource.Of(0) });
        else
            SetFlags(flags);
    }

    /// <summary>Leaves the host address of operand 0 in a local, checked for reading and writing.</summary>
    private LocalBuilder PushHostOfMemory0(int width)
    {
        LocalBuilder host = _il.Rent(typeof(nint));
        PushAddress();
        HostAddress(width, write: true, SlowExit());
        _il.Store(host);
        return host;
    }

    /// <summary>Before a body is called that changes flags on top of the old ones, and after it.</summary>
    private void BeforeBody()
    {
        if (_instruction.Reads != FlagSet.None)
            SpillFlags();
    }

    private void AfterBody()
    {
        if (_instruction.Decoded.RflagsModified != 0)
            SetFlags(FlagsState.Memory);
    }

    /// <summary>The new flags are in the CpuState as soon as the body has run: what the old ones followed from need not be kept.</summary>
    private void PopAfterBody(ushort offset, int width)
    {
        AfterBody();
        PopGpr(offset, width);
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

    private LocalBuilder RentInteger(int width) => _il.Rent(width == 8 ? typeof(ulong) : typeof(uint));

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

    private void PushOperand0(int width)
    {
        if (HasMemory0)
            PushMemory(width);
        else
            PushGpr(_instruction.Op.Op0, width);
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
                FlagsSource? carry = KeepCarry();
                bool stays = carryNeeded && carry is null;
                PushValue();
                PushConstant(1, width, signed: false);
                _il.Op(mnemonic == Mnemonic.Inc ? OpCodes.Add : OpCodes.Sub);
                if (!stays)
                    SetFlags(FlagsState.Dead);
                FlagsSource r = PopResult(host, width);
                if (FlagsNeeded || carryNeeded)
                    SetFlags(new FlagsState(mnemonic == Mnemonic.Inc ? FlagsForm.Inc : FlagsForm.Dec, width) { R = r, Carry = carryNeeded ? carry : FlagsSource.Of(0) });
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

    /// <summary>Pops an integer and stores it at a host address.</summary>
    private void StoreTo(LocalBuilder host, int width)
    {
        LocalBuilder value = RentInteger(width);
        _il.Store(value);
        _il.Load(host);
        _il.Load(value);
        StoreInteger(width);
        _il.Release(value);
        _il.Release(host);
    }

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
        if (plain && count != 0 && count < width * 8 && (width >= 4 || !needed))
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
        if (mnemonic is Mnemonic.Rol or Mnemonic.Ror && width >= 4 && !needed && !byCl)
        {
            PushShifted();
            _il.Int32(count);
            _il.Call(RotateMethod(mnemonic, width));
            if (host is not null)
                StoreTo(host, width);
            else
                PopGpr(op.Op0, width);
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

    private LocalBuilder? _flagsA2;

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
        BeforeBody();
        _il.State();
        if (host is not null)
        {
            _il.Load(host);
            LoadInteger(width);
        }
        else
        {
            PushGpr(op.Op0, width);
        }
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
    }

    private void EmitCompute(InstructionForm form)
    {
        int width = form.Width;
        Type type = IntegerType(width);
        LocalBuilder a = RentInteger(width);
        PushOperand1(width);
        _il.Store(a);
        BeforeBody();
        _il.State();
        _il.Load(a);
        CallBody(form.Body, type, typeof(CpuState*), type);
        PopAfterBody(_instruction.Op.Op0, width);
        _il.Release(a);
    }

    private void EmitCompute2(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Type type = IntegerType(width);
        LocalBuilder a = RentInteger(width), b = RentInteger(width);
        PushOperand1(width);
        _il.Store(a);
        if ((op.Flags & OperationFlags.Memory2) != 0)
            PushMemory(width);
        else if (_instruction.Decoded.Op2Kind == OpKind.Register)
            PushGpr(op.Op2, width);
        else
            PushConstant(op.Immediate, width, signed: false);
        _il.Store(b);
        BeforeBody();
        _il.State();
        _il.Load(a);
        _il.Load(b);
        CallBody(form.Body, type, typeof(CpuState*), type, type);
        PopAfterBody(op.Op0, width);
        _il.Release(a);
        _il.Release(b);
    }

    private void EmitMove(int width)
    {
        ref Operation op = ref _instruction.Op;
        if (HasMemory0)
        {
            PushAddress();
            HostAddress(width, write: true, SlowExit());
            PushOperand1(width);
            StoreInteger(width);
            return;
        }
        PushOperand1(width);
        PopGpr(op.Op0, width);
    }

    private void EmitExtend(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        bool memory = (op.Flags & OperationFlags.Memory1) != 0;
        int source = memory ? _instruction.Decoded.MemorySize.GetSize() : _instruction.Decoded.Op1Register.GetSize();
        bool signed = form.Shape == FormShape.MoveSignExtend;
        PushOperand1(source);
        if (signed)
            PushConversion(source, signed: true);
        if (form.Width == 8)
            _il.Op(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        PopGpr(op.Op0, form.Width);
    }

    private void EmitConditionalMove(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        LocalBuilder value = RentInteger(width);
        Label done = _il.Label(), holds = _il.Label();
        LocalBuilder moved = RentInteger(width);
        PushOperand1(width);
        _il.Store(moved);
        if (!CanCompare(_instruction.Decoded.ConditionCode))
            SpillFlags();
        _il.Load(moved);
        _il.Store(value);
        BranchIf(_instruction.Decoded.ConditionCode, form.Body, holds);
        PushGpr(op.Op0, width);
        _il.Store(value);
        _il.Branch(OpCodes.Br, done);
        _il.Mark(holds);
        _il.Mark(done);
        _il.Load(value);
        PopGpr(op.Op0, width);
        _il.Release(value);
        _il.Release(moved);
    }

    private void EmitSetCondition(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        if (!CanCompare(_instruction.Decoded.ConditionCode))
            SpillFlags();
        if (HasMemory0)
        {
            LocalBuilder host = PushHostOfMemory0(1);
            PushCondition(_instruction.Decoded.ConditionCode, form.Body);
            StoreTo(host, 1);
            return;
        }
        PushCondition(_instruction.Decoded.ConditionCode, form.Body);
        PopGpr(op.Op0, 1);
    }

    private void EmitExchange(int width)
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder a = RentInteger(width), b = RentInteger(width);
        PushGpr(op.Op0, width);
        _il.Store(a);
        PushGpr(op.Op1, width);
        _il.Store(b);
        _il.Load(b);
        PopGpr(op.Op0, width);
        _il.Load(a);
        PopGpr(op.Op1, width);
        _il.Release(a);
        _il.Release(b);
    }

    private void EmitPush()
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder stack = _gprs[StackPointer]!;
        LocalBuilder value = RentInteger(8), top = RentInteger(8);
        if (HasMemory0)
            PushMemory(8);
        else if (_instruction.Decoded.Op0Kind == OpKind.Register)
            PushGpr(op.Op0, 8);
        else
            _il.Int64(op.Immediate);
        _il.Store(value);
        _il.Load(stack);
        _il.Int64(8);
        _il.Op(OpCodes.Sub);
        _il.Store(top);
        _il.Load(top);
        HostAddress(8, write: true, SlowExit());
        _il.Load(value);
        StoreInteger(8);
        _il.Load(top);
        PopGpr(StackPointer * 8, 8);
        _il.Release(value);
        _il.Release(top);
    }

    private void EmitPop()
    {
        LocalBuilder stack = _gprs[StackPointer]!;
        LocalBuilder value = RentInteger(8);
        _il.Load(stack);
        HostAddress(8, write: false, SlowExit());
        LoadInteger(8);
        _il.Store(value);
        _il.Load(stack);
        _il.Int64(8);
        _il.Op(OpCodes.Add);
        PopGpr(StackPointer * 8, 8);
        _il.Load(value);
        PopGpr(_instruction.Op.Op0, 8);
        _il.Release(value);
    }

    /// <summary>CDQE and its relatives.</summary>
    private bool EmitSignExtension()
    {
        const ushort Rax = 0, Rdx = 2 * 8;
        switch (_instruction.Decoded.Code)
        {
            case Code.Cdqe:
                PushGpr(Rax, 4);
                PushConversion(4, signed: true);
                _il.Op(OpCodes.Conv_I8);
                PopGpr(Rax, 8);
                return true;
            case Code.Cwde:
                PushGpr(Rax, 2);
                PushConversion(2, signed: true);
                PopGpr(Rax, 4);
                return true;
            case Code.Cdq:
                PushGpr(Rax, 4);
                _il.Int32(31);
                _il.Op(OpCodes.Shr);
                PopGpr(Rdx, 4);
                return true;
            case Code.Cqo:
                PushGpr(Rax, 8);
                _il.Int32(63);
                _il.Op(OpCodes.Shr);
                PopGpr(Rdx, 8);
                return true;
            default:
                return false;
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
