using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>SSSE3, SSE4.1, SSE4.2 and SSE4a on integers and lanes; AES, PCLMULQDQ, GFNI and SHA.</summary>
internal static unsafe class Sse4Forms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // SSSE3
        Code.Pshufb_xmm_xmmm128 => Form.VectorRmw(&VectorShuffle.Bytes, CpuFeature.Ssse3),
        Code.Palignr_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorShift.AlignRight, CpuFeature.Ssse3),
        Code.Phaddw_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Add16, CpuFeature.Ssse3),
        Code.Phaddd_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Add32, CpuFeature.Ssse3),
        Code.Phaddsw_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.AddSaturate16, CpuFeature.Ssse3),
        Code.Phsubw_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Sub16, CpuFeature.Ssse3),
        Code.Phsubd_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Sub32, CpuFeature.Ssse3),
        Code.Phsubsw_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.SubSaturate16, CpuFeature.Ssse3),
        Code.Psignb_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Sign8, CpuFeature.Ssse3),
        Code.Psignw_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Sign16, CpuFeature.Ssse3),
        Code.Psignd_xmm_xmmm128 => Form.VectorRmw(&VectorHorizontal.Sign32, CpuFeature.Ssse3),
        Code.Pabsb_xmm_xmmm128 => Form.VectorCompute(&VectorHorizontal.Absolute8, CpuFeature.Ssse3),
        Code.Pabsw_xmm_xmmm128 => Form.VectorCompute(&VectorHorizontal.Absolute16, CpuFeature.Ssse3),
        Code.Pabsd_xmm_xmmm128 => Form.VectorCompute(&VectorHorizontal.Absolute32, CpuFeature.Ssse3),
        Code.Pmaddubsw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.AddPairs8, CpuFeature.Ssse3),
        Code.Pmulhrsw_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.HighRounded16, CpuFeature.Ssse3),

        // SSE4.1
        Code.Ptest_xmm_xmmm128 => Form.VectorRead(&VectorLogic.Test, CpuFeature.Sse41),
        Code.Pcmpeqq_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Equal64, CpuFeature.Sse41),
        Code.Pminsb_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinS8, CpuFeature.Sse41),
        Code.Pminuw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinU16, CpuFeature.Sse41),
        Code.Pminsd_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinS32, CpuFeature.Sse41),
        Code.Pminud_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MinU32, CpuFeature.Sse41),
        Code.Pmaxsb_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxS8, CpuFeature.Sse41),
        Code.Pmaxuw_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxU16, CpuFeature.Sse41),
        Code.Pmaxsd_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxS32, CpuFeature.Sse41),
        Code.Pmaxud_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.MaxU32, CpuFeature.Sse41),
        Code.Pmulld_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.Low32, CpuFeature.Sse41),
        Code.Pmuldq_xmm_xmmm128 => Form.VectorRmw(&VectorMultiply.WideS32, CpuFeature.Sse41),
        Code.Phminposuw_xmm_xmmm128 => Form.VectorCompute(&VectorHorizontal.MinimumPosition, CpuFeature.Sse41),
        Code.Mpsadbw_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorMultiply.SumsOfBlockDifferences, CpuFeature.Sse41),
        Code.Packusdw_xmm_xmmm128 => Form.VectorRmw(&VectorPack.SaturateU16, CpuFeature.Sse41),
        Code.Pmovsxbw_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Sign8To16, CpuFeature.Sse41),
        Code.Pmovsxbd_xmm_xmmm32 => Form.VectorCompute(&VectorPack.Sign8To32, CpuFeature.Sse41),
        Code.Pmovsxbq_xmm_xmmm16 => Form.VectorCompute(&VectorPack.Sign8To64, CpuFeature.Sse41),
        Code.Pmovsxwd_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Sign16To32, CpuFeature.Sse41),
        Code.Pmovsxwq_xmm_xmmm32 => Form.VectorCompute(&VectorPack.Sign16To64, CpuFeature.Sse41),
        Code.Pmovsxdq_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Sign32To64, CpuFeature.Sse41),
        Code.Pmovzxbw_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Zero8To16, CpuFeature.Sse41),
        Code.Pmovzxbd_xmm_xmmm32 => Form.VectorCompute(&VectorPack.Zero8To32, CpuFeature.Sse41),
        Code.Pmovzxbq_xmm_xmmm16 => Form.VectorCompute(&VectorPack.Zero8To64, CpuFeature.Sse41),
        Code.Pmovzxwd_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Zero16To32, CpuFeature.Sse41),
        Code.Pmovzxwq_xmm_xmmm32 => Form.VectorCompute(&VectorPack.Zero16To64, CpuFeature.Sse41),
        Code.Pmovzxdq_xmm_xmmm64 => Form.VectorCompute(&VectorPack.Zero32To64, CpuFeature.Sse41),
        Code.Pblendvb_xmm_xmmm128 => Form.VectorRmwXmm0(&VectorBlend.Variable8, CpuFeature.Sse41),
        Code.Blendvps_xmm_xmmm128 => Form.VectorRmwXmm0(&VectorBlend.Variable32, CpuFeature.Sse41),
        Code.Blendvpd_xmm_xmmm128 => Form.VectorRmwXmm0(&VectorBlend.Variable64, CpuFeature.Sse41),
        Code.Pblendw_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorBlend.Immediate16, CpuFeature.Sse41),
        Code.Blendps_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorBlend.Immediate32, CpuFeature.Sse41),
        Code.Blendpd_xmm_xmmm128_imm8 => Form.VectorRmw(&VectorBlend.Immediate64, CpuFeature.Sse41),
        Code.Insertps_xmm_xmmm32_imm8 => Form.Whole(&VectorBlend.InsertSingle, CpuFeature.Sse41),
        Code.Pinsrb_xmm_r32m8_imm8 or Code.Pinsrb_xmm_r64m8_imm8 => Form.VectorInsert(&VectorBlend.Insert8, CpuFeature.Sse41),
        Code.Pinsrd_xmm_rm32_imm8 => Form.VectorInsert(&VectorBlend.Insert32, CpuFeature.Sse41),
        Code.Pinsrq_xmm_rm64_imm8 => Form.VectorInsert(&VectorBlend.Insert64, CpuFeature.Sse41),
        Code.Pextrb_r32m8_xmm_imm8 or Code.Pextrb_r64m8_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract8, CpuFeature.Sse41),
        Code.Pextrw_r32m16_xmm_imm8 or Code.Pextrw_r64m16_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract16, CpuFeature.Sse41),
        Code.Pextrd_rm32_xmm_imm8 or Code.Extractps_rm32_xmm_imm8 or Code.Extractps_r64m32_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract32, CpuFeature.Sse41),
        Code.Pextrq_rm64_xmm_imm8 => Form.VectorExtract(&VectorBlend.Extract64, CpuFeature.Sse41),

        // SSE4.2
        Code.Pcmpgtq_xmm_xmmm128 => Form.VectorRmw(&VectorCompare.Greater64, CpuFeature.Sse42),
        Code.Pcmpestri_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ExplicitIndex, CpuFeature.Sse42),
        Code.Pcmpestri64_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ExplicitIndex64, CpuFeature.Sse42),
        Code.Pcmpestrm_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ExplicitMask, CpuFeature.Sse42),
        Code.Pcmpestrm64_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ExplicitMask64, CpuFeature.Sse42),
        Code.Pcmpistri_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ImplicitIndex, CpuFeature.Sse42),
        Code.Pcmpistrm_xmm_xmmm128_imm8 => Form.Whole(&StringCompare.ImplicitMask, CpuFeature.Sse42),

        // SSE4a
        Code.Extrq_xmm_imm8_imm8 => Form.Whole(&VectorBitField.ExtractImmediate, CpuFeature.Sse4a),
        Code.Extrq_xmm_xmm => Form.Whole(&VectorBitField.Extract, CpuFeature.Sse4a),
        Code.Insertq_xmm_xmm_imm8_imm8 => Form.Whole(&VectorBitField.InsertImmediate, CpuFeature.Sse4a),
        Code.Insertq_xmm_xmm => Form.Whole(&VectorBitField.Insert, CpuFeature.Sse4a),

        // AES, PCLMULQDQ, GFNI
        Code.Aesenc_xmm_xmmm128 => Form.VectorRmw(&AesRound.Encrypt, CpuFeature.Aes),
        Code.Aesenclast_xmm_xmmm128 => Form.VectorRmw(&AesRound.EncryptLast, CpuFeature.Aes),
        Code.Aesdec_xmm_xmmm128 => Form.VectorRmw(&AesRound.Decrypt, CpuFeature.Aes),
        Code.Aesdeclast_xmm_xmmm128 => Form.VectorRmw(&AesRound.DecryptLast, CpuFeature.Aes),
        Code.Aesimc_xmm_xmmm128 => Form.VectorCompute(&AesRound.InverseMixColumns, CpuFeature.Aes),
        Code.Aeskeygenassist_xmm_xmmm128_imm8 => Form.VectorCompute(&AesRound.KeyGenAssist, CpuFeature.Aes),
        Code.Pclmulqdq_xmm_xmmm128_imm8 => Form.VectorRmw(&GaloisField.CarrylessMultiply, CpuFeature.Pclmulqdq),
        Code.Gf2p8mulb_xmm_xmmm128 => Form.VectorRmw(&GaloisField.Multiply, CpuFeature.Gfni),
        Code.Gf2p8affineqb_xmm_xmmm128_imm8 => Form.VectorRmw(&GaloisField.Affine, CpuFeature.Gfni),
        Code.Gf2p8affineinvqb_xmm_xmmm128_imm8 => Form.VectorRmw(&GaloisField.AffineInverse, CpuFeature.Gfni),

        // SHA
        Code.Sha1rnds4_xmm_xmmm128_imm8 => Form.VectorRmw(&Sha.Sha1Rounds, CpuFeature.Sha),
        Code.Sha1nexte_xmm_xmmm128 => Form.VectorRmw(&Sha.Sha1NextE, CpuFeature.Sha),
        Code.Sha1msg1_xmm_xmmm128 => Form.VectorRmw(&Sha.Sha1Message1, CpuFeature.Sha),
        Code.Sha1msg2_xmm_xmmm128 => Form.VectorRmw(&Sha.Sha1Message2, CpuFeature.Sha),
        Code.Sha256rnds2_xmm_xmmm128 => Form.VectorRmwXmm0(&Sha.Sha256Rounds, CpuFeature.Sha),
        Code.Sha256msg1_xmm_xmmm128 => Form.VectorRmw(&Sha.Sha256Message1, CpuFeature.Sha),
        Code.Sha256msg2_xmm_xmmm128 => Form.VectorRmw(&Sha.Sha256Message2, CpuFeature.Sha),
        _ => default,
    };
}
