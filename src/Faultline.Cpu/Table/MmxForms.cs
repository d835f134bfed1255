using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>MMX, and what SSE to SSSE3 added on MMX registers.</summary>
internal static unsafe class MmxForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Moves
        Code.Movq_mm_mmm64 or Code.Movq_mmm64_mm => Form.VectorMove(CpuFeature.Mmx).OnMmx(),
        Code.Movntq_m64_mm => Form.VectorMove(CpuFeature.Sse).OnMmx(),
        Code.Movd_mm_rm32 => Form.VectorFromInteger64(&VectorMoves.FromLowUInt32, CpuFeature.Mmx).OnMmx(),
        Code.Movq_mm_rm64 => Form.VectorFromInteger64(&VectorMoves.FromUInt64, CpuFeature.Mmx).OnMmx(),
        Code.Movd_rm32_mm => Form.VectorExtract(&VectorMoves.ToUInt32, CpuFeature.Mmx).OnMmx(),
        Code.Movq_rm64_mm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Mmx).OnMmx(),
        Code.Movq2dq_xmm_mm => Form.Whole(&VectorMmx.ToVector, CpuFeature.Sse2),
        Code.Movdq2q_mm_xmm => Form.Whole(&VectorMmx.FromVector, CpuFeature.Sse2),
        Code.Pmovmskb_r32_mm or Code.Pmovmskb_r64_mm => Form.VectorExtract(&VectorMoves.ByteSigns, CpuFeature.Sse).OnMmx(),
        Code.Maskmovq_rDI_mm_mm => Form.Whole(&VectorMasked.Store64, CpuFeature.Sse),
        Code.Pinsrw_mm_r32m16_imm8 or Code.Pinsrw_mm_r64m16_imm8 => Form.VectorInsert(&VectorMmx.Insert16, CpuFeature.Sse).OnMmx(),
        Code.Pextrw_r32_mm_imm8 or Code.Pextrw_r64_mm_imm8 => Form.VectorExtract(&VectorMmx.Extract16, CpuFeature.Sse).OnMmx(),
        Code.Emms => Form.Whole(&VectorMmx.Empty, CpuFeature.Mmx),

        // Bitwise, comparisons
        Code.Pand_mm_mmm64 => Form.VectorRmw(&VectorLogic.And, CpuFeature.Mmx).OnMmx(),
        Code.Pandn_mm_mmm64 => Form.VectorRmw(&VectorLogic.AndNot, CpuFeature.Mmx).OnMmx(),
        Code.Por_mm_mmm64 => Form.VectorRmw(&VectorLogic.Or, CpuFeature.Mmx).OnMmx(),
        Code.Pxor_mm_mmm64 => Form.VectorRmw(&VectorLogic.Xor, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpeqb_mm_mmm64 => Form.VectorRmw(&VectorCompare.Equal8, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpeqw_mm_mmm64 => Form.VectorRmw(&VectorCompare.Equal16, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpeqd_mm_mmm64 => Form.VectorRmw(&VectorCompare.Equal32, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpgtb_mm_mmm64 => Form.VectorRmw(&VectorCompare.Greater8, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpgtw_mm_mmm64 => Form.VectorRmw(&VectorCompare.Greater16, CpuFeature.Mmx).OnMmx(),
        Code.Pcmpgtd_mm_mmm64 => Form.VectorRmw(&VectorCompare.Greater32, CpuFeature.Mmx).OnMmx(),
        Code.Pminub_mm_mmm64 => Form.VectorRmw(&VectorCompare.MinU8, CpuFeature.Sse).OnMmx(),
        Code.Pmaxub_mm_mmm64 => Form.VectorRmw(&VectorCompare.MaxU8, CpuFeature.Sse).OnMmx(),
        Code.Pminsw_mm_mmm64 => Form.VectorRmw(&VectorCompare.MinS16, CpuFeature.Sse).OnMmx(),
        Code.Pmaxsw_mm_mmm64 => Form.VectorRmw(&VectorCompare.MaxS16, CpuFeature.Sse).OnMmx(),

        // Arithmetic
        Code.Paddb_mm_mmm64 => Form.VectorRmw(&VectorAdd.Add8, CpuFeature.Mmx).OnMmx(),
        Code.Paddw_mm_mmm64 => Form.VectorRmw(&VectorAdd.Add16, CpuFeature.Mmx).OnMmx(),
        Code.Paddd_mm_mmm64 => Form.VectorRmw(&VectorAdd.Add32, CpuFeature.Mmx).OnMmx(),
        Code.Paddq_mm_mmm64 => Form.VectorRmw(&VectorAdd.Add64, CpuFeature.Mmx).OnMmx(),
        Code.Psubb_mm_mmm64 => Form.VectorRmw(&VectorAdd.Sub8, CpuFeature.Mmx).OnMmx(),
        Code.Psubw_mm_mmm64 => Form.VectorRmw(&VectorAdd.Sub16, CpuFeature.Mmx).OnMmx(),
        Code.Psubd_mm_mmm64 => Form.VectorRmw(&VectorAdd.Sub32, CpuFeature.Mmx).OnMmx(),
        Code.Psubq_mm_mmm64 => Form.VectorRmw(&VectorAdd.Sub64, CpuFeature.Sse2).OnMmx(),
        Code.Paddsb_mm_mmm64 => Form.VectorRmw(&VectorAdd.AddSaturateS8, CpuFeature.Mmx).OnMmx(),
        Code.Paddsw_mm_mmm64 => Form.VectorRmw(&VectorAdd.AddSaturateS16, CpuFeature.Mmx).OnMmx(),
        Code.Paddusb_mm_mmm64 => Form.VectorRmw(&VectorAdd.AddSaturateU8, CpuFeature.Mmx).OnMmx(),
        Code.Paddusw_mm_mmm64 => Form.VectorRmw(&VectorAdd.AddSaturateU16, CpuFeature.Mmx).OnMmx(),
        Code.Psubsb_mm_mmm64 => Form.VectorRmw(&VectorAdd.SubSaturateS8, CpuFeature.Mmx).OnMmx(),
        Code.Psubsw_mm_mmm64 => Form.VectorRmw(&VectorAdd.SubSaturateS16, CpuFeature.Mmx).OnMmx(),
        Code.Psubusb_mm_mmm64 => Form.VectorRmw(&VectorAdd.SubSaturateU8, CpuFeature.Mmx).OnMmx(),
        Code.Psubusw_mm_mmm64 => Form.VectorRmw(&VectorAdd.SubSaturateU16, CpuFeature.Mmx).OnMmx(),
        Code.Pavgb_mm_mmm64 => Form.VectorRmw(&VectorAdd.Average8, CpuFeature.Sse).OnMmx(),
        Code.Pavgw_mm_mmm64 => Form.VectorRmw(&VectorAdd.Average16, CpuFeature.Sse).OnMmx(),
        Code.Pmullw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.Low16, CpuFeature.Mmx).OnMmx(),
        Code.Pmulhw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.HighS16, CpuFeature.Mmx).OnMmx(),
        Code.Pmulhuw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.HighU16, CpuFeature.Sse).OnMmx(),
        Code.Pmulhrsw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.HighRounded16, CpuFeature.Ssse3).OnMmx(),
        Code.Pmuludq_mm_mmm64 => Form.VectorRmw(&VectorMultiply.WideU32, CpuFeature.Sse2).OnMmx(),
        Code.Pmaddwd_mm_mmm64 => Form.VectorRmw(&VectorMultiply.AddPairs16, CpuFeature.Mmx).OnMmx(),
        Code.Pmaddubsw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.AddPairs8, CpuFeature.Ssse3).OnMmx(),
        Code.Psadbw_mm_mmm64 => Form.VectorRmw(&VectorMultiply.SumOfDifferences, CpuFeature.Sse).OnMmx(),
        Code.Phaddw_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalAdd16, CpuFeature.Ssse3).OnMmx(),
        Code.Phaddd_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalAdd32, CpuFeature.Ssse3).OnMmx(),
        Code.Phaddsw_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalAddSaturate16, CpuFeature.Ssse3).OnMmx(),
        Code.Phsubw_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalSub16, CpuFeature.Ssse3).OnMmx(),
        Code.Phsubd_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalSub32, CpuFeature.Ssse3).OnMmx(),
        Code.Phsubsw_mm_mmm64 => Form.VectorRmw(&VectorMmx.HorizontalSubSaturate16, CpuFeature.Ssse3).OnMmx(),
        Code.Psignb_mm_mmm64 => Form.VectorRmw(&VectorHorizontal.Sign8, CpuFeature.Ssse3).OnMmx(),
        Code.Psignw_mm_mmm64 => Form.VectorRmw(&VectorHorizontal.Sign16, CpuFeature.Ssse3).OnMmx(),
        Code.Psignd_mm_mmm64 => Form.VectorRmw(&VectorHorizontal.Sign32, CpuFeature.Ssse3).OnMmx(),
        Code.Pabsb_mm_mmm64 => Form.VectorCompute(&VectorHorizontal.Absolute8, CpuFeature.Ssse3).OnMmx(),
        Code.Pabsw_mm_mmm64 => Form.VectorCompute(&VectorHorizontal.Absolute16, CpuFeature.Ssse3).OnMmx(),
        Code.Pabsd_mm_mmm64 => Form.VectorCompute(&VectorHorizontal.Absolute32, CpuFeature.Ssse3).OnMmx(),

        // Shifts
        Code.Psllw_mm_mmm64 => Form.VectorRmw(&VectorShift.Left16, CpuFeature.Mmx).OnMmx(),
        Code.Pslld_mm_mmm64 => Form.VectorRmw(&VectorShift.Left32, CpuFeature.Mmx).OnMmx(),
        Code.Psllq_mm_mmm64 => Form.VectorRmw(&VectorShift.Left64, CpuFeature.Mmx).OnMmx(),
        Code.Psrlw_mm_mmm64 => Form.VectorRmw(&VectorShift.Right16, CpuFeature.Mmx).OnMmx(),
        Code.Psrld_mm_mmm64 => Form.VectorRmw(&VectorShift.Right32, CpuFeature.Mmx).OnMmx(),
        Code.Psrlq_mm_mmm64 => Form.VectorRmw(&VectorShift.Right64, CpuFeature.Mmx).OnMmx(),
        Code.Psraw_mm_mmm64 => Form.VectorRmw(&VectorShift.Arithmetic16, CpuFeature.Mmx).OnMmx(),
        Code.Psrad_mm_mmm64 => Form.VectorRmw(&VectorShift.Arithmetic32, CpuFeature.Mmx).OnMmx(),
        Code.Psllw_mm_imm8 => Form.VectorModify(&VectorShift.Left16Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Pslld_mm_imm8 => Form.VectorModify(&VectorShift.Left32Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psllq_mm_imm8 => Form.VectorModify(&VectorShift.Left64Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psrlw_mm_imm8 => Form.VectorModify(&VectorShift.Right16Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psrld_mm_imm8 => Form.VectorModify(&VectorShift.Right32Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psrlq_mm_imm8 => Form.VectorModify(&VectorShift.Right64Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psraw_mm_imm8 => Form.VectorModify(&VectorShift.Arithmetic16Immediate, CpuFeature.Mmx).OnMmx(),
        Code.Psrad_mm_imm8 => Form.VectorModify(&VectorShift.Arithmetic32Immediate, CpuFeature.Mmx).OnMmx(),

        // Interleaving, narrowing, shuffling
        Code.Punpcklbw_mm_mmm32 => Form.VectorRmw(&VectorShuffle.UnpackLow8, CpuFeature.Mmx).OnMmx(),
        Code.Punpcklwd_mm_mmm32 => Form.VectorRmw(&VectorShuffle.UnpackLow16, CpuFeature.Mmx).OnMmx(),
        Code.Punpckldq_mm_mmm32 => Form.VectorRmw(&VectorShuffle.UnpackLow32, CpuFeature.Mmx).OnMmx(),
        Code.Punpckhbw_mm_mmm64 => Form.VectorRmw(&VectorMmx.UnpackHigh8, CpuFeature.Mmx).OnMmx(),
        Code.Punpckhwd_mm_mmm64 => Form.VectorRmw(&VectorMmx.UnpackHigh16, CpuFeature.Mmx).OnMmx(),
        Code.Punpckhdq_mm_mmm64 => Form.VectorRmw(&VectorMmx.UnpackHigh32, CpuFeature.Mmx).OnMmx(),
        Code.Packsswb_mm_mmm64 => Form.VectorRmw(&VectorMmx.PackSaturateS8, CpuFeature.Mmx).OnMmx(),
        Code.Packssdw_mm_mmm64 => Form.VectorRmw(&VectorMmx.PackSaturateS16, CpuFeature.Mmx).OnMmx(),
        Code.Packuswb_mm_mmm64 => Form.VectorRmw(&VectorMmx.PackSaturateU8, CpuFeature.Mmx).OnMmx(),
        Code.Pshufb_mm_mmm64 => Form.VectorRmw(&VectorMmx.Shuffle, CpuFeature.Ssse3).OnMmx(),
        Code.Palignr_mm_mmm64_imm8 => Form.VectorRmw(&VectorMmx.AlignRight, CpuFeature.Ssse3).OnMmx(),
        Code.Pshufw_mm_mmm64_imm8 => Form.VectorCompute(&VectorShuffle.LowWords16, CpuFeature.Sse).OnMmx(),
        _ => default,
    };
}
