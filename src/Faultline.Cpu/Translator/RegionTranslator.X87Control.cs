using System.Reflection.Emit;
using Faultline.Cpu.Semantics.X87;
using Faultline.Cpu.State;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// The x87 control and status words. None of these instructions moves the pointers or C1.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>RC in the control word.</summary>
    private const int RoundingControl = 0xC00;

    /// <summary>A label that leaves before the current instruction, counting how often x87 operations make it do so.</summary>
    private Label X87Exit() => ExitBefore(Assumptions.RoutineX87);

    /// <summary>Stores two bytes at the memory operand.</summary>
    private void StoreWord(LocalBuilder word)
    {
        PushHost(2, write: true);
        _il.Load(word);
        StoreInteger(2);
        _il.Release(word);
    }

    private void EmitX87StoreStatus()
    {
        PushX87StatusWord();
        if (_instruction.Decoded.Op0Kind == OpKind.Register)
        {
            PopGpr(_instruction.Op.Op0, 2);
            return;
        }
        LocalBuilder word = _il.Rent(typeof(int));
        _il.Store(word);
        StoreWord(word);
    }

    private void EmitX87StoreControl()
    {
        LocalBuilder word = _il.Rent(typeof(int));
        LoadState(nameof(CpuState.X87Control));
        _il.Store(word);
        StoreWord(word);
    }

    /// <summary>
    /// FLDCW. Code of the region relies on masks, precision and rounding; but between two FLDCW there may be any rounding if all that is there, such as FISTP, can do with it:
    /// so compilers convert to integers. Other control words leave.
    /// </summary>
    private void EmitX87LoadControl()
    {
        bool anyRounding = IsConversion();
        LocalBuilder word = _il.Rent(typeof(int));
        PushHost(2, write: false);
        LoadInteger(2);
        _il.Store(word);
        _il.Load(word);
        _il.Int32((int)X87.RoutineControl & (anyRounding ? ~RoundingControl : ~0));
        _il.Op(OpCodes.And);
        _il.Int32(X87.ControlInitial - X87.ControlFixed);
        _il.Branch(OpCodes.Bne_Un, X87Exit());
        _il.State();
        _il.Load(word);
        _il.Int32(X87.ControlWritable);
        _il.Op(OpCodes.And);
        _il.Int32(X87.ControlFixed);
        _il.Op(OpCodes.Or);
        StoreState(nameof(CpuState.X87Control));
        _il.Release(word);
        _at = _at with { X87 = _at.X87! with { AnyRounding = anyRounding } };
    }

    /// <summary>Whether another FLDCW follows in the block, and nothing before it rounds but stores of integers.</summary>
    private bool IsConversion()
    {
        foreach (RegionInstruction instruction in _block.Instructions.Skip(_index + 1))
        {
            if (X87Effect.Of(instruction.Decoded, out _) is null)
                continue;
            switch (instruction.Decoded.Mnemonic)
            {
                case Mnemonic.Fldcw:
                    return true;
                case Mnemonic.Fist or Mnemonic.Fistp or Mnemonic.Fisttp or Mnemonic.Fld or Mnemonic.Fild or Mnemonic.Fld1 or Mnemonic.Fldz or Mnemonic.Fxch or Mnemonic.Fchs or Mnemonic.Fabs
                    or Mnemonic.Fcom or Mnemonic.Fcomp or Mnemonic.Fcomi or Mnemonic.Fcomip or Mnemonic.Fucomi or Mnemonic.Fucomip or Mnemonic.Fnstcw or Mnemonic.Fnstsw:
                case Mnemonic.Fst or Mnemonic.Fstp when instruction.Decoded.Op0Kind == OpKind.Register || instruction.Decoded.MemorySize == MemorySize.Float80:
                    break;
                default:
                    return false;
            }
        }
        return false;
    }

    /// <summary>Pushes whether a store of an integer truncates, as a bool.</summary>
    private void PushTruncation()
    {
        if (_instruction.Decoded.Mnemonic == Mnemonic.Fisttp || !_at.X87!.AnyRounding)
        {
            _il.Int32(_instruction.Decoded.Mnemonic == Mnemonic.Fisttp ? 1 : 0);
            return;
        }
        LoadState(nameof(CpuState.X87Control));
        _il.Int32(RoundingControl);
        _il.Op(OpCodes.And);
        _il.Int32(RoundingControl);
        _il.Op(OpCodes.Ceq);
    }

    /// <summary>Before a store of an integer between two FLDCW: leaves unless rounding is to nearest or toward zero.</summary>
    private void CheckRounding()
    {
        if (_instruction.Decoded.Mnemonic == Mnemonic.Fisttp || !_at.X87!.AnyRounding)
            return;
        LoadState(nameof(CpuState.X87Control));
        _il.Int32(RoundingControl);
        _il.Op(OpCodes.And);
        _il.Call(X87Method(nameof(X87Glue.IsCommonRounding)));
        _il.Branch(OpCodes.Brfalse, X87Exit());
    }

    private void PushX87StatusWord()
    {
        _il.Load(_x87Status!);
        _il.Load(_x87Inexact!);
        if (_at.X87!.C1Clear)
            _il.Int64(0);
        else
            _il.Load(_x87Up!);
        _il.Load(_x87First!);
        _il.Int32(_at.X87.Top);
        _il.Op(OpCodes.Add);
        _il.Call(X87Method(nameof(X87Glue.StatusWord)));
    }
}
