using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

// Register operands.
internal static unsafe partial class InstructionGenerator
{
    private static Register RegisterOf(SplitMix random, OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_opcode => Register.AL + random.Below(20),
        OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_opcode or OpCodeOperandKind.r16_rm => Register.AX + Gpr(random),
        OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_opcode or OpCodeOperandKind.r32_rm
            or OpCodeOperandKind.r32_vvvv => Register.EAX + Gpr(random),
        OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_opcode or OpCodeOperandKind.r64_rm
            or OpCodeOperandKind.r64_vvvv => Register.RAX + Gpr(random),
        OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem => Register.MM0 + random.Below(8),
        OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.xmm_vvvv
            or OpCodeOperandKind.xmm_is4 => Register.XMM0 + Vector(random),
        OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_vvvv
            or OpCodeOperandKind.ymm_is4 => Register.YMM0 + Vector(random),
        OpCodeOperandKind.seg_reg => random.Pick<Register>([Register.ES, Register.CS, Register.SS, Register.DS, Register.FS, Register.GS]),
        OpCodeOperandKind.cr_reg => random.Pick<Register>([Register.CR0, Register.CR2, Register.CR3, Register.CR4, Register.CR8]),
        OpCodeOperandKind.dr_reg => Register.DR0 + random.Below(8),
        OpCodeOperandKind.es => Register.ES,
        OpCodeOperandKind.cs => Register.CS,
        OpCodeOperandKind.ss => Register.SS,
        OpCodeOperandKind.ds => Register.DS,
        OpCodeOperandKind.fs => Register.FS,
        OpCodeOperandKind.gs => Register.GS,
        OpCodeOperandKind.al => Register.AL,
        OpCodeOperandKind.cl => Register.CL,
        OpCodeOperandKind.ax => Register.AX,
        OpCodeOperandKind.dx => Register.DX,
        OpCodeOperandKind.eax => Register.EAX,
        OpCodeOperandKind.rax => Register.RAX,
        OpCodeOperandKind.st0 => Register.ST0,
        OpCodeOperandKind.sti_opcode => Register.ST0 + random.Below(8),
        _ => Register.None,
    };

    /// <summary>RSP less often: it makes the case hard to read.</summary>
    private static int Gpr(SplitMix random)
    {
        int number = random.Below(16);
        return number == 4 && random.Chance(70) ? 0 : number;
    }

    /// <summary>Few registers most of the time, so that operands coincide.</summary>
    private static int Vector(SplitMix random) => random.Chance(60) ? random.Below(4) : random.Below(16);
}
