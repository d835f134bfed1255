using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct flock</c>: a lock on a range of a file.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct Flock
{
    public short l_type;
    public short l_whence;
    private readonly int _pad;
    public long l_start;
    public long l_len;
    public int l_pid;
}
