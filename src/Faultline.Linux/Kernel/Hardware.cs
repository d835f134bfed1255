using Faultline.Linux.Host;
using Faultline.Linux.Mm;
using Resource = Faultline.Linux.Abi.Processes.Resource;

namespace Faultline.Linux.Kernel;

/// <summary>What the first process inherits of the machine.</summary>
internal static class Hardware
{
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
}
