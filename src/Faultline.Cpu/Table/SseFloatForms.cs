using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Floating-point instructions of SSE to SSE4.1, in the legacy encodings.</summary>
internal static unsafe class SseFloatForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // Arithmetic
        Code.Addps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Add, CpuFeature.Sse),
        Code.Addpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Add, CpuFeature.Sse2),
        Code.Addss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Add, CpuFeature.Sse),
        Code.Addsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Add, CpuFeature.Sse2),
        Code.Subps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Sub, CpuFeature.Sse),
        Code.Subpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Sub, CpuFeature.Sse2),
        Code.Subss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Sub, CpuFeature.Sse),
        Code.Subsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Sub, CpuFeature.Sse2),
        Code.Mulps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Mul, CpuFeature.Sse),
        Code.Mulpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Mul, CpuFeature.Sse2),
        Code.Mulss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Mul, CpuFeature.Sse),
        Code.Mulsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Mul, CpuFeature.Sse2),
        Code.Divps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Div, CpuFeature.Sse),
        Code.Divpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Div, CpuFeature.Sse2),
        Code.Divss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Div, CpuFeature.Sse),
        Code.Divsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Div, CpuFeature.Sse2),
        Code.Minps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Min, CpuFeature.Sse),
        Code.Minpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Min, CpuFeature.Sse2),
        Code.Minss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Min, CpuFeature.Sse),
        Code.Minsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Min, CpuFeature.Sse2),
        Code.Maxps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.Max, CpuFeature.Sse),
        Code.Maxpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.Max, CpuFeature.Sse2),
        Code.Maxss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Max, CpuFeature.Sse),
        Code.Maxsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Max, CpuFeature.Sse2),
        Code.Sqrtps_xmm_xmmm128 => Form.VectorCompute(&FloatPs.Sqrt, CpuFeature.Sse),
        Code.Sqrtpd_xmm_xmmm128 => Form.VectorCompute(&FloatPd.Sqrt, CpuFeature.Sse2),
        Code.Sqrtss_xmm_xmmm32 => Form.VectorRmw(&FloatSs.Sqrt, CpuFeature.Sse),
        Code.Sqrtsd_xmm_xmmm64 => Form.VectorRmw(&FloatSd.Sqrt, CpuFeature.Sse2),
        Code.Addsubps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.AddSub, CpuFeature.Sse3),
        Code.Addsubpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.AddSub, CpuFeature.Sse3),
        Code.Haddps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.HorizontalAdd, CpuFeature.Sse3),
        Code.Haddpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.HorizontalAdd, CpuFeature.Sse3),
        Code.Hsubps_xmm_xmmm128 => Form.VectorRmw(&FloatPs.HorizontalSub, CpuFeature.Sse3),
        Code.Hsubpd_xmm_xmmm128 => Form.VectorRmw(&FloatPd.HorizontalSub, CpuFeature.Sse3),
        Code.Dpps_xmm_xmmm128_imm8 => Form.VectorRmw(&FloatDot.Dpps, CpuFeature.Sse41),
        Code.Dppd_xmm_xmmm128_imm8 => Form.VectorRmw(&FloatDot.Dppd, CpuFeature.Sse41),

        // Approximations
        Code.Rcpps_xmm_xmmm128 => Form.VectorCompute(&FloatApproximate.ReciprocalPs, CpuFeature.Sse),
        Code.Rcpss_xmm_xmmm32 => Form.VectorRmw(&FloatApproximate.ReciprocalSs, CpuFeature.Sse),
        Code.Rsqrtps_xmm_xmmm128 => Form.VectorCompute(&FloatApproximate.ReciprocalRootPs, CpuFeature.Sse),
        Code.Rsqrtss_xmm_xmmm32 => Form.VectorRmw(&FloatApproximate.ReciprocalRootSs, CpuFeature.Sse),

        // Comparison
        Code.Cmpps_xmm_xmmm128_imm8 => Form.VectorRmw(&FloatPs.CompareLegacy, CpuFeature.Sse),
        Code.Cmppd_xmm_xmmm128_imm8 => Form.VectorRmw(&FloatPd.CompareLegacy, CpuFeature.Sse2),
        Code.Cmpss_xmm_xmmm32_imm8 => Form.VectorRmw(&FloatSs.CompareLegacy, CpuFeature.Sse),
        Code.Cmpsd_xmm_xmmm64_imm8 => Form.VectorRmw(&FloatSd.CompareLegacy, CpuFeature.Sse2),
        Code.Comiss_xmm_xmmm32 => Form.VectorRead(&FloatSs.CompareOrdered, CpuFeature.Sse),
        Code.Ucomiss_xmm_xmmm32 => Form.VectorRead(&FloatSs.CompareUnordered, CpuFeature.Sse),
        Code.Comisd_xmm_xmmm64 => Form.VectorRead(&FloatSd.CompareOrdered, CpuFeature.Sse2),
        Code.Ucomisd_xmm_xmmm64 => Form.VectorRead(&FloatSd.CompareUnordered, CpuFeature.Sse2),

        // Rounding to integral values
        Code.Roundps_xmm_xmmm128_imm8 => Form.VectorCompute(&FloatPs.Round, CpuFeature.Sse41),
        Code.Roundpd_xmm_xmmm128_imm8 => Form.VectorCompute(&FloatPd.Round, CpuFeature.Sse41),
        Code.Roundss_xmm_xmmm32_imm8 => Form.VectorRmw(&FloatSs.Round, CpuFeature.Sse41),
        Code.Roundsd_xmm_xmmm64_imm8 => Form.VectorRmw(&FloatSd.Round, CpuFeature.Sse41),

        // Conversion of scalars
        Code.Cvtsi2ss_xmm_rm32 => Form.VectorFromInteger32(&FloatConvertScalar.Int32ToSingle, CpuFeature.Sse),
        Code.Cvtsi2ss_xmm_rm64 => Form.VectorFromInteger64(&FloatConvertScalar.Int64ToSingle, CpuFeature.Sse),
        Code.Cvtsi2sd_xmm_rm32 => Form.VectorFromInteger32(&FloatConvertScalar.Int32ToDouble, CpuFeature.Sse2),
        Code.Cvtsi2sd_xmm_rm64 => Form.VectorFromInteger64(&FloatConvertScalar.Int64ToDouble, CpuFeature.Sse2),
        Code.Cvtss2si_r32_xmmm32 => Form.VectorToInteger(&FloatConvertScalar.SingleToInt32, CpuFeature.Sse),
        Code.Cvttss2si_r32_xmmm32 => Form.VectorToInteger(&FloatConvertScalar.TruncateSingleToInt32, CpuFeature.Sse),
        Code.Cvtss2si_r64_xmmm32 => Form.VectorToInteger(&FloatConvertScalar.SingleToInt64, CpuFeature.Sse),
        Code.Cvttss2si_r64_xmmm32 => Form.VectorToInteger(&FloatConvertScalar.TruncateSingleToInt64, CpuFeature.Sse),
        Code.Cvtsd2si_r32_xmmm64 => Form.VectorToInteger(&FloatConvertScalar.DoubleToInt32, CpuFeature.Sse2),
        Code.Cvttsd2si_r32_xmmm64 => Form.VectorToInteger(&FloatConvertScalar.TruncateDoubleToInt32, CpuFeature.Sse2),
        Code.Cvtsd2si_r64_xmmm64 => Form.VectorToInteger(&FloatConvertScalar.DoubleToInt64, CpuFeature.Sse2),
        Code.Cvttsd2si_r64_xmmm64 => Form.VectorToInteger(&FloatConvertScalar.TruncateDoubleToInt64, CpuFeature.Sse2),
        Code.Cvtss2sd_xmm_xmmm32 => Form.VectorRmw(&FloatConvertScalar.SingleToDouble, CpuFeature.Sse2),
        Code.Cvtsd2ss_xmm_xmmm64 => Form.VectorRmw(&FloatConvertScalar.DoubleToSingle, CpuFeature.Sse2),

        // Conversion of vectors
        Code.Cvtdq2ps_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.Int32ToSingle, CpuFeature.Sse2),
        Code.Cvtps2dq_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.SingleToInt32, CpuFeature.Sse2),
        Code.Cvttps2dq_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.TruncateSingleToInt32, CpuFeature.Sse2),
        Code.Cvtdq2pd_xmm_xmmm64 => Form.VectorCompute(&FloatConvertPacked.Int32ToDouble, CpuFeature.Sse2),
        Code.Cvtpd2dq_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.DoubleToInt32, CpuFeature.Sse2),
        Code.Cvttpd2dq_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.TruncateDoubleToInt32, CpuFeature.Sse2),
        Code.Cvtps2pd_xmm_xmmm64 => Form.VectorCompute(&FloatConvertPacked.SingleToDouble, CpuFeature.Sse2),
        Code.Cvtpd2ps_xmm_xmmm128 => Form.VectorCompute(&FloatConvertPacked.DoubleToSingle, CpuFeature.Sse2),

        // Conversion between MMX and XMM registers
        Code.Cvtpi2ps_xmm_mmm64 => Form.Whole(&FloatConvertMmx.Cvtpi2ps, CpuFeature.Sse),
        Code.Cvtps2pi_mm_xmmm64 => Form.Whole(&FloatConvertMmx.Cvtps2pi, CpuFeature.Sse),
        Code.Cvttps2pi_mm_xmmm64 => Form.Whole(&FloatConvertMmx.Cvttps2pi, CpuFeature.Sse),
        Code.Cvtpi2pd_xmm_mmm64 => Form.Whole(&FloatConvertMmx.Cvtpi2pd, CpuFeature.Sse2),
        Code.Cvtpd2pi_mm_xmmm128 => Form.Whole(&FloatConvertMmx.Cvtpd2pi, CpuFeature.Sse2),
        Code.Cvttpd2pi_mm_xmmm128 => Form.Whole(&FloatConvertMmx.Cvttpd2pi, CpuFeature.Sse2),
        _ => default,
    };
}
