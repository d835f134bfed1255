using System.Runtime.CompilerServices;
using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Vfs;

/// <summary>What <c>stat</c> and <c>statx</c> tell about a file, in no particular architecture's layout.</summary>
internal struct FileStatus
{
    /// <summary>Device that holds the file, major number.</summary>
    public uint DeviceMajor;

    /// <summary>Device that holds the file, minor number.</summary>
    public uint DeviceMinor;

    /// <summary>Inode number.</summary>
    public ulong Inode;

    /// <summary>Type and permissions (<see cref="ModeBits"/>).</summary>
    public uint Mode;

    /// <summary>Hard links.</summary>
    public uint Links;

    /// <summary>Owner.</summary>
    public uint UserId;

    /// <summary>Group.</summary>
    public uint GroupId;

    /// <summary>Device this file is, major number.</summary>
    public uint SpecialMajor;

    /// <summary>Device this file is, minor number.</summary>
    public uint SpecialMinor;

    /// <summary>Bytes.</summary>
    public long Size;

    /// <summary>Preferred unit of transfer in bytes.</summary>
    public uint BlockSize;

    /// <summary>Space taken, in units of 512 bytes.</summary>
    public ulong Blocks;

    /// <summary>Time of the last access.</summary>
    public FileTime Accessed;

    /// <summary>Time of the last change of the contents.</summary>
    public FileTime Modified;

    /// <summary>Time of the last change of this status.</summary>
    public FileTime Changed;

    /// <summary>Time of creation, when <see cref="HasCreated"/>.</summary>
    public FileTime Created;

    /// <summary>The file system tells the time of creation (STATX_BTIME), which may well be zero.</summary>
    public bool HasCreated;

    /// <summary>Number of the mount (<c>stx_mnt_id</c>); zero when not known.</summary>
    public ulong MountId;

    /// <summary>STATX_ATTR_ bits.</summary>
    public ulong Attributes;

    /// <summary>The STATX_ATTR_ bits the file system can tell.</summary>
    public ulong AttributesMask;

    /// <summary>The type bits of <see cref="Mode"/>.</summary>
    public readonly uint Type => Mode & ModeBits.S_IFMT;

    /// <summary>Whether this is a directory.</summary>
    public readonly bool IsDirectory => Type == ModeBits.S_IFDIR;

    /// <summary>Whether this is a symbolic link.</summary>
    public readonly bool IsSymbolicLink => Type == ModeBits.S_IFLNK;

    /// <summary>Whether this is a regular file.</summary>
    public readonly bool IsRegular => Type == ModeBits.S_IFREG;

    /// <summary>Packs a device number as <c>st_dev</c> holds it (new_encode_dev).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong EncodeDevice(uint major, uint minor) =>
        (minor & 0xFF) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & ~0xFFu) << 12) | ((ulong)(major & ~0xFFFu) << 32);

    /// <summary>The reverse of <see cref="EncodeDevice"/> (new_decode_dev).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint Major, uint Minor) DecodeDevice(ulong device) =>
        (((uint)(device >> 8) & 0xFFF) | ((uint)(device >> 32) & ~0xFFFu), ((uint)device & 0xFF) | ((uint)(device >> 12) & ~0xFFu));
}
