using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct statx</c> (linux/stat.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct Statx
{
    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint STATX_BASIC_STATS = 0x7FF;

    /// <summary>STATX_BTIME.</summary>
    public const uint STATX_BTIME = 0x800;

    /// <summary>STATX_MNT_ID.</summary>
    public const uint STATX_MNT_ID = 0x1000;

    /// <summary>STATX__RESERVED: not to be asked for.</summary>
    public const uint STATX__RESERVED = 0x80000000;

    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    private readonly ushort _spare0;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public StatxTimestamp stx_atime;
    public StatxTimestamp stx_btime;
    public StatxTimestamp stx_ctime;
    public StatxTimestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;
    public ulong stx_mnt_id;
}
