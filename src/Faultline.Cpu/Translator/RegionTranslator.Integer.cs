using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Integer shapes: operands to the CIL stack, the operation or a call of the body, the result back.
internal sealed unsafe partial class RegionTranslator
{
    private bool HasMemory0 => (_instruction.Op.Flags & OperationFlags.Memory0) != 0;

    private bool EmitInteger()
    {
        InstructionForm form = _instruction.Form;
        Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        if ((_instruction.Op.Flags & OperationFlags.Lock) != 0 && form.Shape is not (FormShape.Exchange or FormShape.ExchangeAdd or FormShape.CompareExchange))
            return EmitLocked(form, mnemonic);
        switch (form.Shape)
        {
            case FormShape.Rmw when mnemonic == Mnemonic.Imul:
            case FormShape.Compute2 when mnemonic == Mnemonic.Imul:
                EmitMultiply(form);
                return true;
            case FormShape.Rmw when mnemonic is Mnemonic.Bsf or Mnemonic.Bsr && EmitScan(mnemonic, form.Width):
                return true;
            case FormShape.Rmw or FormShape.Read when IsBitTest(mnemonic):
                return EmitBitTest(mnemonic, form.Width);
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
            case FormShape.Compute when form.Width >= 4 && mnemonic is Mnemonic.Tzcnt or Mnemonic.Lzcnt or Mnemonic.Popcnt:
                EmitCount(mnemonic, form.Width);
                return true;
            case FormShape.Compute when mnemonic is Mnemonic.Blsr or Mnemonic.Blsmsk or Mnemonic.Blsi:
                EmitLowestBit(mnemonic, form.Width);
                return true;
            case FormShape.Compute:
                EmitCompute(form);
                return true;
            case FormShape.Compute2 when mnemonic == Mnemonic.Andn:
                EmitAndNot(form.Width);
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
            case FormShape.Exchange when HasMemory0:
                return EmitExchangeMemory(form.Width);
            case FormShape.ExchangeAdd:
                return EmitExchangeAdd(form.Width);
            case FormShape.CompareExchange:
                return EmitCompareExchange(form.Width);
            case FormShape.Push when form.Width == 8:
                EmitPush();
                return true;
            case FormShape.Pop when form.Width == 8 && !HasMemory0:
                EmitPop();
                return true;
            case FormShape.Whole:
                return EmitWhole(mnemonic);
            default:
                return false;
        }
    }

    private bool EmitWhole(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Mul => EmitWideMultiply(signed: false),
        Mnemonic.Imul => EmitWideMultiply(signed: true),
        Mnemonic.Mulx => EmitMultiplyWithoutFlags(),
        Mnemonic.Div => EmitDivide(signed: false),
        Mnemonic.Idiv => EmitDivide(signed: true),
        Mnemonic.Bsf or Mnemonic.Bsr => EmitScan(mnemonic, 4),
        Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc => EmitBitTest(mnemonic, InstructionFacts.WidthOfWhole(_instruction.Decoded)),
        Mnemonic.Vzeroupper => EmitZeroUpper(),
        Mnemonic.Leave => EmitLeaveFrame(),
        Mnemonic.Movbe => EmitStoreReversed(),
        Mnemonic.Clc or Mnemonic.Stc => EmitSetCarry(mnemonic == Mnemonic.Stc),
        Mnemonic.Mfence or Mnemonic.Lfence or Mnemonic.Sfence => EmitFence(mnemonic),
        _ => EmitSignExtension(),
    };

    private static bool IsBitTest(Mnemonic mnemonic) => mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc;

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
        PushHost(width, write: true);
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
        if (InstructionFacts.Modified(_instruction.Decoded) != 0)
            SetFlags(FlagsState.Memory);
    }

    /// <summary>The new flags are in the CpuState as soon as the body has run: what the old ones followed from need not be kept.</summary>
    private void PopAfterBody(ushort offset, int width)
    {
        AfterBody();
        PopGpr(offset, width);
    }

    private LocalBuilder RentInteger(int width) => _il.Rent(width == 8 ? typeof(ulong) : typeof(uint));

    private void PushOperand0(int width)
    {
        if (HasMemory0)
            PushMemory(width);
        else
            PushGpr(_instruction.Op.Op0, width);
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

    /// <summary>Pushes operand 2: memory, a register or an immediate.</summary>
    private void PushOperand2(int width)
    {
        ref Operation op = ref _instruction.Op;
        if ((op.Flags & OperationFlags.Memory2) != 0)
            PushMemory(width);
        else if (_instruction.Decoded.Op2Kind == OpKind.Register)
            PushGpr(op.Op2, width);
        else
            PushConstant(op.Immediate, width, signed: false);
    }

    private void EmitCompute2(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        Type type = IntegerType(width);
        LocalBuilder a = RentInteger(width), b = RentInteger(width);
        PushOperand1(width);
        _il.Store(a);
        PushOperand2(width);
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
}
