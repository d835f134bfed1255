using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Which of the decoder's CPUID features each of ours stands for.</summary>
internal static class CpuidFeatures
{
    /// <summary>Whether a row of feature <paramref name="ours"/> may have the decoder's feature <paramref name="theirs"/>.</summary>
    public static bool Fits(CpuFeature ours, CpuidFeature theirs) => ours switch
    {
        CpuFeature.Base => theirs is CpuidFeature.INTEL8086 or CpuidFeature.INTEL186 or CpuidFeature.INTEL286 or CpuidFeature.INTEL386 or CpuidFeature.INTEL486
            or CpuidFeature.X64 or CpuidFeature.CMOV or CpuidFeature.CPUID or CpuidFeature.CX8 or CpuidFeature.TSC or CpuidFeature.SYSCALL or CpuidFeature.PAUSE
            or CpuidFeature.MULTIBYTENOP or CpuidFeature.MSR or CpuidFeature.RDPMC or CpuidFeature.SEP or CpuidFeature.SMM
            // NOPs where the feature is absent, which is everywhere here.
            or CpuidFeature.CET_IBT or CpuidFeature.CET_SS or CpuidFeature.MPX or CpuidFeature.CLDEMOTE or CpuidFeature.PREFETCHITI
            // NOPs on Intel's processors that lack the bit, and AMD asks for long mode only.
            or CpuidFeature.PREFETCHW or CpuidFeature.D3NOW or CpuidFeature.PREFETCHWT1,
        // WAIT is older than the unit it waits for.
        CpuFeature.X87 => theirs is CpuidFeature.INTEL8086 or CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387 or CpuidFeature.CMOV or CpuidFeature.SSE3,
        CpuFeature.Sse41 => theirs == CpuidFeature.SSE4_1,
        CpuFeature.Sse42 => theirs == CpuidFeature.SSE4_2,
        CpuFeature.Cx16 => theirs == CpuidFeature.CMPXCHG16B,
        CpuFeature.LahfSahf => theirs is CpuidFeature.INTEL8086,
        CpuFeature.Clflush => theirs == CpuidFeature.CLFSH,
        CpuFeature.Mmx => theirs is CpuidFeature.MMX or CpuidFeature.SSE or CpuidFeature.SSE2 or CpuidFeature.SSSE3,
        _ => string.Equals(ours.ToString(), theirs.ToString().Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase),
    };
}
