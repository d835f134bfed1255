using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>What an instruction does to the x87 stack when nothing unusual happens. Masks have a bit for each of ST(0) to ST(7) as they are before it.</summary>
/// <param name="Reads">Registers that must be in use.</param>
/// <param name="Pushes">The register that must be empty and is in use afterwards: ST(7) or none.</param>
/// <param name="Fills">Registers that are in use afterwards.</param>
/// <param name="Frees">Registers that are empty afterwards, whatever the other masks say.</param>
/// <param name="Turn">What is added to TOP.</param>
internal readonly record struct X87Effect(byte Reads, byte Pushes = 0, byte Fills = 0, byte Frees = 0, int Turn = 0)
{
    private const byte PushedRegister = 0x80;

    private static X87Effect Push(byte reads) => new(reads, Pushes: PushedRegister, Turn: -1);

    private static X87Effect Pop(byte reads, byte fills = 0) => new(reads, Fills: fills, Frees: 1, Turn: 1);

    /// <summary>The effect of an instruction; null when it has nothing to do with the x87 registers.</summary>
    /// <param name="decoded">The instruction.</param>
    /// <param name="isForeseeable">False when it uses the registers in a way that cannot be told beforehand, or as MMX registers.</param>
    public static X87Effect? Of(in Instruction decoded, out bool isForeseeable)
    {
        isForeseeable = true;
        if (!IsX87(decoded))
        {
            isForeseeable = !UsesState(decoded);
            return null;
        }
        byte both = (byte)(Register(decoded, 0) | Register(decoded, 1));
        switch (decoded.Mnemonic)
        {
            case Mnemonic.Fld:
                return Push(decoded.Op0Kind == OpKind.Register ? Register(decoded, 0) : (byte)0);
            case Mnemonic.Fild or Mnemonic.Fbld or Mnemonic.Fld1 or Mnemonic.Fldl2t or Mnemonic.Fldl2e or Mnemonic.Fldpi or Mnemonic.Fldlg2 or Mnemonic.Fldln2 or Mnemonic.Fldz:
                return Push(0);
            case Mnemonic.Fptan or Mnemonic.Fsincos or Mnemonic.Fxtract:
                return Push(1);
            case Mnemonic.Fadd or Mnemonic.Fmul or Mnemonic.Fsub or Mnemonic.Fsubr or Mnemonic.Fdiv or Mnemonic.Fdivr or Mnemonic.Fcom or Mnemonic.Fucom or Mnemonic.Fcomi or Mnemonic.Fucomi or Mnemonic.Fxch
                or Mnemonic.Fcmovb or Mnemonic.Fcmove or Mnemonic.Fcmovbe or Mnemonic.Fcmovu or Mnemonic.Fcmovnb or Mnemonic.Fcmovne or Mnemonic.Fcmovnbe or Mnemonic.Fcmovnu:
                return new X87Effect((byte)(both | 1));
            case Mnemonic.Faddp or Mnemonic.Fmulp or Mnemonic.Fsubp or Mnemonic.Fsubrp or Mnemonic.Fdivp or Mnemonic.Fdivrp or Mnemonic.Fcomp or Mnemonic.Fucomp or Mnemonic.Fcomip or Mnemonic.Fucomip:
                return Pop((byte)(both | 1));
            case Mnemonic.Fcompp or Mnemonic.Fucompp:
                return new X87Effect(3, Frees: 3, Turn: 2);
            case Mnemonic.Fiadd or Mnemonic.Fimul or Mnemonic.Fisub or Mnemonic.Fisubr or Mnemonic.Fidiv or Mnemonic.Fidivr or Mnemonic.Ficom or Mnemonic.Fist
                or Mnemonic.Fchs or Mnemonic.Fabs or Mnemonic.Ftst or Mnemonic.Fxam or Mnemonic.Fsqrt or Mnemonic.Frndint or Mnemonic.F2xm1 or Mnemonic.Fsin or Mnemonic.Fcos:
                return new X87Effect(1);
            case Mnemonic.Fscale or Mnemonic.Fprem or Mnemonic.Fprem1:
                return new X87Effect(3);
            case Mnemonic.Fyl2x or Mnemonic.Fyl2xp1 or Mnemonic.Fpatan:
                return Pop(3);
            case Mnemonic.Fst:
                return new X87Effect(1, Fills: Register(decoded, 0));
            case Mnemonic.Fstp:
                return Pop(1, Register(decoded, 0));
            case Mnemonic.Fistp or Mnemonic.Fisttp or Mnemonic.Fbstp or Mnemonic.Ficomp:
                return Pop(1);
            case Mnemonic.Ffree:
                return new X87Effect(0, Frees: Register(decoded, 0));
            case Mnemonic.Fnop or Mnemonic.Wait or Mnemonic.Fnstcw or Mnemonic.Fnstsw or Mnemonic.Fldcw or Mnemonic.Fnclex:
                return default(X87Effect);
            default:
                isForeseeable = false;
                return null;
        }
    }

    /// <summary>The mask of a register operand; 0 when the operand is something else.</summary>
    private static byte Register(in Instruction decoded, int operand) =>
        operand < decoded.OpCount && decoded.GetOpKind(operand) == OpKind.Register && decoded.GetOpRegister(operand) is >= Iced.Intel.Register.ST0 and <= Iced.Intel.Register.ST7 and var register
            ? (byte)(1 << (register - Iced.Intel.Register.ST0))
            : (byte)0;

    /// <summary>Escape opcodes and WAIT.</summary>
    private static bool IsX87(in Instruction decoded) => X87Forms.Lookup(decoded.Code).Feature == CpuFeature.X87;

    /// <summary>MMX instructions and those that save or restore the whole state.</summary>
    private static bool UsesState(in Instruction decoded)
    {
        if (decoded.Mnemonic is Mnemonic.Emms or Mnemonic.Femms or Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xsave or Mnemonic.Xsave64
            or Mnemonic.Xsavec or Mnemonic.Xsavec64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xrstor or Mnemonic.Xrstor64)
            return true;
        for (int i = 0; i < decoded.OpCount; i++)
        {
            if (decoded.GetOpKind(i) == OpKind.Register && decoded.GetOpRegister(i).IsMM())
                return true;
        }
        return false;
    }
}
