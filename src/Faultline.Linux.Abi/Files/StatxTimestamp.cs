using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTimestamp
{
    public long tv_sec;
    public uint tv_nsec;
    private readonly int _reserved;
}
