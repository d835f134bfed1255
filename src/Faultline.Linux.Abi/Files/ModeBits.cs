namespace Faultline.Linux.Abi.Files;

/// <summary>Bits of <c>st_mode</c> (inode(7)).</summary>
internal static class ModeBits
{
    public const uint S_IFMT = 0xF000;
    public const uint S_IFSOCK = 0xC000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFIFO = 0x1000;
    public const uint S_ISUID = 0x800;
    public const uint S_ISGID = 0x400;
    public const uint S_ISVTX = 0x200;

    /// <summary>All permission bits with the set-id and sticky bits (S_IALLUGO).</summary>
    public const uint S_IALLUGO = 0xFFF;

    /// <summary>The <c>d_type</c> of a directory entry for a mode (DT_REG and so on, dirent.h).</summary>
    public static byte DirectoryEntryType(uint mode) => (byte)((mode & S_IFMT) >> 12);
}
