using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Vfs;

/// <summary>What files without a name in the tree (pipes, eventfd, epoll) have in common.</summary>
internal static class AnonymousFile
{
    /// <summary>Magic number of pipes' file system.</summary>
    public const long PIPEFS_MAGIC = 0x50495045;

    /// <summary>Magic number of the file system of eventfd, epoll and the like.</summary>
    public const long ANON_INODE_FS_MAGIC = 0x09041934;

    /// <summary>Minor number of the device pipes are on; the major number is 0, as of all file systems without a disk.</summary>
    public const uint PipeDevice = 14;

    /// <summary>Minor number of the device of eventfd and the like.</summary>
    public const uint AnonymousDevice = 15;

    private static long _lastInode = 1000;

    /// <summary>An inode number not used before.</summary>
    public static ulong NextInode() => (ulong)Interlocked.Increment(ref _lastInode);

    /// <summary>What statfs tells about a file system without storage.</summary>
    public static FileSystemStatus FileSystemOf(long magic) => new() { Type = magic, BlockSize = 4096, NameLength = 255, FragmentSize = 4096, Flags = 0x20 };

    /// <summary>The status of an eventfd and the like: no type bits, mode 0600.</summary>
    public static FileStatus StatusOf(ulong inode, uint userId, uint groupId) => new()
    {
        DeviceMinor = AnonymousDevice,
        Inode = inode,
        Mode = 0x180,
        Links = 1,
        UserId = userId,
        GroupId = groupId,
        BlockSize = 4096,
    };

    /// <summary>The status of a pipe.</summary>
    public static FileStatus PipeStatus(ulong inode, uint userId, uint groupId) => new()
    {
        DeviceMinor = PipeDevice,
        Inode = inode,
        Mode = ModeBits.S_IFIFO | 0x180,
        Links = 1,
        UserId = userId,
        GroupId = groupId,
        BlockSize = 4096,
    };
}
