using System.Runtime.InteropServices;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HostStatxTime
{
    public long Seconds;
    public uint Nanoseconds;
    private readonly int _pad;

    /// <summary>The same in the kernel's form.</summary>
    public readonly FileTime ToFileTime() => new(Seconds, Nanoseconds);
}
