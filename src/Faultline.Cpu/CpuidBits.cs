using static Faultline.Cpu.CpuidRegister;

namespace Faultline.Cpu;

/// <summary>
/// The one table of CPUID's feature bits (SDM vol. 2, CPUID). What CPUID answers, what /proc/cpuinfo prints and what is recognised of a host come from it.
/// </summary>
internal static class CpuidBits
{
    /// <summary>Every bit, in the order in which Linux prints them (arch/x86/include/asm/cpufeatures.h).</summary>
    public static ReadOnlySpan<CpuidBit> All => _all;

    private static readonly CpuidBit[] _all =
    [
        // CPUID.1:EDX, which is AT_HWCAP
        new(CpuFeature.X87, 1, 0, Edx, 0, "fpu"),
        new(CpuFeature.Base, 1, 0, Edx, 4, "tsc"),
        new(CpuFeature.Base, 1, 0, Edx, 5, "msr"),
        new(CpuFeature.Base, 1, 0, Edx, 6, "pae"),
        new(CpuFeature.Base, 1, 0, Edx, 8, "cx8"),
        new(CpuFeature.Base, 1, 0, Edx, 9, "apic"),
        new(CpuFeature.Base, 1, 0, Edx, 13, "pge"),
        new(CpuFeature.Base, 1, 0, Edx, 15, "cmov"),
        new(CpuFeature.Base, 1, 0, Edx, 16, "pat"),
        new(CpuFeature.Clflush, 1, 0, Edx, 19, "clflush"),
        new(CpuFeature.Mmx, 1, 0, Edx, 23, "mmx"),
        new(CpuFeature.Fxsr, 1, 0, Edx, 24, "fxsr"),
        new(CpuFeature.Sse, 1, 0, Edx, 25, "sse"),
        new(CpuFeature.Sse2, 1, 0, Edx, 26, "sse2"),

        new(CpuFeature.Base, 0x8000_0001, 0, Edx, 11, "syscall"),
        new(CpuFeature.Base, 0x8000_0001, 0, Edx, 20, "nx"),
        new(CpuFeature.Rdtscp, 0x8000_0001, 0, Edx, 27, "rdtscp"),
        new(CpuFeature.Base, 0x8000_0001, 0, Edx, 29, "lm"),

        // An invariant TSC
        new(CpuFeature.Base, 0x8000_0007, 0, Edx, 8, "constant_tsc nonstop_tsc"),

        new(CpuFeature.Sse3, 1, 0, Ecx, 0, "pni"),
        new(CpuFeature.Pclmulqdq, 1, 0, Ecx, 1, "pclmulqdq"),
        new(CpuFeature.Ssse3, 1, 0, Ecx, 9, "ssse3"),
        new(CpuFeature.Fma, 1, 0, Ecx, 12, "fma"),
        new(CpuFeature.Cx16, 1, 0, Ecx, 13, "cx16"),
        new(CpuFeature.Sse41, 1, 0, Ecx, 19, "sse4_1"),
        new(CpuFeature.Sse42, 1, 0, Ecx, 20, "sse4_2"),
        new(CpuFeature.Movbe, 1, 0, Ecx, 22, "movbe"),
        new(CpuFeature.Popcnt, 1, 0, Ecx, 23, "popcnt"),
        new(CpuFeature.Aes, 1, 0, Ecx, 25, "aes"),
        new(CpuFeature.Xsave, 1, 0, Ecx, 26, "xsave"),
        // OSXSAVE: the operating system has turned it on
        new(CpuFeature.Xsave, 1, 0, Ecx, 27, ""),
        new(CpuFeature.Avx, 1, 0, Ecx, 28, "avx"),
        new(CpuFeature.F16c, 1, 0, Ecx, 29, "f16c"),
        new(CpuFeature.Rdrand, 1, 0, Ecx, 30, "rdrand"),

        new(CpuFeature.LahfSahf, 0x8000_0001, 0, Ecx, 0, "lahf_lm"),
        new(CpuFeature.Lzcnt, 0x8000_0001, 0, Ecx, 5, "abm"),
        new(CpuFeature.Sse4a, 0x8000_0001, 0, Ecx, 6, "sse4a"),
        new(CpuFeature.Prefetchw, 0x8000_0001, 0, Ecx, 8, "3dnowprefetch"),

        new(CpuFeature.Fsgsbase, 7, 0, Ebx, 0, "fsgsbase"),
        new(CpuFeature.Bmi1, 7, 0, Ebx, 3, "bmi1"),
        new(CpuFeature.Avx2, 7, 0, Ebx, 5, "avx2"),
        new(CpuFeature.Bmi2, 7, 0, Ebx, 8, "bmi2"),
        // REP MOVSB and STOSB are the fast way to copy and to fill, which they are here: a page at a time
        new(CpuFeature.Base, 7, 0, Ebx, 9, "erms"),
        new(CpuFeature.Avx512F, 7, 0, Ebx, 16, "avx512f"),
        new(CpuFeature.Avx512DQ, 7, 0, Ebx, 17, "avx512dq"),
        new(CpuFeature.Rdseed, 7, 0, Ebx, 18, "rdseed"),
        new(CpuFeature.Adx, 7, 0, Ebx, 19, "adx"),
        new(CpuFeature.Clflushopt, 7, 0, Ebx, 23, "clflushopt"),
        new(CpuFeature.Clwb, 7, 0, Ebx, 24, "clwb"),
        new(CpuFeature.Avx512CD, 7, 0, Ebx, 28, "avx512cd"),
        new(CpuFeature.Sha, 7, 0, Ebx, 29, "sha_ni"),
        new(CpuFeature.Avx512BW, 7, 0, Ebx, 30, "avx512bw"),
        new(CpuFeature.Avx512VL, 7, 0, Ebx, 31, "avx512vl"),

        new(CpuFeature.Xsaveopt, 0xd, 1, Eax, 0, "xsaveopt"),
        new(CpuFeature.Xsavec, 0xd, 1, Eax, 1, "xsavec"),
        new(CpuFeature.Xgetbv1, 0xd, 1, Eax, 2, "xgetbv1"),

        new(CpuFeature.Avx512Vbmi, 7, 0, Ecx, 1, "avx512vbmi"),
        new(CpuFeature.Base, 7, 0, Ecx, 2, "umip"),
        new(CpuFeature.Gfni, 7, 0, Ecx, 8, "gfni"),
        new(CpuFeature.Vaes, 7, 0, Ecx, 9, "vaes"),
        new(CpuFeature.Vpclmulqdq, 7, 0, Ecx, 10, "vpclmulqdq"),
        new(CpuFeature.Avx512Vnni, 7, 0, Ecx, 11, "avx512_vnni"),
        new(CpuFeature.Rdpid, 7, 0, Ecx, 22, "rdpid"),
        new(CpuFeature.Movdiri, 7, 0, Ecx, 27, "movdiri"),
        new(CpuFeature.Movdir64b, 7, 0, Ecx, 28, "movdir64b"),

        // As ERMS, for short copies
        new(CpuFeature.Base, 7, 0, Edx, 4, "fsrm"),
        new(CpuFeature.Serialize, 7, 0, Edx, 14, "serialize"),
    ];
}
