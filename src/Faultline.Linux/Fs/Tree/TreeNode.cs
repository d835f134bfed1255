using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>An inode of a file system that this kernel keeps itself.</summary>
internal abstract class TreeNode
{
    /// <summary>Makes a node owned by the user of this process, with all times now.</summary>
    /// <param name="fileSystem">Its file system.</param>
    /// <param name="mode">Type and permissions.</param>
    /// <param name="inode">Its number; 0 takes the next.</param>
    protected TreeNode(TreeFileSystem fileSystem, uint mode, ulong inode = 0)
    {
        FileSystem = fileSystem;
        Mode = mode;
        Inode = inode != 0 ? inode : fileSystem.NextInode();
        UserId = fileSystem.UserId;
        GroupId = fileSystem.GroupId;
        Links = 1;
        Accessed = Modified = Changed = Created = fileSystem.Now;
    }

    /// <summary>Its file system.</summary>
    public TreeFileSystem FileSystem { get; }

    /// <summary>Inode number.</summary>
    public ulong Inode { get; }

    /// <summary>Type and permissions.</summary>
    public uint Mode { get; private set; }

    /// <summary>Owner.</summary>
    public uint UserId { get; private set; }

    /// <summary>Group.</summary>
    public uint GroupId { get; private set; }

    /// <summary>Hard links.</summary>
    public uint Links { get; set; }

    /// <summary>Time of the last access.</summary>
    public FileTime Accessed { get; set; }

    /// <summary>Time of the last change of contents.</summary>
    public FileTime Modified { get; set; }

    /// <summary>Time of the last change of status.</summary>
    public FileTime Changed { get; set; }

    /// <summary>Time of creation.</summary>
    public FileTime Created { get; }

    /// <summary>The lock of flock(2).</summary>
    public FileLock Lock { get; } = new();

    /// <summary>The type bits of <see cref="Mode"/>.</summary>
    public uint Type => Mode & ModeBits.S_IFMT;

    /// <summary>Device number when this is a device.</summary>
    public virtual (uint Major, uint Minor) Device => (0, 0);

    /// <summary>The status. Kinds of nodes that know a size override this.</summary>
    public virtual int Stat(out FileStatus status)
    {
        status = new FileStatus
        {
            DeviceMinor = FileSystem.DeviceMinor,
            Inode = Inode,
            Mode = Mode,
            Links = Links,
            UserId = UserId,
            GroupId = GroupId,
            SpecialMajor = Device.Major,
            SpecialMinor = Device.Minor,
            BlockSize = 4096,
            Accessed = Accessed,
            Modified = Modified,
            Changed = Changed,
            MountId = FileSystem.DeviceMinor,
        };
        return 0;
    }

    /// <summary>Opens the node; permissions have been checked.</summary>
    /// <param name="flags">O_ flags.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="file">The open file, one reference.</param>
    public abstract int Open(int flags, string path, out OpenFile? file);

    /// <summary>What a walk finds here: a directory, the target of a link, or nothing special.</summary>
    public virtual int Step(out WalkStep step)
    {
        step = default;
        return 0;
    }

    /// <summary>The target of a symbolic link.</summary>
    public virtual int ReadLink(out string target)
    {
        target = "";
        return -Errno.EINVAL;
    }

    /// <summary>Sets the length.</summary>
    public virtual int Truncate(long length) => -Errno.EINVAL;

    /// <summary>Changes the permissions.</summary>
    public virtual int ChangeMode(uint mode)
    {
        Mode = Type | (mode & ModeBits.S_IALLUGO);
        Changed = FileSystem.Now;
        return 0;
    }

    /// <summary>Changes owner and group; ~0 leaves one alone.</summary>
    public virtual int ChangeOwner(uint user, uint group)
    {
        if (FileSystem.UserId != 0 && ((user != uint.MaxValue && user != UserId) || (group != uint.MaxValue && group != GroupId)))
            return -Errno.EPERM;
        UserId = user != uint.MaxValue ? user : UserId;
        GroupId = group != uint.MaxValue ? group : GroupId;
        Changed = FileSystem.Now;
        return 0;
    }

    /// <summary>Sets the times.</summary>
    public virtual int SetTimes(FileTime accessed, FileTime modified)
    {
        FileTime now = FileSystem.Now;
        if (accessed.Nanoseconds != FileTime.Omit)
            Accessed = accessed.Nanoseconds == FileTime.Now ? now : accessed;
        if (modified.Nanoseconds != FileTime.Omit)
            Modified = modified.Nanoseconds == FileTime.Now ? now : modified;
        Changed = now;
        return 0;
    }

    /// <summary>Whether the user of this process may do what R_OK, W_OK and X_OK bits say (generic_permission).</summary>
    public int CheckAccess(int wanted)
    {
        uint user = FileSystem.UserId;
        if (user == 0)
        {
            // Root may do all but execute what nobody may execute.
            bool denies = (wanted & AtFlags.X_OK) != 0 && Type != ModeBits.S_IFDIR && (Mode & 0x49) == 0;
            return denies ? -Errno.EACCES : 0;
        }
        int shift = user == UserId ? 6 : FileSystem.GroupId == GroupId ? 3 : 0;
        return ((int)(Mode >> shift) & wanted & 7) == wanted ? 0 : -Errno.EACCES;
    }

    /// <summary>Called when a directory entry that named this is gone and <see cref="Links"/> has been counted down.</summary>
    public virtual void OnUnlinked()
    {
    }
}
