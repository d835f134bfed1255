using Faultline.Cpu.State;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// What is not compared, and why: first what the manual leaves undefined (the decoder's metadata says which flags), then the places where processors differ from one
/// another or from that metadata.
/// </summary>
internal static unsafe class UndefinedResults
{
    /// <summary>Narrows a mask by what one instruction leaves undefined.</summary>
    public static void Apply(CompareMask mask, in Instruction instruction, in MachineState before)
    {
        RflagsBits undefined = instruction.RflagsUndefined;
        mask.Rflags &= ~ToRflags(undefined);
        mask.X87Status &= (ushort)~ToX87(undefined);
        if (IsLarge(instruction))
            mask.IgnoreFaultAddress = mask.StackFaultIsProtection = true;
        ApplyExceptions(mask, instruction, before);
    }

    /// <summary>The RFLAGS bits of the decoder's flag set.</summary>
    public static uint ToRflags(RflagsBits bits) =>
        Bit(bits, RflagsBits.OF, Rflags.OF) | Bit(bits, RflagsBits.SF, Rflags.SF) | Bit(bits, RflagsBits.ZF, Rflags.ZF) | Bit(bits, RflagsBits.AF, Rflags.AF)
        | Bit(bits, RflagsBits.CF, Rflags.CF) | Bit(bits, RflagsBits.PF, Rflags.PF) | Bit(bits, RflagsBits.DF, Rflags.DF);

    /// <summary>The x87 status word bits of the decoder's flag set.</summary>
    public static uint ToX87(RflagsBits bits) =>
        Bit(bits, RflagsBits.C0, 0x100) | Bit(bits, RflagsBits.C1, 0x200) | Bit(bits, RflagsBits.C2, 0x400) | Bit(bits, RflagsBits.C3, 0x4000);

    /// <summary>What of a form's results is not compared, beyond the flags that its metadata calls undefined; empty when all is.</summary>
    public static string Note(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Shld or Mnemonic.Shrd => "16-bit result and flags for counts above 16",
        Mnemonic.Bswap => "16-bit result",
        Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr => "CF for counts of at least the width",
        Mnemonic.F2xm1 or Mnemonic.Fyl2xp1 => "last place, PE, C1; results outside the domain",
        Mnemonic.Fsin or Mnemonic.Fcos or Mnemonic.Fsincos or Mnemonic.Fptan or Mnemonic.Fpatan or Mnemonic.Fyl2x => "last place, PE, C1",
        Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss or Mnemonic.Vrcpps or Mnemonic.Vrcpss or Mnemonic.Vrsqrtps or Mnemonic.Vrsqrtss =>
            "result, unless the host is Zen 4",
        Mnemonic.Fxsave or Mnemonic.Fxsave64 => "FOP, FIP, FDP, MXCSR_MASK, reserved end",
        Mnemonic.Fnstenv or Mnemonic.Fnsave => "FOP, FIP, FDP",
        >= Mnemonic.Sha1msg1 and <= Mnemonic.Sha256rnds2 => "misaligned operands",
        _ => "",
    };

    private static void ApplyExceptions(CompareMask mask, in Instruction instruction, in MachineState before)
    {
        int cl = (int)before.Gpr[1] & 0xff;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Shld:
            case Mnemonic.Shrd:
                // A count above 16 leaves a 16-bit destination and all flags undefined (SDM vol. 2, SHLD).
                int count = (instruction.Op2Kind == OpKind.Register ? cl : instruction.Immediate8) & 31;
                if (instruction.Op1Register.GetSize() == 2 && count > 16)
                {
                    mask.Rflags &= ~Rflags.Status;
                    IgnoreDestination(mask, instruction);
                }
                break;
            case Mnemonic.Bswap when instruction.Op0Register.GetSize() == 2:
                // Undefined (SDM vol. 2, BSWAP).
                IgnoreDestination(mask, instruction);
                break;
            case Mnemonic.Shl:
            case Mnemonic.Sal:
            case Mnemonic.Shr:
                // CF is undefined for counts at or above the width of 8- and 16-bit operands.
                int shift = (instruction.Op1Kind == OpKind.Register ? cl : (int)instruction.GetImmediate(1)) & 31;
                if (shift >= 8 * OperandSize(instruction))
                    mask.Rflags &= ~Rflags.CF;
                break;
            case Mnemonic.F2xm1:
            case Mnemonic.Fyl2xp1:
                // Undefined outside -1 to 1, and outside 1 - sqrt(1/2) either way (SDM vol. 2).
                if (!X87Argument.InRange(instruction.Mnemonic, before))
                    mask.IgnoreAll = true;
                Approximate(mask);
                break;
            case Mnemonic.Fsin:
            case Mnemonic.Fcos:
            case Mnemonic.Fsincos:
            case Mnemonic.Fptan:
            case Mnemonic.Fpatan:
            case Mnemonic.Fyl2x:
                Approximate(mask);
                break;
            case Mnemonic.Rcpps:
            case Mnemonic.Rcpss:
            case Mnemonic.Rsqrtps:
            case Mnemonic.Rsqrtss:
            case Mnemonic.Vrcpps:
            case Mnemonic.Vrcpss:
            case Mnemonic.Vrsqrtps:
            case Mnemonic.Vrsqrtss:
                // Approximations: each family of processors has its own values, and ours are those of one.
                if (!HostFeatures.ApproximatesAlike)
                    mask.IgnoredVectors |= 1 << (instruction.Op0Register.GetFullRegister() - Register.ZMM0);
                break;
            case Mnemonic.Fxsave:
            case Mnemonic.Fxsave64:
                // FOP, FIP, FDP: AMD stores them only with an exception pending. MXCSR_MASK and the reserved end differ by model.
                mask.IgnoredMemory.Add((MemoryAddress(instruction, before) + 6, 18));
                mask.IgnoredMemory.Add((MemoryAddress(instruction, before) + 28, 4));
                mask.IgnoredMemory.Add((MemoryAddress(instruction, before) + 416, 96));
                break;
            case Mnemonic.Fnstenv:
            case Mnemonic.Fnsave:
                // The pointers: the native side lost them on its way through FXRSTOR.
                int pointers = instruction.MemorySize is MemorySize.FpuEnv14 or MemorySize.FpuState94 ? 6 : 12;
                mask.IgnoredMemory.Add((MemoryAddress(instruction, before) + (ulong)pointers, pointers == 6 ? 8 : 16));
                break;
        }
    }

    private static bool IsLarge(in Instruction instruction) => instruction.Mnemonic is Mnemonic.Fldenv or Mnemonic.Fnstenv or Mnemonic.Fnsave
        or Mnemonic.Frstor or Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64;

    /// <summary>Hosts are within one unit in the last place (SDM vol. 1, 8.3.10), we round correctly; PE and C1 follow the difference.</summary>
    private static void Approximate(CompareMask mask)
    {
        mask.Ulps = 1;
        mask.X87Status &= 0xfddf;
    }

    private static int OperandSize(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Memory ? instruction.MemorySize.GetSize() : instruction.Op0Register.GetSize();

    private static void IgnoreDestination(CompareMask mask, in Instruction instruction)
    {
        if (instruction.Op0Kind == OpKind.Memory)
            mask.IgnoreAll = true;
        else
            mask.IgnoredGprs |= 1 << instruction.Op0Register.GetFullRegister() - Register.RAX;
    }

    private static ulong MemoryAddress(in Instruction instruction, in MachineState before) => EffectiveAddress.Of(instruction, before);

    private static uint Bit(RflagsBits bits, RflagsBits from, uint to) => (bits & from) != 0 ? to : 0;
}
