using Faultline.Cpu.Interpreter.Direct;
using Faultline.Cpu.Semantics.Integer;
using Faultline.Cpu.Semantics.Machine;
using Faultline.Cpu.State;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Branches and system entry.</summary>
internal static unsafe class BranchForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Jcc, JMP, CALL, RET
        Code.Jo_rel8_64 or Code.Jo_rel32_64 => Form.ConditionalJump(&Condition.O).With(&DirectJump<IfO>.Bind),
        Code.Jno_rel8_64 or Code.Jno_rel32_64 => Form.ConditionalJump(&Condition.NO).With(&DirectJump<IfNO>.Bind),
        Code.Jb_rel8_64 or Code.Jb_rel32_64 => Form.ConditionalJump(&Condition.B).With(&DirectJump<IfB>.Bind),
        Code.Jae_rel8_64 or Code.Jae_rel32_64 => Form.ConditionalJump(&Condition.AE).With(&DirectJump<IfAE>.Bind),
        Code.Je_rel8_64 or Code.Je_rel32_64 => Form.ConditionalJump(&Condition.E).With(&DirectJump<IfE>.Bind),
        Code.Jne_rel8_64 or Code.Jne_rel32_64 => Form.ConditionalJump(&Condition.NE).With(&DirectJump<IfNE>.Bind),
        Code.Jbe_rel8_64 or Code.Jbe_rel32_64 => Form.ConditionalJump(&Condition.BE).With(&DirectJump<IfBE>.Bind),
        Code.Ja_rel8_64 or Code.Ja_rel32_64 => Form.ConditionalJump(&Condition.A).With(&DirectJump<IfA>.Bind),
        Code.Js_rel8_64 or Code.Js_rel32_64 => Form.ConditionalJump(&Condition.S).With(&DirectJump<IfS>.Bind),
        Code.Jns_rel8_64 or Code.Jns_rel32_64 => Form.ConditionalJump(&Condition.NS).With(&DirectJump<IfNS>.Bind),
        Code.Jp_rel8_64 or Code.Jp_rel32_64 => Form.ConditionalJump(&Condition.P).With(&DirectJump<IfP>.Bind),
        Code.Jnp_rel8_64 or Code.Jnp_rel32_64 => Form.ConditionalJump(&Condition.NP).With(&DirectJump<IfNP>.Bind),
        Code.Jl_rel8_64 or Code.Jl_rel32_64 => Form.ConditionalJump(&Condition.L).With(&DirectJump<IfL>.Bind),
        Code.Jge_rel8_64 or Code.Jge_rel32_64 => Form.ConditionalJump(&Condition.GE).With(&DirectJump<IfGE>.Bind),
        Code.Jle_rel8_64 or Code.Jle_rel32_64 => Form.ConditionalJump(&Condition.LE).With(&DirectJump<IfLE>.Bind),
        Code.Jg_rel8_64 or Code.Jg_rel32_64 => Form.ConditionalJump(&Condition.G).With(&DirectJump<IfG>.Bind),
        Code.Jmp_rel8_64 or Code.Jmp_rel32_64 => Form.Branch(FormShape.Jump),
        Code.Call_rel32_64 => Form.Branch(FormShape.Call),
        Code.Jmp_rm64 => Form.Branch(FormShape.JumpIndirect),
        Code.Call_rm64 => Form.Branch(FormShape.CallIndirect),
        Code.Retnq or Code.Retnq_imm16 => Form.Branch(FormShape.Return),

        // LOOP, JRCXZ
        Code.Loop_rel8_64_RCX => Form.ConditionalJump(&CountedBranch.Loop64),
        Code.Loop_rel8_64_ECX => Form.ConditionalJump(&CountedBranch.Loop32),
        Code.Loope_rel8_64_RCX => Form.ConditionalJump(&CountedBranch.Loope64),
        Code.Loope_rel8_64_ECX => Form.ConditionalJump(&CountedBranch.Loope32),
        Code.Loopne_rel8_64_RCX => Form.ConditionalJump(&CountedBranch.Loopne64),
        Code.Loopne_rel8_64_ECX => Form.ConditionalJump(&CountedBranch.Loopne32),
        Code.Jrcxz_rel8_64 => Form.ConditionalJump(&CountedBranch.Jrcxz),
        Code.Jecxz_rel8_64 => Form.ConditionalJump(&CountedBranch.Jecxz),

        // Far transfers
        Code.Jmp_m1616 => Form.WholeBranch(&FarTransfer.Jump16),
        Code.Jmp_m1632 => Form.WholeBranch(&FarTransfer.Jump32),
        Code.Jmp_m1664 => Form.WholeBranch(&FarTransfer.Jump64),
        Code.Call_m1616 => Form.WholeBranch(&FarTransfer.Call16),
        Code.Call_m1632 => Form.WholeBranch(&FarTransfer.Call32),
        Code.Call_m1664 => Form.WholeBranch(&FarTransfer.Call64),
        Code.Retfw or Code.Retfw_imm16 => Form.WholeBranch(&FarTransfer.Return16),
        Code.Retfd or Code.Retfd_imm16 => Form.WholeBranch(&FarTransfer.Return32),
        Code.Retfq or Code.Retfq_imm16 => Form.WholeBranch(&FarTransfer.Return64),
        Code.Iretw => Form.WholeBranch(&FarTransfer.Iret16),
        Code.Iretd => Form.WholeBranch(&FarTransfer.Iret32),
        Code.Iretq => Form.WholeBranch(&FarTransfer.Iret64),

        // Breakpoints and software interrupts
        Code.Int3 => Form.WholeBranch(&Faults.Int3),
        Code.Int1 => Form.WholeBranch(&Faults.Int1),
        Code.Int_imm8 => Form.WholeBranch(&Faults.Int),

        // Leaving for the operating system
        Code.Syscall => new(FormShape.SystemCall, 0, 0, CpuFeature.Base, InstructionClass.System),
        _ => default,
    };
}
