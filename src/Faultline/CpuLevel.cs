namespace Faultline;

/// <summary>
/// Which instructions a <see cref="Machine"/>'s processor has: the levels of the x86-64 psABI (3.1.1) with what processors of their time had besides. An
/// instruction that the processor lacks raises SIGILL in the guest.
/// </summary>
public enum CpuLevel
{
    /// <summary>x86-64, the base: SSE2. No XSAVE.</summary>
    V1 = 1,

    /// <summary>x86-64-v2: SSE4.2, POPCNT, CMPXCHG16B, LAHF, and RDTSCP, PREFETCHW, XSAVE.</summary>
    V2 = 2,

    /// <summary>
    /// x86-64-v3: AVX2, BMI1 and BMI2, F16C, FMA, LZCNT, MOVBE, and AES, PCLMULQDQ, VAES, VPCLMULQDQ, SHA, GFNI, ADX, RDRAND, RDSEED, RDPID, FSGSBASE,
    /// XSAVEOPT, XSAVEC, CLFLUSHOPT, CLWB, MOVDIRI, SERIALIZE.
    /// </summary>
    V3 = 3,

    /// <summary>x86-64-v4: AVX-512 (F, BW, CD, DQ, VL). Refused as long as those instructions are not implemented.</summary>
    V4 = 4,

    /// <summary>
    /// What the host's processor has and Faultline implements; <see cref="V3"/> on hosts that are not x86-64. A program then
    /// chooses the same code as natively wherever features decide; vendor and family are not the host's.
    /// </summary>
    HostLike = 100,
}
