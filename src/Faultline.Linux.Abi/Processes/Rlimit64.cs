using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct rlimit64</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rlimit64
{
    /// <summary>No limit.</summary>
    public const ulong RLIM64_INFINITY = ulong.MaxValue;

    /// <summary>Soft limit.</summary>
    public ulong rlim_cur;

    /// <summary>Hard limit.</summary>
    public ulong rlim_max;
}
