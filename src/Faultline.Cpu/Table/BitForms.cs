using Faultline.Cpu.Semantics.Integer;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Bits: scans, counts, tests, BMI1, BMI2, ADX, BSWAP, MOVBE and CRC32.</summary>
internal static unsafe class BitForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // BSF, BSR, TZCNT, LZCNT, POPCNT
        Code.Bsf_r16_rm16 => Form.Rmw(&BitScan.Bsf16),
        Code.Bsf_r32_rm32 => Form.Whole(&BitScan.Bsf32),
        Code.Bsf_r64_rm64 => Form.Rmw(&BitScan.Bsf64),
        Code.Bsr_r16_rm16 => Form.Rmw(&BitScan.Bsr16),
        Code.Bsr_r32_rm32 => Form.Whole(&BitScan.Bsr32),
        Code.Bsr_r64_rm64 => Form.Rmw(&BitScan.Bsr64),
        Code.Tzcnt_r16_rm16 => Form.Compute(&BitScan.Tzcnt16, CpuFeature.Bmi1),
        Code.Tzcnt_r32_rm32 => Form.Compute(&BitScan.Tzcnt32, CpuFeature.Bmi1),
        Code.Tzcnt_r64_rm64 => Form.Compute(&BitScan.Tzcnt64, CpuFeature.Bmi1),
        Code.Lzcnt_r16_rm16 => Form.Compute(&BitScan.Lzcnt16, CpuFeature.Lzcnt),
        Code.Lzcnt_r32_rm32 => Form.Compute(&BitScan.Lzcnt32, CpuFeature.Lzcnt),
        Code.Lzcnt_r64_rm64 => Form.Compute(&BitScan.Lzcnt64, CpuFeature.Lzcnt),
        Code.Popcnt_r16_rm16 => Form.Compute(&BitScan.Popcnt16, CpuFeature.Popcnt),
        Code.Popcnt_r32_rm32 => Form.Compute(&BitScan.Popcnt32, CpuFeature.Popcnt),
        Code.Popcnt_r64_rm64 => Form.Compute(&BitScan.Popcnt64, CpuFeature.Popcnt),

        // BT, BTS, BTR, BTC
        Code.Bt_rm16_r16 => Form.Whole(&BitTest.Bt16),
        Code.Bt_rm16_imm8 => Form.Read16(&BitTest.Test16),
        Code.Bts_rm16_r16 => Form.Whole(&BitTest.Bts16),
        Code.Bts_rm16_imm8 => Form.Rmw(&BitTest.Set16),
        Code.Btr_rm16_r16 => Form.Whole(&BitTest.Btr16),
        Code.Btr_rm16_imm8 => Form.Rmw(&BitTest.Reset16),
        Code.Btc_rm16_r16 => Form.Whole(&BitTest.Btc16),
        Code.Btc_rm16_imm8 => Form.Rmw(&BitTest.Complement16),
        Code.Bt_rm32_r32 => Form.Whole(&BitTest.Bt32),
        Code.Bt_rm32_imm8 => Form.Read32(&BitTest.Test32),
        Code.Bts_rm32_r32 => Form.Whole(&BitTest.Bts32),
        Code.Bts_rm32_imm8 => Form.Rmw(&BitTest.Set32),
        Code.Btr_rm32_r32 => Form.Whole(&BitTest.Btr32),
        Code.Btr_rm32_imm8 => Form.Rmw(&BitTest.Reset32),
        Code.Btc_rm32_r32 => Form.Whole(&BitTest.Btc32),
        Code.Btc_rm32_imm8 => Form.Rmw(&BitTest.Complement32),
        Code.Bt_rm64_r64 => Form.Whole(&BitTest.Bt64),
        Code.Bt_rm64_imm8 => Form.Read64(&BitTest.Test64),
        Code.Bts_rm64_r64 => Form.Whole(&BitTest.Bts64),
        Code.Bts_rm64_imm8 => Form.Rmw(&BitTest.Set64),
        Code.Btr_rm64_r64 => Form.Whole(&BitTest.Btr64),
        Code.Btr_rm64_imm8 => Form.Rmw(&BitTest.Reset64),
        Code.Btc_rm64_r64 => Form.Whole(&BitTest.Btc64),
        Code.Btc_rm64_imm8 => Form.Rmw(&BitTest.Complement64),

        // BMI1, BMI2
        Code.VEX_Andn_r32_r32_rm32 => Form.Compute2(&BitManipulation.Andn32, CpuFeature.Bmi1),
        Code.VEX_Andn_r64_r64_rm64 => Form.Compute2(&BitManipulation.Andn64, CpuFeature.Bmi1),
        Code.VEX_Bextr_r32_rm32_r32 => Form.Compute2(&BitManipulation.Bextr32, CpuFeature.Bmi1),
        Code.VEX_Bextr_r64_rm64_r64 => Form.Compute2(&BitManipulation.Bextr64, CpuFeature.Bmi1),
        Code.VEX_Blsr_r32_rm32 => Form.Compute(&BitManipulation.Blsr32, CpuFeature.Bmi1),
        Code.VEX_Blsr_r64_rm64 => Form.Compute(&BitManipulation.Blsr64, CpuFeature.Bmi1),
        Code.VEX_Blsmsk_r32_rm32 => Form.Compute(&BitManipulation.Blsmsk32, CpuFeature.Bmi1),
        Code.VEX_Blsmsk_r64_rm64 => Form.Compute(&BitManipulation.Blsmsk64, CpuFeature.Bmi1),
        Code.VEX_Blsi_r32_rm32 => Form.Compute(&BitManipulation.Blsi32, CpuFeature.Bmi1),
        Code.VEX_Blsi_r64_rm64 => Form.Compute(&BitManipulation.Blsi64, CpuFeature.Bmi1),
        Code.VEX_Bzhi_r32_rm32_r32 => Form.Compute2(&BitManipulation.Bzhi32, CpuFeature.Bmi2),
        Code.VEX_Bzhi_r64_rm64_r64 => Form.Compute2(&BitManipulation.Bzhi64, CpuFeature.Bmi2),
        Code.VEX_Pdep_r32_r32_rm32 => Form.Compute2(&BitManipulation.Pdep32, CpuFeature.Bmi2),
        Code.VEX_Pdep_r64_r64_rm64 => Form.Compute2(&BitManipulation.Pdep64, CpuFeature.Bmi2),
        Code.VEX_Pext_r32_r32_rm32 => Form.Compute2(&BitManipulation.Pext32, CpuFeature.Bmi2),
        Code.VEX_Pext_r64_r64_rm64 => Form.Compute2(&BitManipulation.Pext64, CpuFeature.Bmi2),
        Code.VEX_Rorx_r32_rm32_imm8 => Form.Compute2(&BitManipulation.Rorx32, CpuFeature.Bmi2),
        Code.VEX_Rorx_r64_rm64_imm8 => Form.Compute2(&BitManipulation.Rorx64, CpuFeature.Bmi2),
        Code.VEX_Sarx_r32_rm32_r32 => Form.Compute2(&BitManipulation.Sarx32, CpuFeature.Bmi2),
        Code.VEX_Sarx_r64_rm64_r64 => Form.Compute2(&BitManipulation.Sarx64, CpuFeature.Bmi2),
        Code.VEX_Shlx_r32_rm32_r32 => Form.Compute2(&BitManipulation.Shlx32, CpuFeature.Bmi2),
        Code.VEX_Shlx_r64_rm64_r64 => Form.Compute2(&BitManipulation.Shlx64, CpuFeature.Bmi2),
        Code.VEX_Shrx_r32_rm32_r32 => Form.Compute2(&BitManipulation.Shrx32, CpuFeature.Bmi2),
        Code.VEX_Shrx_r64_rm64_r64 => Form.Compute2(&BitManipulation.Shrx64, CpuFeature.Bmi2),

        // ADX, BSWAP, MOVBE, CRC32
        Code.Adcx_r32_rm32 => Form.Rmw(&BitManipulation.Adcx32, CpuFeature.Adx),
        Code.Adcx_r64_rm64 => Form.Rmw(&BitManipulation.Adcx64, CpuFeature.Adx),
        Code.Adox_r32_rm32 => Form.Rmw(&BitManipulation.Adox32, CpuFeature.Adx),
        Code.Adox_r64_rm64 => Form.Rmw(&BitManipulation.Adox64, CpuFeature.Adx),
        Code.Bswap_r16 => Form.Modify(&BitManipulation.Bswap16),
        Code.Bswap_r32 => Form.Modify(&BitManipulation.Bswap32),
        Code.Bswap_r64 => Form.Modify(&BitManipulation.Bswap64),
        Code.Movbe_r16_m16 => Form.Compute(&BitManipulation.LoadReversed16, CpuFeature.Movbe),
        Code.Movbe_m16_r16 => Form.Whole(&BitManipulation.StoreReversed16, CpuFeature.Movbe),
        Code.Movbe_r32_m32 => Form.Compute(&BitManipulation.LoadReversed32, CpuFeature.Movbe),
        Code.Movbe_m32_r32 => Form.Whole(&BitManipulation.StoreReversed32, CpuFeature.Movbe),
        Code.Movbe_r64_m64 => Form.Compute(&BitManipulation.LoadReversed64, CpuFeature.Movbe),
        Code.Movbe_m64_r64 => Form.Whole(&BitManipulation.StoreReversed64, CpuFeature.Movbe),
        Code.Crc32_r32_rm8 or Code.Crc32_r64_rm8 => Form.Whole(&BitManipulation.Crc8, CpuFeature.Sse42),
        Code.Crc32_r32_rm16 => Form.Whole(&BitManipulation.Crc16, CpuFeature.Sse42),
        Code.Crc32_r32_rm32 => Form.Rmw(&BitManipulation.Crc32, CpuFeature.Sse42),
        Code.Crc32_r64_rm64 => Form.Rmw(&BitManipulation.Crc64, CpuFeature.Sse42),
        _ => default,
    };
}
