using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>What the decoder's metadata and the table row say about an instruction, in the translator's terms.</summary>
internal static class InstructionFacts
{
    private const RflagsBits OtherStatus = RflagsBits.ZF | RflagsBits.SF | RflagsBits.PF | RflagsBits.OF | RflagsBits.AF;

    /// <summary>Sets which status flags an instruction reads and always replaces, and whether it may leave.</summary>
    public static void Set(RegionInstruction instruction)
    {
        InstructionForm form = instruction.Form;
        FlagSet modified = ToSet(Modified(instruction.Decoded));
        instruction.Reads = ToSet(instruction.Decoded.RflagsRead);
        switch (form.Shape)
        {
            case FormShape.Rmw:
            case FormShape.Read:
            case FormShape.Modify:
            case FormShape.Compute:
            case FormShape.Compute2:
            case FormShape.ExchangeAdd:
            case FormShape.CompareExchange:
                // All or nothing: a body that leaves one of the five as it was reads it.
                instruction.Kills = modified & (ReplacesOthers(instruction.Decoded) ? FlagSet.All : FlagSet.Carry);
                instruction.Reads |= modified & ~instruction.Kills;
                break;
            case FormShape.Whole:
                instruction.Kills = modified & (ReplacesAll(instruction.Decoded.Mnemonic) ? FlagSet.All : AlwaysSetsCarry(instruction.Decoded.Mnemonic) ? FlagSet.Carry : FlagSet.None);
                instruction.Reads |= modified & ~instruction.Kills;
                break;
            case FormShape.DoubleShift when DoubleShiftCount(instruction) != 0:
                instruction.Kills = modified;
                break;
            case FormShape.Shift when ShiftCount(instruction) != 0 && IsPlainShift(instruction.Decoded.Mnemonic):
                instruction.Kills = modified;
                break;
            case FormShape.VectorRead:
            case FormShape.VexRead:
                instruction.Kills = modified;
                break;
            case FormShape.ConditionalMove:
            case FormShape.SetCondition:
            case FormShape.ConditionalJump:
            case FormShape.Move:
            case FormShape.MoveZeroExtend:
            case FormShape.MoveSignExtend:
            case FormShape.Lea:
            case FormShape.Push:
            case FormShape.Pop:
            case FormShape.Nop:
                break;
            default:
                // A count may be zero, a loop may be interrupted: the old flags may survive.
                instruction.Reads |= modified;
                break;
        }
        instruction.MayExit = MayExit(instruction);
    }

    /// <summary>
    /// Flags that an instruction may change. The decoder says none of RCL and RCR by a multiple of their period, but OF, undefined then, does change on processors and here.
    /// </summary>
    public static RflagsBits Modified(in Instruction decoded) =>
        decoded.Mnemonic is Mnemonic.Rcl or Mnemonic.Rcr ? RflagsBits.CF | RflagsBits.OF : decoded.RflagsModified;

    /// <summary>Whether a shift sets all six flags when its count is not 0, as the rotates do not.</summary>
    public static bool IsPlainShift(Mnemonic mnemonic) => mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar;

    /// <summary>The masked immediate count of a shift or rotate; 0 also when the count is in CL.</summary>
    public static int ShiftCount(RegionInstruction instruction) =>
        instruction.Decoded.OpCount == 2 && instruction.Decoded.Op1Kind != OpKind.Register
            ? (int)instruction.Op.Immediate & (instruction.Form.Width == 8 ? 63 : 31)
            : 0;

    /// <summary>The masked immediate count of SHLD or SHRD; 0 also when the count is in CL.</summary>
    public static int DoubleShiftCount(RegionInstruction instruction) =>
        instruction.Decoded.Op2Kind != OpKind.Register ? (int)instruction.Op.Immediate & (instruction.Form.Width == 8 ? 63 : 31) : 0;

    /// <summary>Operand width in bytes of a whole form, from its first operand.</summary>
    public static int WidthOfWhole(in Instruction decoded) => decoded.Op0Kind == OpKind.Register ? decoded.Op0Register.GetSize() : decoded.MemorySize.GetSize();

    /// <summary>Whether control may leave the region at an instruction before it has had an effect: it touches memory, or the interpreter's handler runs it.</summary>
    private static bool MayExit(RegionInstruction instruction)
    {
        const OperationFlags Memory = OperationFlags.Memory0 | OperationFlags.Memory1 | OperationFlags.Memory2;
        FormShape shape = instruction.Form.Shape;
        if (shape is FormShape.Lea or FormShape.Nop)
            return false;
        if ((instruction.Op.Flags & Memory) != 0)
            return true;
        if (shape == FormShape.Whole && instruction.Decoded.Mnemonic is Mnemonic.Cbw or Mnemonic.Cwde or Mnemonic.Cdqe or Mnemonic.Cwd or Mnemonic.Cdq or Mnemonic.Cqo
            or Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Mulx or Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc or Mnemonic.Bsf or Mnemonic.Bsr
            or Mnemonic.Clc or Mnemonic.Stc or Mnemonic.Mfence or Mnemonic.Lfence or Mnemonic.Sfence)
            return false;
        return shape is FormShape.Whole or FormShape.WholeBranch or FormShape.SystemCall or FormShape.Push or FormShape.Pop or FormShape.Call
            or FormShape.CallIndirect or FormShape.Return or FormShape.JumpIndirect or >= FormShape.VectorRmw;
    }

    private static bool ReplacesOthers(in Instruction decoded) => ReplacesAll(decoded.Mnemonic)
        || ((decoded.RflagsModified & OtherStatus) is OtherStatus or 0 && (decoded.RflagsUndefined & (OtherStatus & ~RflagsBits.AF | RflagsBits.CF)) == 0);

    /// <summary>Whether a form always gives all six flags a new value, those included that the manual leaves undefined.</summary>
    private static bool ReplacesAll(Mnemonic mnemonic) => mnemonic is Mnemonic.Bsf or Mnemonic.Bsr or Mnemonic.Popcnt or Mnemonic.Andn or Mnemonic.Blsr or Mnemonic.Blsi
        or Mnemonic.Blsmsk or Mnemonic.Bextr or Mnemonic.Bzhi;

    /// <summary>Whether a whole form always sets CF.</summary>
    private static bool AlwaysSetsCarry(Mnemonic mnemonic) => mnemonic is Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc
        or Mnemonic.Clc or Mnemonic.Stc;

    private static FlagSet ToSet(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? FlagSet.Carry : 0) | ((bits & OtherStatus) != 0 ? FlagSet.Others : 0);
}
