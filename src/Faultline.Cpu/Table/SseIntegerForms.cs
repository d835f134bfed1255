using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>SSE and SSE2 on XMM registers: integers, bitwise operations, shuffles.</summary>
internal static unsafe class SseIntegerForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Bitwise
        Code.Pxor_xmm_xmmm128 or Code.Xorpd_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.Xor, CpuFeature.Sse2),
        Code.Por_xmm_xmmm128 or Code.Orpd_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.Or, CpuFeature.Sse2),
        Code.Pand_xmm_xmmm128 or Code.Andpd_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.And, CpuFeature.Sse2),
        Code.Pandn_xmm_xmmm128 or Code.Andnpd_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.AndNot, CpuFeature.Sse2),
        Code.Xorps_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.Xor, CpuFeature.Sse),
        Code.Orps_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.Or, CpuFeature.Sse),
        Code.Andps_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.And, CpuFeature.Sse),
        Code.Andnps_xmm_xmmm128 => Form.VectorRmw(&VectorLogic.AndNot, CpuFeature.Sse),

        // Comparisons, minimum, maximum
        Code.Pcmpeqb_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Equal8, CpuFeature.Sse2),
        Code.Pcmpeqw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Equal16, CpuFeature.Sse2),
        Code.Pcmpeqd_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Equal32, CpuFeature.Sse2),
        Code.Pcmpgtb_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Greater8, CpuFeature.Sse2),
        Code.Pcmpgtw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Greater16, CpuFeature.Sse2),
        Code.Pcmpgtd_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Greater32, CpuFeature.Sse2),
        Code.Pminub_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinU8, CpuFeature.Sse2),
        Code.Pmaxub_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxU8, CpuFeature.Sse2),
        Code.Pminsw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinS16, CpuFeature.Sse2),
        Code.Pmaxsw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxS16, CpuFeature.Sse2),

        // Addition, subtraction
        Code.Paddb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Add8, CpuFeature.Sse2),
        Code.Paddw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Add16, CpuFeature.Sse2),
        Code.Paddd_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Add32, CpuFeature.Sse2),
        Code.Paddq_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Add64, CpuFeature.Sse2),
        Code.Psubb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Sub8, CpuFeature.Sse2),
        Code.Psubw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Sub16, CpuFeature.Sse2),
        Code.Psubd_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Sub32, CpuFeature.Sse2),
        Code.Psubq_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Sub64, CpuFeature.Sse2),
        Code.Paddsb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.AddSaturateS8, CpuFeature.Sse2),
        Code.Paddsw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.AddSaturateS16, CpuFeature.Sse2),
        Code.Paddusb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.AddSaturateU8, CpuFeature.Sse2),
        Code.Paddusw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.AddSaturateU16, CpuFeature.Sse2),
        Code.Psubsb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.SubSaturateS8, CpuFeature.Sse2),
        Code.Psubsw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.SubSaturateS16, CpuFeature.Sse2),
        Code.Psubusb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.SubSaturateU8, CpuFeature.Sse2),
        Code.Psubusw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.SubSaturateU16, CpuFeature.Sse2),
        Code.Pavgb_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Average8, CpuFeature.Sse2),
        Code.Pavgw_xmm_xmmm128 => Form.VectorRmw(&VectorAdd.Average16, CpuFeature.Sse2),

        // Shifts
        Code.Psllw_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Left16, CpuFeature.Sse2),
        Code.Pslld_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Left32, CpuFeature.Sse2),
        Code.Psllq_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Left64, CpuFeature.Sse2),
        Code.Psrlw_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Right16, CpuFeature.Sse2),
        Code.Psrld_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Right32, CpuFeature.Sse2),
        Code.Psrlq_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Right64, CpuFeature.Sse2),
        Code.Psraw_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Arithmetic16, CpuFeature.Sse2),
        Code.Psrad_xmm_xmmm128 => Form.VectorRmw(&VectorShift.Arithmetic32, CpuFeature.Sse2),
        Code.Psllw_xmm_imm8 => Form.VectorModify(&VectorShift.Left16Immediate, CpuFeature.Sse2),
        Code.Pslld_xmm_imm8 => Form.VectorModify(&VectorShift.Left32Immediate, CpuFeature.Sse2),
        Code.Psllq_xmm_imm8 => Form.VectorModify(&VectorShift.Left64Immediate, CpuFeature.Sse2),
        Code.Psrlw_xmm_imm8 => Form.VectorModify(&VectorShift.Right16Immediate, CpuFeature.Sse2),
        Code.Psrld_xmm_imm8 => Form.VectorModify(&VectorShift.Right32Immediate, CpuFeature.Sse2),
        Code.Psrlq_xmm_imm8 => Form.VectorModify(&VectorShift.Right64Immediate, CpuFeature.Sse2),
        Code.Psraw_xmm_imm8 => Form.VectorModify(&VectorShift.Arithmetic16Immediate, CpuFeature.Sse2),
        Code.Psrad_xmm_imm8 => Form.VectorModify(&VectorShift.Arithmetic32Immediate, CpuFeature.Sse2),
        Code.Pslldq_xmm_imm8 => Form.VectorModify(&VectorShift.LeftBytes, CpuFeature.Sse2),
        Code.Psrldq_xmm_imm8 => Form.VectorModify(&VectorShift.RightBytes, CpuFeature.Sse2),

        // Interleaving and shuffling
        Code.Punpcklbw_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackLow8, CpuFeature.Sse2),
        Code.Punpcklwd_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackLow16, CpuFeature.Sse2),
        Code.Punpckldq_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackLow32, CpuFeature.Sse2),
        Code.Punpcklqdq_xmm_xmmm128 or Code.Unpcklpd_xmm_xmmm128 => Form.VectorRmw(&VectorMoves.SetUpperFromLower, CpuFeature.Sse2),
        Code.Punpckhbw_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackHigh8, CpuFeature.Sse2),
        Code.Punpckhwd_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackHigh16, CpuFeature.Sse2),
        Code.Punpckhdq_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackHigh32, CpuFeature.Sse2),
        Code.Punpckhqdq_xmm_xmmm128 or Code.Unpckhpd_xmm_xmmm128 => Form.VectorRmw(&VectorMoves.Uppers, CpuFeature.Sse2),
        Code.Unpcklps_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackLow32, CpuFeature.Sse),
        Code.Unpckhps_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.UnpackHigh32, CpuFeature.Sse),
        Code.Pshufd_xmm_xmmm128_imm8 => Form.VectorCompute(&VectorShuffle.Words32, CpuFeature.Sse2),
        Code.Pshuflw_xmm_xmmm128_imm8 => Form.VectorCompute(&VectorShuffle.LowWords16, CpuFeature.Sse2),
        Code.Pshufhw_xmm_xmmm128_imm8 => Form.VectorCompute(&VectorShuffle.HighWords16, CpuFeature.Sse2),
        Code.Shufps_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorShuffle.Singles, CpuFeature.Sse),
        Code.Shufpd_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorShuffle.Doubles, CpuFeature.Sse2),

        // Products and sums
        Code.Pmullw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.Low16, CpuFeature.Sse2),
        Code.Pmulhw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.HighS16, CpuFeature.Sse2),
        Code.Pmulhuw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.HighU16, CpuFeature.Sse2),
        Code.Pmuludq_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.WideU32, CpuFeature.Sse2),
        Code.Pmaddwd_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.AddPairs16, CpuFeature.Sse2),
        Code.Psadbw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.SumOfDifferences, CpuFeature.Sse2),

        // Narrowing, lanes, masked stores
        Code.Packsswb_xmm_xmmm128 => Form.VectorRmw(&VectorPack.SaturateS8, CpuFeature.Sse2),
        Code.Packssdw_xmm_xmmm128 => Form.VectorRmw(&VectorPack.SaturateS16, CpuFeature.Sse2),
        Code.Packuswb_xmm_xmmm128 => Form.VectorRmw(&VectorPack.SaturateU8, CpuFeature.Sse2),
        Code.Pinsrw_xmm_r32m16_imm8 or Code.Pinsrw_xmm_r64m16_imm8 => Form.VectorInsert(&VectorBlend.Insert16, CpuFeature.Sse2),
        Code.Pextrw_r32_xmm_imm8 or Code.Pextrw_r64_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract16, CpuFeature.Sse2),
        Code.Maskmovdqu_rDI_xmm_xmm => Form.Whole(&VectorMasked.Store128, CpuFeature.Sse2),
        _ => default,
    };
}
