using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary>x86-64's <c>struct stat</c> (asm/stat.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 144)]
internal struct Stat
{
    public ulong st_dev;
    public ulong st_ino;
    public ulong st_nlink;
    public uint st_mode;
    public uint st_uid;
    public uint st_gid;
    private readonly uint _pad0;
    public ulong st_rdev;
    public long st_size;
    public long st_blksize;
    public long st_blocks;
    public long st_atime;
    public ulong st_atime_nsec;
    public long st_mtime;
    public ulong st_mtime_nsec;
    public long st_ctime;
    public ulong st_ctime_nsec;
}
