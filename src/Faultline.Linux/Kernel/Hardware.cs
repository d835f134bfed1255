using Faultline.Cpu;
using Faultline.Linux.Host;
using Faultline.Linux.Mm;
using Resource = Faultline.Linux.Abi.Processes.Resource;

namespace Faultline.Linux.Kernel;

/// <summary>What the first process is told of the machine.</summary>
internal static class Hardware
{
    /// <summary>
    /// EDX of CPUID leaf 1 (SDM vol. 2, CPUID): what AT_HWCAP carries.
    /// </summary>
    public static ulong Capabilities(CpuModel model)
    {
        // TSC, MSR, PAE, MCE, CX8, APIC, SEP, MTRR, PGE, MCA, CMOV, PAT, PSE: every x86-64 processor.
        ulong edx = Bits(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17);
        edx |= model.Has(CpuFeature.X87) ? Bits(0) : 0;
        edx |= model.Has(CpuFeature.Clflush) ? Bits(19) : 0;
        edx |= model.Has(CpuFeature.Mmx) ? Bits(23) : 0;
        edx |= model.Has(CpuFeature.Fxsr) ? Bits(24) : 0;
        edx |= model.Has(CpuFeature.Sse) ? Bits(25) : 0;
        edx |= model.Has(CpuFeature.Sse2) ? Bits(26) : 0;
        return edx;
    }

    /// <summary>The host's limits where it has them, Linux's otherwise.</summary>
    public static ResourceLimits InitialLimits(IHostIdentity host)
    {
        ResourceLimits limits = new();
        for (int i = 0; i < Resource.RLIM_NLIMITS; i++)
        {
            if (host.TryGetLimit(i, out ulong soft, out ulong hard))
                limits[i] = new() { rlim_cur = soft, rlim_max = hard };
        }
        return limits;
    }

    private static ulong Bits(params ReadOnlySpan<int> bits)
    {
        ulong set = 0;
        foreach (int bit in bits)
            set |= 1UL << bit;
        return set;
    }
}
