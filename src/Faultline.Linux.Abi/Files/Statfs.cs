using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct statfs</c> of 64-bit Linux (asm-generic/statfs.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct Statfs
{
    public long f_type;
    public long f_bsize;
    public ulong f_blocks;
    public ulong f_bfree;
    public ulong f_bavail;
    public ulong f_files;
    public ulong f_ffree;
    public ulong f_fsid;
    public long f_namelen;
    public long f_frsize;
    public long f_flags;
}
