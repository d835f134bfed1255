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
        _ => default,
    };
}
