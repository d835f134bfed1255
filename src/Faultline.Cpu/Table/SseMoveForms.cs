using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>SSE to SSE4.1 data movement on XMM registers.</summary>
internal static unsafe class SseMoveForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Whole registers
        Code.Movdqa_xmm_xmmm128 or Code.Movdqa_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse2),
        Code.Movdqu_xmm_xmmm128 or Code.Movdqu_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse2, unaligned: true),
        Code.Movaps_xmm_xmmm128 or Code.Movaps_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse),
        Code.Movapd_xmm_xmmm128 or Code.Movapd_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse2),
        Code.Movups_xmm_xmmm128 or Code.Movups_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse, unaligned: true),
        Code.Movupd_xmm_xmmm128 or Code.Movupd_xmmm128_xmm => Form.VectorMove(CpuFeature.Sse2, unaligned: true),
        Code.Lddqu_xmm_m128 => Form.VectorMove(CpuFeature.Sse3, unaligned: true),

        // Non-temporal: the hint changes nothing here
        Code.Movntps_m128_xmm => Form.VectorMove(CpuFeature.Sse),
        Code.Movntpd_m128_xmm or Code.Movntdq_m128_xmm => Form.VectorMove(CpuFeature.Sse2),
        Code.Movntdqa_xmm_m128 => Form.VectorMove(CpuFeature.Sse41),
        Code.Movnti_m32_r32 => Form.Plain(FormShape.Move, 4, CpuFeature.Sse2),
        Code.Movnti_m64_r64 => Form.Plain(FormShape.Move, 8, CpuFeature.Sse2),
        Code.Movntss_m32_xmm => Form.VectorMoveMerge(4, CpuFeature.Sse4a),
        Code.Movntsd_m64_xmm => Form.VectorMoveMerge(8, CpuFeature.Sse4a),

        // Scalars
        Code.Movss_xmm_xmmm32 or Code.Movss_xmmm32_xmm => Form.VectorMoveMerge(4, CpuFeature.Sse),
        Code.Movsd_xmm_xmmm64 or Code.Movsd_xmmm64_xmm => Form.VectorMoveMerge(8, CpuFeature.Sse2),
        Code.Movq_xmm_xmmm64 or Code.Movq_xmmm64_xmm => Form.VectorMoveZero(8, CpuFeature.Sse2),
        Code.Movd_xmm_rm32 => Form.VectorFromInteger32(&VectorMoves.FromUInt32, CpuFeature.Sse2),
        Code.Movq_xmm_rm64 => Form.VectorFromInteger64(&VectorMoves.FromUInt64, CpuFeature.Sse2),
        Code.Movd_rm32_xmm => Form.VectorExtract(&VectorMoves.ToUInt32, CpuFeature.Sse2),
        Code.Movq_rm64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Sse2),

        // Halves
        Code.Movlps_xmm_m64 => Form.VectorRmw(&VectorMoves.SetLower, CpuFeature.Sse),
        Code.Movlpd_xmm_m64 => Form.VectorRmw(&VectorMoves.SetLower, CpuFeature.Sse2),
        Code.Movhps_xmm_m64 => Form.VectorRmw(&VectorMoves.SetUpperFromLower, CpuFeature.Sse),
        Code.Movhpd_xmm_m64 => Form.VectorRmw(&VectorMoves.SetUpperFromLower, CpuFeature.Sse2),
        Code.Movlps_m64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Sse),
        Code.Movlpd_m64_xmm => Form.VectorExtract(&VectorMoves.ToUInt64, CpuFeature.Sse2),
        Code.Movhps_m64_xmm => Form.VectorExtract(&VectorMoves.UpperToUInt64, CpuFeature.Sse),
        Code.Movhpd_m64_xmm => Form.VectorExtract(&VectorMoves.UpperToUInt64, CpuFeature.Sse2),
        Code.Movhlps_xmm_xmm => Form.VectorRmw(&VectorMoves.SetLowerFromUpper, CpuFeature.Sse),
        Code.Movlhps_xmm_xmm => Form.VectorRmw(&VectorMoves.SetUpperFromLower, CpuFeature.Sse),

        // Duplicates
        Code.Movddup_xmm_xmmm64 => Form.VectorCompute(&VectorMoves.DuplicateLower, CpuFeature.Sse3),
        Code.Movshdup_xmm_xmmm128 => Form.VectorCompute(&VectorMoves.DuplicateOdd, CpuFeature.Sse3),
        Code.Movsldup_xmm_xmmm128 => Form.VectorCompute(&VectorMoves.DuplicateEven, CpuFeature.Sse3),

        // Sign bits
        Code.Pmovmskb_r32_xmm or Code.Pmovmskb_r64_xmm => Form.VectorExtract(&VectorMoves.ByteSigns, CpuFeature.Sse2),
        Code.Movmskps_r32_xmm or Code.Movmskps_r64_xmm => Form.VectorExtract(&VectorMoves.SingleSigns, CpuFeature.Sse),
        Code.Movmskpd_r32_xmm or Code.Movmskpd_r64_xmm => Form.VectorExtract(&VectorMoves.DoubleSigns, CpuFeature.Sse2),
        _ => default,
    };
}
