using Faultline.Cpu.Semantics.Integer;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Multiplication and division: group 3 (F6, F7), IMUL, MULX, and the sign extensions that go before IDIV.</summary>
internal static unsafe class MultiplyForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // MUL, IMUL
        Code.Mul_rm8 => Form.Whole(&Multiply.Mul8),
        Code.Mul_rm16 => Form.Whole(&Multiply.Mul16),
        Code.Mul_rm32 => Form.Whole(&Multiply.Mul32),
        Code.Mul_rm64 => Form.Whole(&Multiply.Mul64),
        Code.Imul_rm8 => Form.Whole(&Multiply.ImulWide8),
        Code.Imul_rm16 => Form.Whole(&Multiply.ImulWide16),
        Code.Imul_rm32 => Form.Whole(&Multiply.ImulWide32),
        Code.Imul_rm64 => Form.Whole(&Multiply.ImulWide64),
        Code.Imul_r16_rm16 => Form.Rmw(&Multiply.Imul16),
        Code.Imul_r32_rm32 => Form.Rmw(&Multiply.Imul32),
        Code.Imul_r64_rm64 => Form.Rmw(&Multiply.Imul64),
        Code.Imul_r16_rm16_imm16 or Code.Imul_r16_rm16_imm8 => Form.Compute2(&Multiply.Imul16),
        Code.Imul_r32_rm32_imm32 or Code.Imul_r32_rm32_imm8 => Form.Compute2(&Multiply.Imul32),
        Code.Imul_r64_rm64_imm32 or Code.Imul_r64_rm64_imm8 => Form.Compute2(&Multiply.Imul64),
        Code.VEX_Mulx_r32_r32_rm32 => Form.Whole(&Multiply.Mulx32, CpuFeature.Bmi2),
        Code.VEX_Mulx_r64_r64_rm64 => Form.Whole(&Multiply.Mulx64, CpuFeature.Bmi2),

        // DIV, IDIV
        Code.Div_rm8 => Form.Whole(&Divide.Div8),
        Code.Div_rm16 => Form.Whole(&Divide.Div16),
        Code.Div_rm32 => Form.Whole(&Divide.Div32),
        Code.Div_rm64 => Form.Whole(&Divide.Div64),
        Code.Idiv_rm8 => Form.Whole(&Divide.Idiv8),
        Code.Idiv_rm16 => Form.Whole(&Divide.Idiv16),
        Code.Idiv_rm32 => Form.Whole(&Divide.Idiv32),
        Code.Idiv_rm64 => Form.Whole(&Divide.Idiv64),

        // CBW, CWDE, CDQE, CWD, CDQ, CQO
        Code.Cbw => Form.Whole(&SignExtension.Cbw),
        Code.Cwde => Form.Whole(&SignExtension.Cwde),
        Code.Cdqe => Form.Whole(&SignExtension.Cdqe),
        Code.Cwd => Form.Whole(&SignExtension.Cwd),
        Code.Cdq => Form.Whole(&SignExtension.Cdq),
        Code.Cqo => Form.Whole(&SignExtension.Cqo),
        _ => default,
    };
}
