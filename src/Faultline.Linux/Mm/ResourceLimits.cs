using Faultline.Linux.Abi.Processes;

namespace Faultline.Linux.Mm;

/// <summary>The sixteen resource limits of a process (RLIMIT_), kept across execve and copied by fork.</summary>
internal sealed class ResourceLimits
{
    private readonly Lock _lock = new();
    private readonly Rlimit64[] _limits = new Rlimit64[Resource.RLIM_NLIMITS];

    /// <summary>Linux's limits for its first process (INIT_RLIMITS), with the usual file limits of a login.</summary>
    public ResourceLimits()
    {
        for (int i = 0; i < _limits.Length; i++)
            _limits[i] = new() { rlim_cur = Rlimit64.RLIM64_INFINITY, rlim_max = Rlimit64.RLIM64_INFINITY };
        _limits[Resource.RLIMIT_STACK].rlim_cur = 8 << 20;
        _limits[Resource.RLIMIT_CORE].rlim_cur = 0;
        _limits[Resource.RLIMIT_NOFILE] = new() { rlim_cur = 1024, rlim_max = 1 << 20 };
        _limits[Resource.RLIMIT_MEMLOCK] = new() { rlim_cur = 8 << 20, rlim_max = 8 << 20 };
        _limits[Resource.RLIMIT_MSGQUEUE] = new() { rlim_cur = 819200, rlim_max = 819200 };
        _limits[Resource.RLIMIT_NICE] = default;
        _limits[Resource.RLIMIT_RTPRIO] = default;
    }

    /// <summary>One limit; the number must be below RLIM_NLIMITS.</summary>
    public Rlimit64 this[int resource]
    {
        get
        {
            lock (_lock)
                return _limits[resource];
        }

        set
        {
            lock (_lock)
                _limits[resource] = value;
        }
    }

    /// <summary>A copy for a child process.</summary>
    public ResourceLimits Clone()
    {
        ResourceLimits copy = new();
        lock (_lock)
            _limits.CopyTo(copy._limits, 0);
        return copy;
    }
}
