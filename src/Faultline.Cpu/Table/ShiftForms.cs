using Faultline.Cpu.Semantics.Integer;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Shifts and rotates: group 2 (C0, C1, D0 to D3), SHLD and SHRD.</summary>
internal static unsafe class ShiftForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // ROL
        Code.Rol_rm8_1 or Code.Rol_rm8_CL or Code.Rol_rm8_imm8 => Form.Shift(&Rotates.Rol8),
        Code.Rol_rm16_1 or Code.Rol_rm16_CL or Code.Rol_rm16_imm8 => Form.Shift(&Rotates.Rol16),
        Code.Rol_rm32_1 or Code.Rol_rm32_CL or Code.Rol_rm32_imm8 => Form.Shift(&Rotates.Rol32),
        Code.Rol_rm64_1 or Code.Rol_rm64_CL or Code.Rol_rm64_imm8 => Form.Shift(&Rotates.Rol64),

        // ROR
        Code.Ror_rm8_1 or Code.Ror_rm8_CL or Code.Ror_rm8_imm8 => Form.Shift(&Rotates.Ror8),
        Code.Ror_rm16_1 or Code.Ror_rm16_CL or Code.Ror_rm16_imm8 => Form.Shift(&Rotates.Ror16),
        Code.Ror_rm32_1 or Code.Ror_rm32_CL or Code.Ror_rm32_imm8 => Form.Shift(&Rotates.Ror32),
        Code.Ror_rm64_1 or Code.Ror_rm64_CL or Code.Ror_rm64_imm8 => Form.Shift(&Rotates.Ror64),

        // RCL
        Code.Rcl_rm8_1 or Code.Rcl_rm8_CL or Code.Rcl_rm8_imm8 => Form.Shift(&Rotates.Rcl8),
        Code.Rcl_rm16_1 or Code.Rcl_rm16_CL or Code.Rcl_rm16_imm8 => Form.Shift(&Rotates.Rcl16),
        Code.Rcl_rm32_1 or Code.Rcl_rm32_CL or Code.Rcl_rm32_imm8 => Form.Shift(&Rotates.Rcl32),
        Code.Rcl_rm64_1 or Code.Rcl_rm64_CL or Code.Rcl_rm64_imm8 => Form.Shift(&Rotates.Rcl64),

        // RCR
        Code.Rcr_rm8_1 or Code.Rcr_rm8_CL or Code.Rcr_rm8_imm8 => Form.Shift(&Rotates.Rcr8),
        Code.Rcr_rm16_1 or Code.Rcr_rm16_CL or Code.Rcr_rm16_imm8 => Form.Shift(&Rotates.Rcr16),
        Code.Rcr_rm32_1 or Code.Rcr_rm32_CL or Code.Rcr_rm32_imm8 => Form.Shift(&Rotates.Rcr32),
        Code.Rcr_rm64_1 or Code.Rcr_rm64_CL or Code.Rcr_rm64_imm8 => Form.Shift(&Rotates.Rcr64),

        // SHL
        Code.Shl_rm8_1 or Code.Shl_rm8_CL or Code.Shl_rm8_imm8 or Code.Sal_rm8_1 or Code.Sal_rm8_CL or Code.Sal_rm8_imm8 => Form.Shift(&Shifts.Shl8),
        Code.Shl_rm16_1 or Code.Shl_rm16_CL or Code.Shl_rm16_imm8 or Code.Sal_rm16_1 or Code.Sal_rm16_CL or Code.Sal_rm16_imm8 => Form.Shift(&Shifts.Shl16),
        Code.Shl_rm32_1 or Code.Shl_rm32_CL or Code.Shl_rm32_imm8 or Code.Sal_rm32_1 or Code.Sal_rm32_CL or Code.Sal_rm32_imm8 => Form.Shift(&Shifts.Shl32),
        Code.Shl_rm64_1 or Code.Shl_rm64_CL or Code.Shl_rm64_imm8 or Code.Sal_rm64_1 or Code.Sal_rm64_CL or Code.Sal_rm64_imm8 => Form.Shift(&Shifts.Shl64),

        // SHR
        Code.Shr_rm8_1 or Code.Shr_rm8_CL or Code.Shr_rm8_imm8 => Form.Shift(&Shifts.Shr8),
        Code.Shr_rm16_1 or Code.Shr_rm16_CL or Code.Shr_rm16_imm8 => Form.Shift(&Shifts.Shr16),
        Code.Shr_rm32_1 or Code.Shr_rm32_CL or Code.Shr_rm32_imm8 => Form.Shift(&Shifts.Shr32),
        Code.Shr_rm64_1 or Code.Shr_rm64_CL or Code.Shr_rm64_imm8 => Form.Shift(&Shifts.Shr64),

        // SAR
        Code.Sar_rm8_1 or Code.Sar_rm8_CL or Code.Sar_rm8_imm8 => Form.Shift(&Shifts.Sar8),
        Code.Sar_rm16_1 or Code.Sar_rm16_CL or Code.Sar_rm16_imm8 => Form.Shift(&Shifts.Sar16),
        Code.Sar_rm32_1 or Code.Sar_rm32_CL or Code.Sar_rm32_imm8 => Form.Shift(&Shifts.Sar32),
        Code.Sar_rm64_1 or Code.Sar_rm64_CL or Code.Sar_rm64_imm8 => Form.Shift(&Shifts.Sar64),

        // SHLD, SHRD
        Code.Shld_rm16_r16_imm8 or Code.Shld_rm16_r16_CL => Form.DoubleShift(&DoubleShifts.Shld16),
        Code.Shld_rm32_r32_imm8 or Code.Shld_rm32_r32_CL => Form.DoubleShift(&DoubleShifts.Shld32),
        Code.Shld_rm64_r64_imm8 or Code.Shld_rm64_r64_CL => Form.DoubleShift(&DoubleShifts.Shld64),
        Code.Shrd_rm16_r16_imm8 or Code.Shrd_rm16_r16_CL => Form.DoubleShift(&DoubleShifts.Shrd16),
        Code.Shrd_rm32_r32_imm8 or Code.Shrd_rm32_r32_CL => Form.DoubleShift(&DoubleShifts.Shrd32),
        Code.Shrd_rm64_r64_imm8 or Code.Shrd_rm64_r64_CL => Form.DoubleShift(&DoubleShifts.Shrd64),
        _ => default,
    };
}
