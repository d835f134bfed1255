using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.VectorFloat;

/// <summary>Every SSE floating-point instruction against the host processor, through the interpreter: results and MXCSR, all rounding modes, FTZ and DAZ.</summary>
public sealed class NativeVectorTests
{
    private const int Rounds = 4000;

    /// <summary>Names of instructions whose operands are xmm0 and xmm1.</summary>
    public static TheoryData<string> Plain =>
    [
        "addps", "addpd", "addss", "addsd", "subps", "subpd", "subss", "subsd", "mulps", "mulpd", "mulss", "mulsd", "divps", "divpd", "divss", "divsd",
        "sqrtps", "sqrtpd", "sqrtss", "sqrtsd", "minps", "minpd", "minss", "minsd", "maxps", "maxpd", "maxss", "maxsd",
        "addsubps", "addsubpd", "haddps", "haddpd", "hsubps", "hsubpd", "comiss", "comisd", "ucomiss", "ucomisd",
        "cvtdq2ps", "cvtdq2pd", "cvtps2dq", "cvttps2dq", "cvtpd2dq", "cvttpd2dq", "cvtps2pd", "cvtpd2ps", "cvtss2sd", "cvtsd2ss",
    ];

    /// <summary>Instructions between XMM registers and MMX or general registers.</summary>
    public static TheoryData<string> Mixed =>
    [
        "cvtpi2ps", "cvtpi2pd", "cvtps2pi", "cvttps2pi", "cvtpd2pi", "cvttpd2pi", "cvtsi2ss", "cvtsi2sd", "cvtsi2ssq", "cvtsi2sdq",
        "cvtss2si", "cvttss2si", "cvtsd2si", "cvttsd2si", "cvtss2siq", "cvttss2siq", "cvtsd2siq", "cvttsd2siq",
    ];

    /// <summary>Instructions with an immediate, and how many values of it matter.</summary>
    public static TheoryData<string, int> Immediate => new()
    {
        { "cmpps", 8 }, { "cmppd", 8 }, { "cmpss", 8 }, { "cmpsd", 8 },
        { "roundps", 16 }, { "roundpd", 16 }, { "roundss", 16 }, { "roundsd", 16 },
    };

    public static TheoryData<string, int> DotProducts => new()
    {
        { "dpps", 256 }, { "dppd", 256 },
    };

    [NativeTheory]
    [MemberData(nameof(Plain))]
    public void TwoVectors(string name) => Compare(name, a => Emit(a, name), Rounds);

    [NativeTheory]
    [MemberData(nameof(Mixed))]
    public void OtherRegisters(string name) => Compare(name, a => Emit(a, name), Rounds);

    /// <summary>Which of several NaNs the sum has is the processor's choice.</summary>
    [NativeTheory(DecidesAlike = true)]
    [MemberData(nameof(DotProducts))]
    public void SumsOfProducts(string name, int count) => WithImmediate(name, count);

    [NativeTheory]
    [MemberData(nameof(Immediate))]
    public void WithImmediate(string name, int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte immediate = (byte)i;
            Compare($"{name} {i}", a => Emit(a, name, immediate), Math.Max(100, Rounds * 2 / count));
        }
    }

    /// <summary>The approximations are those of one model, so only that one can prove them.</summary>
    [NativeTheory]
    [InlineData("rcpps")]
    [InlineData("rcpss")]
    [InlineData("rsqrtps")]
    [InlineData("rsqrtss")]
    public void Approximations(string name)
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Ecx != 0x444D4163 || (X86Base.CpuId(1, 0).Eax & 0x0FFF0FF0) != 0x00A10F10)
            return;
        Compare(name, a => Emit(a, name), Rounds * 10);
    }

    private static void Compare(string name, Action<Assembler> instruction, int rounds)
    {
        using VectorNative code = new(name, instruction);
        Operands operands = new(name.Length + rounds);
        bool single = name.Contains("ss", StringComparison.Ordinal) || name.Contains("ps", StringComparison.Ordinal);
        bool both = name.StartsWith("cvt", StringComparison.Ordinal);
        for (int i = 0; i < rounds; i++)
        {
            ulong a0 = Next(), a1 = Next(), b0 = Next(), b1 = Next();
            if (operands.Next(8) == 0)
                (b0, b1) = (a0, a1 ^ ((ulong)operands.Next(2) << 63));
            uint mode = (uint)operands.Next(16);
            // Half of the cases are what compilers leave alone: nearest, with PE set or not.
            uint mxcsr = operands.Next(2) == 0 ? 0x1F80 : 0x1F80 | ((mode & 3) << 13) | ((mode & 4) << 4) | ((mode & 8) << 12);
            mxcsr |= (uint)operands.Next(2) << 5;
            code.Check(a0, a1, b0, b1, mxcsr);
        }

        ulong Next()
        {
            if (both && operands.Next(2) == 0)
                return operands.Bits(operands.Next(64) + 1) ^ (operands.Next(2) == 0 ? 0 : ulong.MaxValue);
            return single != (both && operands.Next(4) == 0) ? operands.Next32() | ((ulong)operands.Next32() << 32) : operands.Next64();
        }
    }

    private static void Emit(Assembler a, string name, byte immediate = 0)
    {
        switch (name)
        {
            case "cvtpi2ps":
                a.cvtpi2ps(xmm0, mm1);
                break;
            case "cvtpi2pd":
                a.cvtpi2pd(xmm0, mm1);
                break;
            case "cvtps2pi":
                a.cvtps2pi(mm0, xmm1);
                break;
            case "cvttps2pi":
                a.cvttps2pi(mm0, xmm1);
                break;
            case "cvtpd2pi":
                a.cvtpd2pi(mm0, xmm1);
                break;
            case "cvttpd2pi":
                a.cvttpd2pi(mm0, xmm1);
                break;
            case "cvtsi2ss":
                a.cvtsi2ss(xmm0, eax);
                break;
            case "cvtsi2sd":
                a.cvtsi2sd(xmm0, eax);
                break;
            case "cvtsi2ssq":
                a.cvtsi2ss(xmm0, rax);
                break;
            case "cvtsi2sdq":
                a.cvtsi2sd(xmm0, rax);
                break;
            case "cvtss2si":
                a.cvtss2si(eax, xmm1);
                break;
            case "cvttss2si":
                a.cvttss2si(eax, xmm1);
                break;
            case "cvtsd2si":
                a.cvtsd2si(eax, xmm1);
                break;
            case "cvttsd2si":
                a.cvttsd2si(eax, xmm1);
                break;
            case "cvtss2siq":
                a.cvtss2si(rax, xmm1);
                break;
            case "cvttss2siq":
                a.cvttss2si(rax, xmm1);
                break;
            case "cvtsd2siq":
                a.cvtsd2si(rax, xmm1);
                break;
            case "cvttsd2siq":
                a.cvttsd2si(rax, xmm1);
                break;
            default:
                a.AddInstruction(VectorInstruction(name, immediate));
                break;
        }
    }

    /// <summary>The form of that name with xmm0 and xmm1 as operands.</summary>
    private static Instruction VectorInstruction(string name, byte immediate)
    {
        foreach (Code code in Enum.GetValues<Code>())
        {
            string text = code.ToString();
            if (!text.StartsWith(name + "_xmm_xmmm", StringComparison.OrdinalIgnoreCase))
                continue;
            return text.EndsWith("_imm8", StringComparison.Ordinal)
                ? Instruction.Create(code, Register.XMM0, Register.XMM1, (uint)immediate)
                : Instruction.Create(code, Register.XMM0, Register.XMM1);
        }

        throw new ArgumentException(name);
    }
}
