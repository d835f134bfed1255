using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>Which registers of a file of sixteen an instruction uses, a bit each.</summary>
/// <param name="Named">All that it reads, writes or names.</param>
/// <param name="Reads">Those whose value before it may matter, because it reads them, writes only a part, or writes under a condition.</param>
/// <param name="Writes">Those that it may change.</param>
internal readonly record struct RegisterUse(uint Named, uint Reads, uint Writes)
{
    /// <summary>Finds what the decoder knows of an instruction's registers.</summary>
    /// <param name="information">The decoder's knowledge.</param>
    /// <param name="instruction">The instruction, whose <see cref="RegionInstruction.Gprs"/> and <see cref="RegionInstruction.Vectors"/> are set.</param>
    public static void Find(InstructionInfoFactory information, RegionInstruction instruction)
    {
        ref readonly Instruction decoded = ref instruction.Decoded;
        uint gprs = 0, gprReads = 0, gprWrites = 0, vectors = 0, vectorReads = 0, vectorWrites = 0;
        foreach (UsedRegister used in information.GetInfo(decoded).GetUsedRegisters())
        {
            bool written = used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            if (used.Register.IsGPR())
            {
                uint bit = 1u << used.Register.GetFullRegister() - Register.RAX;
                gprs |= bit;
                gprWrites |= written ? bit : 0;
                // Narrow writes keep the rest.
                gprReads |= used.Access == OpAccess.Write && used.Register.GetSize() >= 4 ? 0 : bit;
            }
            else if (VectorNumber(used.Register) is { } number)
            {
                uint bit = 1u << number;
                vectors |= bit;
                vectorWrites |= written ? bit : 0;
                // What legacy forms write of a register is not always all of it.
                vectorReads |= used.Access == OpAccess.Write && (IsVex(decoded) || ReplacesLegacy(decoded)) ? 0 : bit;
            }
        }
        // The idioms for zero do not read the registers that they name, but our bodies do, whatever is in them.
        for (int i = 0; i < decoded.OpCount; i++)
        {
            Register named = decoded.GetOpKind(i) == OpKind.Register ? decoded.GetOpRegister(i) : Register.None;
            if (VectorNumber(named) is { } number)
                vectors |= 1u << number;
            else if (named.IsGPR())
                gprs |= 1u << named.GetFullRegister() - Register.RAX;
        }
        // The decoder does not name what these load.
        if (decoded.Mnemonic is Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xrstor or Mnemonic.Xrstor64)
            vectorWrites = 0xffff;
        instruction.Gprs = new RegisterUse(gprs, gprReads, gprWrites);
        instruction.Vectors = new RegisterUse(vectors, vectorReads, vectorWrites);
    }

    /// <summary>The number of a vector register, whatever part of it is named; null for others.</summary>
    public static int? VectorNumber(Register register) => register switch
    {
        >= Register.XMM0 and <= Register.XMM15 => register - Register.XMM0,
        >= Register.YMM0 and <= Register.YMM15 => register - Register.YMM0,
        >= Register.ZMM0 and <= Register.ZMM15 => register - Register.ZMM0,
        _ => null,
    };

    private static bool IsVex(in Instruction decoded) => decoded.Code.ToOpCode().Encoding == EncodingKind.VEX;

    /// <summary>Whether a legacy form replaces all 128 bits of its destination without regard to what they were.</summary>
    private static bool ReplacesLegacy(in Instruction decoded) => decoded.Mnemonic switch
    {
        Mnemonic.Movaps or Mnemonic.Movapd or Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqa or Mnemonic.Movdqu or Mnemonic.Lddqu
            or Mnemonic.Movq or Mnemonic.Movd or Mnemonic.Pshufd or Mnemonic.Pxor or Mnemonic.Xorps or Mnemonic.Xorpd => true,
        Mnemonic.Movsd or Mnemonic.Movss => decoded.Op1Kind == OpKind.Memory,
        _ => false,
    };
}
