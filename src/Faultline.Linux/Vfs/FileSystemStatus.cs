namespace Faultline.Linux.Vfs;

/// <summary>What <c>statfs</c> tells about a file system.</summary>
internal struct FileSystemStatus
{
    /// <summary>Magic number of the type (linux/magic.h).</summary>
    public long Type;

    /// <summary>Optimal transfer size.</summary>
    public long BlockSize;

    /// <summary>Blocks in all.</summary>
    public ulong Blocks;

    /// <summary>Blocks free.</summary>
    public ulong BlocksFree;

    /// <summary>Blocks free to users without privilege.</summary>
    public ulong BlocksAvailable;

    /// <summary>Inodes in all.</summary>
    public ulong Files;

    /// <summary>Inodes free.</summary>
    public ulong FilesFree;

    /// <summary>The file system's id, as the guest sees it (two 32-bit words).</summary>
    public ulong Id;

    /// <summary>Longest file name.</summary>
    public long NameLength;

    /// <summary>Fragment size.</summary>
    public long FragmentSize;

    /// <summary>ST_ flags.</summary>
    public long Flags;
}
