using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Keeps a block from reading flags that an earlier instruction of it left undefined.</summary>
internal sealed class FlagTracker
{
    private RflagsBits _undefined;

    /// <summary>Flags that may be undefined here; where ways join, those of all of them.</summary>
    public RflagsBits Undefined
    {
        get => _undefined;
        set => _undefined = value;
    }

    /// <summary>Whether an instruction may come next; if so, it counts as added.</summary>
    public bool Accept(in Instruction instruction)
    {
        if (instruction.FlowControl != FlowControl.Next || (instruction.RflagsRead & _undefined) != 0 || StoresFlags(instruction.Mnemonic))
            return false;
        // A count of zero leaves the flags alone, so what was undefined stays so.
        bool conditional = instruction.Mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror
            or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd || instruction.IsStringInstruction;
        if (!conditional)
            _undefined &= ~(instruction.RflagsWritten | instruction.RflagsCleared | instruction.RflagsSet);
        _undefined |= instruction.RflagsUndefined;
        if (conditional && instruction.RflagsModified != RflagsBits.None && !instruction.IsStringInstruction)
            _undefined |= RflagsBits.CF | RflagsBits.OF | RflagsBits.AF;
        return true;
    }

    /// <summary>Whether flags, or an x87 status word with undefined condition bits, would become data.</summary>
    private static bool StoresFlags(Mnemonic mnemonic) => mnemonic is Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq or Mnemonic.Lahf or Mnemonic.Fnstsw
        or Mnemonic.Fnstenv or Mnemonic.Fnsave or Mnemonic.Fxsave or Mnemonic.Fxsave64;
}
