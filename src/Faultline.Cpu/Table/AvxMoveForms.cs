using Faultline.Cpu.Semantics.Machine;
using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>AVX data movement.</summary>
internal static unsafe class AvxMoveForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Whole registers
        Code.VEX_Vmovups_xmm_xmmm128 or Code.VEX_Vmovups_xmmm128_xmm or Code.VEX_Vmovupd_xmm_xmmm128 or Code.VEX_Vmovupd_xmmm128_xmm
            or Code.VEX_Vmovdqu_xmm_xmmm128 or Code.VEX_Vmovdqu_xmmm128_xmm or Code.VEX_Vlddqu_xmm_m128 => Form.VexMove(16, CpuFeature.Avx),
        Code.VEX_Vmovups_ymm_ymmm256 or Code.VEX_Vmovups_ymmm256_ymm or Code.VEX_Vmovupd_ymm_ymmm256 or Code.VEX_Vmovupd_ymmm256_ymm
            or Code.VEX_Vmovdqu_ymm_ymmm256 or Code.VEX_Vmovdqu_ymmm256_ymm or Code.VEX_Vlddqu_ymm_m256 => Form.VexMove(32, CpuFeature.Avx),
        Code.VEX_Vmovaps_xmm_xmmm128 or Code.VEX_Vmovaps_xmmm128_xmm or Code.VEX_Vmovapd_xmm_xmmm128 or Code.VEX_Vmovapd_xmmm128_xmm
            or Code.VEX_Vmovdqa_xmm_xmmm128 or Code.VEX_Vmovdqa_xmmm128_xmm => Form.VexMove(16, CpuFeature.Avx, aligned: true),
        Code.VEX_Vmovaps_ymm_ymmm256 or Code.VEX_Vmovaps_ymmm256_ymm or Code.VEX_Vmovapd_ymm_ymmm256 or Code.VEX_Vmovapd_ymmm256_ymm
            or Code.VEX_Vmovdqa_ymm_ymmm256 or Code.VEX_Vmovdqa_ymmm256_ymm => Form.VexMove(32, CpuFeature.Avx, aligned: true),

        // Non-temporal: the hint changes nothing here
        Code.VEX_Vmovntps_m128_xmm or Code.VEX_Vmovntpd_m128_xmm or Code.VEX_Vmovntdq_m128_xmm
            or Code.VEX_Vmovntdqa_xmm_m128 => Form.VexMove(16, CpuFeature.Avx, aligned: true),
        Code.VEX_Vmovntps_m256_ymm or Code.VEX_Vmovntpd_m256_ymm or Code.VEX_Vmovntdq_m256_ymm => Form.VexMove(32, CpuFeature.Avx, aligned: true),
        Code.VEX_Vmovntdqa_ymm_m256 => Form.VexMove(32, CpuFeature.Avx2, aligned: true),

        // Scalars
        Code.VEX_Vmovss_xmm_xmm_xmm or Code.VEX_Vmovss_xmm_xmm_xmm_0F11 => Form.Vex128(&VectorMoves.SetSingle, CpuFeature.Avx),
        Code.VEX_Vmovsd_xmm_xmm_xmm or Code.VEX_Vmovsd_xmm_xmm_xmm_0F11 => Form.Vex128(&VectorMoves.SetLower, CpuFeature.Avx),
        Code.VEX_Vmovss_xmm_m32 or Code.VEX_Vmovsd_xmm_m64 => Form.Vex128(&VectorMoves.Loaded, CpuFeature.Avx),
        Code.VEX_Vmovss_m32_xmm => Form.VectorExtract(&VectorMoves.ToUInt32, CpuFeature.Avx),
        Code.VEX_Vmovsd_m64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Avx),
        Code.VEX_Vmovq_xmm_xmmm64 or Code.VEX_Vmovq_xmmm64_xmm => Form.Vex128(&VectorMoves.LowerAlone, CpuFeature.Avx),
        Code.VEX_Vmovd_xmm_rm32 => Form.VexFromInteger32(&VectorMoves.FromUInt32, CpuFeature.Avx),
        Code.VEX_Vmovq_xmm_rm64 => Form.VexFromInteger64(&VectorMoves.FromUInt64, CpuFeature.Avx),
        Code.VEX_Vmovd_rm32_xmm => Form.VectorExtract(&VectorMoves.ToUInt32, CpuFeature.Avx),
        Code.VEX_Vmovq_rm64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Avx),

        // Halves of XMM registers
        Code.VEX_Vmovlps_xmm_xmm_m64 or Code.VEX_Vmovlpd_xmm_xmm_m64 => Form.Vex128(&VectorMoves.SetLower, CpuFeature.Avx),
        Code.VEX_Vmovhps_xmm_xmm_m64 or Code.VEX_Vmovhpd_xmm_xmm_m64 or Code.VEX_Vmovlhps_xmm_xmm_xmm => Form.Vex128(&VectorMoves.SetUpperFromLower, CpuFeature.Avx),
        Code.VEX_Vmovhlps_xmm_xmm_xmm => Form.Vex128(&VectorMoves.SetLowerFromUpper, CpuFeature.Avx),
        Code.VEX_Vmovlps_m64_xmm or Code.VEX_Vmovlpd_m64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Avx),
        Code.VEX_Vmovhps_m64_xmm or Code.VEX_Vmovhpd_m64_xmm => Form.VectorExtract(&VectorMoves.UpperToUInt64, CpuFeature.Avx),

        // Lanes and halves in and out
        Code.VEX_Vpinsrb_xmm_xmm_r32m8_imm8 or Code.VEX_Vpinsrb_xmm_xmm_r64m8_imm8 => Form.VexInsert(&VectorBlend.Insert8, CpuFeature.Avx),
        Code.VEX_Vpinsrw_xmm_xmm_r32m16_imm8 or Code.VEX_Vpinsrw_xmm_xmm_r64m16_imm8 => Form.VexInsert(&VectorBlend.Insert16, CpuFeature.Avx),
        Code.VEX_Vpinsrd_xmm_xmm_rm32_imm8 => Form.VexInsert(&VectorBlend.Insert32, CpuFeature.Avx),
        Code.VEX_Vpinsrq_xmm_xmm_rm64_imm8 => Form.VexInsert(&VectorBlend.Insert64, CpuFeature.Avx),
        Code.VEX_Vinsertps_xmm_xmm_xmmm32_imm8 => Form.Whole(&VectorBlend.VexInsertSingle, CpuFeature.Avx),
        Code.VEX_Vpextrb_r32m8_xmm_imm8 or Code.VEX_Vpextrb_r64m8_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract8, CpuFeature.Avx),
        Code.VEX_Vpextrw_r32m16_xmm_imm8 or Code.VEX_Vpextrw_r64m16_xmm_imm8 or Code.VEX_Vpextrw_r32_xmm_imm8
            or Code.VEX_Vpextrw_r64_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract16, CpuFeature.Avx),
        Code.VEX_Vpextrd_rm32_xmm_imm8 or Code.VEX_Vextractps_rm32_xmm_imm8
            or Code.VEX_Vextractps_r64m32_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract32, CpuFeature.Avx),
        Code.VEX_Vpextrq_rm64_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract64, CpuFeature.Avx),
        Code.VEX_Vinsertf128_ymm_ymm_xmmm128_imm8 => Form.Vex256(&VectorBlend256.InsertHalf, CpuFeature.Avx),
        Code.VEX_Vinserti128_ymm_ymm_xmmm128_imm8 => Form.Vex256(&VectorBlend256.InsertHalf, CpuFeature.Avx2),
        Code.VEX_Vextractf128_xmmm128_ymm_imm8 => Form.VexNarrow(&VectorBlend256.ExtractHalf, CpuFeature.Avx),
        Code.VEX_Vextracti128_xmmm128_ymm_imm8 => Form.VexNarrow(&VectorBlend256.ExtractHalf, CpuFeature.Avx2),

        // Duplicates and broadcasts
        Code.VEX_Vmovddup_xmm_xmmm64 => Form.Vex128(&VectorMoves.DuplicateLower, CpuFeature.Avx),
        Code.VEX_Vmovddup_ymm_ymmm256 => Form.Vex256(&VectorMoves256.DuplicateEven64, CpuFeature.Avx),
        Code.VEX_Vmovshdup_xmm_xmmm128 => Form.Vex128(&VectorMoves.DuplicateOdd, CpuFeature.Avx),
        Code.VEX_Vmovshdup_ymm_ymmm256 => Form.Vex256(&VectorMoves256.DuplicateOdd, CpuFeature.Avx),
        Code.VEX_Vmovsldup_xmm_xmmm128 => Form.Vex128(&VectorMoves.DuplicateEven, CpuFeature.Avx),
        Code.VEX_Vmovsldup_ymm_ymmm256 => Form.Vex256(&VectorMoves256.DuplicateEven, CpuFeature.Avx),
        Code.VEX_Vbroadcastss_xmm_m32 => Form.Vex128(&VectorBroadcast.Lane32To128, CpuFeature.Avx),
        Code.VEX_Vbroadcastss_ymm_m32 => Form.VexWiden(&VectorBroadcast.Lane32To256, CpuFeature.Avx),
        Code.VEX_Vbroadcastsd_ymm_m64 => Form.VexWiden(&VectorBroadcast.Lane64To256, CpuFeature.Avx),
        Code.VEX_Vbroadcastf128_ymm_m128 => Form.VexWiden(&VectorBroadcast.Halves, CpuFeature.Avx),
        Code.VEX_Vbroadcasti128_ymm_m128 => Form.VexWiden(&VectorBroadcast.Halves, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastb_xmm_xmmm8 => Form.Vex128(&VectorBroadcast.Lane8To128, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastb_ymm_xmmm8 => Form.VexWiden(&VectorBroadcast.Lane8To256, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastw_xmm_xmmm16 => Form.Vex128(&VectorBroadcast.Lane16To128, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastw_ymm_xmmm16 => Form.VexWiden(&VectorBroadcast.Lane16To256, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastd_xmm_xmmm32 or Code.VEX_Vbroadcastss_xmm_xmm => Form.Vex128(&VectorBroadcast.Lane32To128, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastd_ymm_xmmm32 or Code.VEX_Vbroadcastss_ymm_xmm => Form.VexWiden(&VectorBroadcast.Lane32To256, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastq_xmm_xmmm64 => Form.Vex128(&VectorBroadcast.Lane64To128, CpuFeature.Avx2),
        Code.VEX_Vpbroadcastq_ymm_xmmm64 or Code.VEX_Vbroadcastsd_ymm_xmm => Form.VexWiden(&VectorBroadcast.Lane64To256, CpuFeature.Avx2),

        // Sign bits
        Code.VEX_Vpmovmskb_r32_xmm or Code.VEX_Vpmovmskb_r64_xmm => Form.VectorExtract(&VectorMoves.ByteSigns, CpuFeature.Avx),
        Code.VEX_Vpmovmskb_r32_ymm or Code.VEX_Vpmovmskb_r64_ymm => Form.VexExtract(&VectorMoves256.ByteSigns, CpuFeature.Avx2),
        Code.VEX_Vmovmskps_r32_xmm or Code.VEX_Vmovmskps_r64_xmm => Form.VectorExtract(&VectorMoves.SingleSigns, CpuFeature.Avx),
        Code.VEX_Vmovmskps_r32_ymm or Code.VEX_Vmovmskps_r64_ymm => Form.VexExtract(&VectorMoves256.SingleSigns, CpuFeature.Avx),
        Code.VEX_Vmovmskpd_r32_xmm or Code.VEX_Vmovmskpd_r64_xmm => Form.VectorExtract(&VectorMoves.DoubleSigns, CpuFeature.Avx),
        Code.VEX_Vmovmskpd_r32_ymm or Code.VEX_Vmovmskpd_r64_ymm => Form.VexExtract(&VectorMoves256.DoubleSigns, CpuFeature.Avx),

        // Masked moves
        Code.VEX_Vmaskmovps_xmm_xmm_m128 => Form.Whole(&VectorMaskedMove.Load32x4, CpuFeature.Avx),
        Code.VEX_Vmaskmovps_ymm_ymm_m256 => Form.Whole(&VectorMaskedMove.Load32x8, CpuFeature.Avx),
        Code.VEX_Vmaskmovpd_xmm_xmm_m128 => Form.Whole(&VectorMaskedMove.Load64x2, CpuFeature.Avx),
        Code.VEX_Vmaskmovpd_ymm_ymm_m256 => Form.Whole(&VectorMaskedMove.Load64x4, CpuFeature.Avx),
        Code.VEX_Vmaskmovps_m128_xmm_xmm => Form.Whole(&VectorMaskedMove.Store32x4, CpuFeature.Avx),
        Code.VEX_Vmaskmovps_m256_ymm_ymm => Form.Whole(&VectorMaskedMove.Store32x8, CpuFeature.Avx),
        Code.VEX_Vmaskmovpd_m128_xmm_xmm => Form.Whole(&VectorMaskedMove.Store64x2, CpuFeature.Avx),
        Code.VEX_Vmaskmovpd_m256_ymm_ymm => Form.Whole(&VectorMaskedMove.Store64x4, CpuFeature.Avx),
        Code.VEX_Vpmaskmovd_xmm_xmm_m128 => Form.Whole(&VectorMaskedMove.Load32x4, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovd_ymm_ymm_m256 => Form.Whole(&VectorMaskedMove.Load32x8, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovq_xmm_xmm_m128 => Form.Whole(&VectorMaskedMove.Load64x2, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovq_ymm_ymm_m256 => Form.Whole(&VectorMaskedMove.Load64x4, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovd_m128_xmm_xmm => Form.Whole(&VectorMaskedMove.Store32x4, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovd_m256_ymm_ymm => Form.Whole(&VectorMaskedMove.Store32x8, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovq_m128_xmm_xmm => Form.Whole(&VectorMaskedMove.Store64x2, CpuFeature.Avx2),
        Code.VEX_Vpmaskmovq_m256_ymm_ymm => Form.Whole(&VectorMaskedMove.Store64x4, CpuFeature.Avx2),
        Code.VEX_Vmaskmovdqu_rDI_xmm_xmm => Form.Whole(&VectorMasked.Store128, CpuFeature.Avx),

        // Gathers
        Code.VEX_Vpgatherdd_xmm_vm32x_xmm or Code.VEX_Vgatherdps_xmm_vm32x_xmm => Form.Whole(&VectorGather.By32Lane32x4, CpuFeature.Avx2),
        Code.VEX_Vpgatherdd_ymm_vm32y_ymm or Code.VEX_Vgatherdps_ymm_vm32y_ymm => Form.Whole(&VectorGather.By32Lane32x8, CpuFeature.Avx2),
        Code.VEX_Vpgatherdq_xmm_vm32x_xmm or Code.VEX_Vgatherdpd_xmm_vm32x_xmm => Form.Whole(&VectorGather.By32Lane64x2, CpuFeature.Avx2),
        Code.VEX_Vpgatherdq_ymm_vm32x_ymm or Code.VEX_Vgatherdpd_ymm_vm32x_ymm => Form.Whole(&VectorGather.By32Lane64x4, CpuFeature.Avx2),
        Code.VEX_Vpgatherqd_xmm_vm64x_xmm or Code.VEX_Vgatherqps_xmm_vm64x_xmm => Form.Whole(&VectorGather.By64Lane32x2, CpuFeature.Avx2),
        Code.VEX_Vpgatherqd_xmm_vm64y_xmm or Code.VEX_Vgatherqps_xmm_vm64y_xmm => Form.Whole(&VectorGather.By64Lane32x4, CpuFeature.Avx2),
        Code.VEX_Vpgatherqq_xmm_vm64x_xmm or Code.VEX_Vgatherqpd_xmm_vm64x_xmm => Form.Whole(&VectorGather.By64Lane64x2, CpuFeature.Avx2),
        Code.VEX_Vpgatherqq_ymm_vm64y_ymm or Code.VEX_Vgatherqpd_ymm_vm64y_ymm => Form.Whole(&VectorGather.By64Lane64x4, CpuFeature.Avx2),

        // Control
        Code.VEX_Vzeroupper => Form.Whole(&VectorZero.Upper, CpuFeature.Avx),
        Code.VEX_Vzeroall => Form.Whole(&VectorZero.All, CpuFeature.Avx),
        Code.VEX_Vldmxcsr_m32 => Form.Whole(&Xsave.Ldmxcsr, CpuFeature.Avx),
        Code.VEX_Vstmxcsr_m32 => Form.Whole(&Xsave.Stmxcsr, CpuFeature.Avx),
        _ => default,
    };
}
