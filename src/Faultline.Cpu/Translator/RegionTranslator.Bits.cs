using System.Numerics;
using System.Reflection.Emit;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Bit tests, scans and counts, and BMI1.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>BT, BTS, BTR and BTC of a register, or of memory with an immediate.</summary>
    /// <returns>False when the bit number is an offset from memory.</returns>
    private bool EmitBitTest(Mnemonic mnemonic, int width)
    {
        ref Operation op = ref _instruction.Op;
        bool byRegister = _instruction.Decoded.Op1Kind == OpKind.Register;
        if (HasMemory0 && byRegister)
            return false;
        LocalBuilder a = RentInteger(width), bit = _il.Rent(typeof(int));
        LocalBuilder? host = HasMemory0 && mnemonic != Mnemonic.Bt ? PushHostOfMemory0(width) : null;
        if (host is not null)
        {
            _il.Load(host);
            LoadInteger(width);
        }
        else
        {
            PushOperand0(width);
        }
        _il.Store(a);
        if (byRegister)
        {
            PushGpr(op.Op1, 4);
            _il.Int32(width * 8 - 1);
            _il.Op(OpCodes.And);
        }
        else
        {
            _il.Int32((int)op.Immediate & (width * 8 - 1));
        }
        _il.Store(bit);
        if ((_instruction.NeededAfter & FlagSet.Carry) != 0)
        {
            _il.Load(a);
            _il.Load(bit);
            _il.Op(OpCodes.Shr_Un);
            PushBit(width, 0);
            ChangeCarry(new CarryChange(CarryForm.Bit, 4, StoreCarry()));
        }
        if (mnemonic != Mnemonic.Bt)
        {
            _il.Load(a);
            PushConstant(1, width, signed: false);
            _il.Load(bit);
            _il.Op(OpCodes.Shl);
            if (mnemonic == Mnemonic.Btr)
                _il.Op(OpCodes.Not);
            _il.Op(mnemonic switch { Mnemonic.Bts => OpCodes.Or, Mnemonic.Btr => OpCodes.And, _ => OpCodes.Xor });
            if (host is not null)
                StoreTo(host, width);
            else
                PopGpr(op.Op0, width);
        }
        _il.Release(a);
        _il.Release(bit);
        return true;
    }

    /// <summary>BSF and BSR of 32 and 64 bits: of zero they leave all of the destination as it was.</summary>
    private bool EmitScan(Mnemonic mnemonic, int width)
    {
        if (width < 4)
            return false;
        ref Operation op = ref _instruction.Op;
        FlagsSource a = SourceOfOperand1(width, ref _flagsA);
        LocalBuilder found = RentInteger(8);
        Label zero = _il.Label();
        _il.Load(Gpr(op.Op0));
        _il.Store(found);
        PushSource(a, width, signed: false);
        _il.Branch(OpCodes.Brfalse, zero);
        PushSource(a, width, signed: false);
        _il.Call(BitMethod(mnemonic == Mnemonic.Bsf ? nameof(BitOperations.TrailingZeroCount) : nameof(BitOperations.Log2), width));
        _il.Op(OpCodes.Conv_U8);
        _il.Store(found);
        _il.Mark(zero);
        SetFlags(FlagsNeeded ? new FlagsState(FlagsForm.Scan, width) { A = a } : FlagsState.Dead);
        _il.Load(found);
        PopGpr(op.Op0, 8);
        if (FlagsNeeded)
            SetFlags(_at.Flags with { R = FlagsSource.Of(Gpr(op.Op0)) });
        _il.Release(found);
        return true;
    }

    /// <summary>TZCNT, LZCNT and POPCNT of 32 and 64 bits.</summary>
    private void EmitCount(Mnemonic mnemonic, int width)
    {
        ref Operation op = ref _instruction.Op;
        bool isPopulation = mnemonic == Mnemonic.Popcnt;
        bool needed = _instruction.NeededAfter != FlagSet.None;
        FlagsSource a = SourceOfOperand1(width, ref _changeBit);
        PushSource(a, width, signed: false);
        _il.Call(BitMethod(mnemonic switch
        {
            Mnemonic.Tzcnt => nameof(BitOperations.TrailingZeroCount),
            Mnemonic.Lzcnt => nameof(BitOperations.LeadingZeroCount),
            _ => nameof(BitOperations.PopCount),
        }, width));
        if (width == 8)
            _il.Op(OpCodes.Conv_U8);
        if (isPopulation || !needed)
            SetFlags(FlagsState.Dead);
        else
            SetFlags(_at.Flags with { Change = (_at.Flags.Change ?? new FlagsChange()) with { Carry = new CarryChange(CarryForm.IfZero, width, a), Divided = false, Counted = null } });
        PopGpr(op.Op0, width);
        FlagsSource result = FlagsSource.Of(Gpr(op.Op0));
        if (needed && isPopulation)
            SetFlags(new FlagsState(FlagsForm.Population, width) { R = result });
        else if (needed)
            SetFlags(_at.Flags with { Change = _at.Flags.Change! with { Counted = result } });
    }

    /// <summary>BLSR, BLSMSK and BLSI.</summary>
    private void EmitLowestBit(Mnemonic mnemonic, int width)
    {
        ref Operation op = ref _instruction.Op;
        FlagsSource a = SourceOfOperand1(width, ref _changeBit);
        PushSource(a, width, signed: false);
        if (mnemonic == Mnemonic.Blsi)
        {
            PushSource(a, width, signed: false);
            _il.Op(OpCodes.Neg);
        }
        else
        {
            PushSource(a, width, signed: false);
            PushConstant(1, width, signed: false);
            _il.Op(OpCodes.Sub);
        }
        _il.Op(mnemonic == Mnemonic.Blsmsk ? OpCodes.Xor : OpCodes.And);
        CarryChange carry = new(mnemonic == Mnemonic.Blsi ? CarryForm.IfNotZero : CarryForm.IfZero, width, a);
        SetFlags(FlagsNeeded ? new FlagsState(FlagsForm.Logic, width) { Change = new FlagsChange { Carry = carry } } : FlagsState.Dead);
        PopGpr(op.Op0, width);
        if (FlagsNeeded)
            SetFlags(_at.Flags with { R = FlagsSource.Of(Gpr(op.Op0)) });
    }

    /// <summary>ANDN.</summary>
    private void EmitAndNot(int width)
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder b = RentInteger(width);
        PushOperand2(width);
        _il.Store(b);
        PushGpr(op.Op1, width);
        _il.Op(OpCodes.Not);
        _il.Load(b);
        _il.Op(OpCodes.And);
        PopKilling(op.Op0, width);
        SetResultFlags(new FlagsState(FlagsForm.Logic, width) { R = FlagsSource.Of(Gpr(op.Op0)) }, false);
        _il.Release(b);
    }

    private static System.Reflection.MethodInfo BitMethod(string name, int width) => typeof(BitOperations).GetMethod(name, [width == 8 ? typeof(ulong) : typeof(uint)])!;
}
