using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Which forms may stand in random blocks.</summary>
internal static class BlockForms
{
    /// <summary>What may stand in cases for the two engines, whose results need not be defined: whatever is no branch.</summary>
    public static Code[] ForEngines => [.. DifferentialSettings.Selected.Where(code => new Instruction { Code = code }.FlowControl == FlowControl.Next)];

    /// <summary>
    /// Straight-line forms whose results are defined for all operands. String, stack-frame and bit-string forms need registers that point somewhere, which
    /// the instructions before them destroy.
    /// </summary>
    public static bool Allowed(Code code)
    {
        Instruction instruction = new() { Code = code };
        OpCodeInfo info = code.ToOpCode();
        if (instruction.FlowControl != FlowControl.Next || instruction.IsStackInstruction || instruction.IsStringInstruction)
            return false;
        for (int i = 0; i < info.OpCount; i++)
        {
            if (info.GetOpKind(i) is >= OpCodeOperandKind.mem_vsib32x and <= OpCodeOperandKind.mem_vsib64z or OpCodeOperandKind.seg_rDI or OpCodeOperandKind.seg_rBX_al)
                return false;
        }
        // A register as bit number is an offset from memory; an immediate stays within the operand.
        if (code.Mnemonic() is Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts)
            return info.GetOpKind(1) == OpCodeOperandKind.imm8;
        return code.Mnemonic() is not (Mnemonic.Shld or Mnemonic.Shrd or Mnemonic.Bswap
            or Mnemonic.Fsin or Mnemonic.Fcos or Mnemonic.Fsincos or Mnemonic.Fptan or Mnemonic.Fpatan or Mnemonic.Fyl2x or Mnemonic.Fyl2xp1 or Mnemonic.F2xm1
            or Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss or Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fnsave
            or Mnemonic.Fnstenv or Mnemonic.Leave or Mnemonic.Enter or Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr or Mnemonic.Fldcw or Mnemonic.Fldenv or Mnemonic.Frstor
            or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Clflush);
    }
}
