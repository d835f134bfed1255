using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Tree;

/// <summary>A file system of nodes that this kernel keeps itself: /proc, /dev, /dev/shm.</summary>
internal abstract class TreeFileSystem(IHost host, uint deviceMinor) : FileSystem
{
    private long _lastInode = 1;

    /// <summary>The host.</summary>
    public IHost Host { get; } = host;

    /// <summary>Minor device number; the major is 0, as of all file systems without a disk.</summary>
    public uint DeviceMinor { get; } = deviceMinor;

    /// <summary>Magic number for statfs.</summary>
    public abstract long Magic { get; }

    /// <summary>The root.</summary>
    public abstract TreeDirectory RootDirectory { get; }

    /// <inheritdoc/>
    public override DirectoryNode Root => RootDirectory.Node;

    /// <summary>Owner of new nodes.</summary>
    public uint UserId => Host.Identity.EffectiveUserId;

    /// <summary>Group of new nodes.</summary>
    public uint GroupId => Host.Identity.EffectiveGroupId;

    /// <summary>The time for time stamps.</summary>
    public FileTime Now => FileTime.FromNanoseconds(Host.Clock.Realtime);

    /// <summary>The lock of the tree's shape.</summary>
    protected Lock TreeLock { get; } = new();

    /// <summary>A new inode number.</summary>
    public ulong NextInode() => (ulong)Interlocked.Increment(ref _lastInode);

    /// <inheritdoc/>
    public override int Open(DirectoryNode directory, string name, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        int result = Find(directory, name, out TreeNode? node);
        if (result == -Errno.ENOENT && (flags & O_CREAT) != 0)
        {
            result = CreateFile(Tree(directory), name, mode, out node);
            if (result < 0)
                return result;
            return node!.Open(flags, PathOf(directory, name), out file);
        }
        if (result < 0)
            return result;
        if ((flags & O_TMPFILE_BIT) != 0)
            return OpenUnnamed(node!, flags, mode, out file);
        result = CheckOpen(node!, flags);
        if (result < 0)
            return result;
        if ((flags & O_PATH) != 0 && node is not TreeDirectory)
        {
            file = new TreePathFile(node!, flags, PathOf(directory, name));
            return 0;
        }
        if ((flags & O_TRUNC) != 0 && node!.Type == ModeBits.S_IFREG && node.Truncate(0) is < 0 and int error)
            return error;
        return node!.Open(flags, PathOf(directory, name), out file);
    }

    /// <inheritdoc/>
    public override int Stat(DirectoryNode directory, string name, out FileStatus status)
    {
        status = default;
        int result = Find(directory, name, out TreeNode? node);
        if (result < 0)
            return result;
        result = node!.Stat(out status);
        if (node == RootDirectory && MountedAt is { } mount
            && mount.Parent.FileSystem.Stat(mount.Parent, mount.Name, out FileStatus covered) == 0 && covered.IsDirectory)
        {
            // The mount point looks like the directory under it, so that a listing of / is the host's own.
            (uint minor, ulong inode) = (status.DeviceMinor, status.Inode);
            status = covered;
            (status.DeviceMajor, status.DeviceMinor, status.Inode) = (0, minor, inode);
        }
        return result;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(DirectoryNode directory, string name, out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(Magic);
        return Find(directory, name, out _);
    }

    /// <inheritdoc/>
    public override int ReadLink(DirectoryNode directory, string name, out string target)
    {
        target = "";
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.ReadLink(out target);
    }

    /// <inheritdoc/>
    public override int Access(DirectoryNode directory, string name, int mode, bool effective)
    {
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.CheckAccess(mode);
    }

    /// <inheritdoc/>
    public override int ChangeMode(DirectoryNode directory, string name, uint mode)
    {
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.ChangeMode(mode);
    }

    /// <inheritdoc/>
    public override int ChangeOwner(DirectoryNode directory, string name, uint user, uint group)
    {
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.ChangeOwner(user, group);
    }

    /// <inheritdoc/>
    public override int SetTimes(DirectoryNode directory, string name, FileTime accessed, FileTime modified)
    {
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.SetTimes(accessed, modified);
    }

    /// <inheritdoc/>
    public override int Truncate(DirectoryNode directory, string name, long length)
    {
        int result = Find(directory, name, out TreeNode? node);
        if (result < 0)
            return result;
        if (node is TreeDirectory)
            return -Errno.EISDIR;
        result = node!.CheckAccess(AtFlags.W_OK);
        return result < 0 ? result : node.Truncate(length);
    }

    /// <summary>Makes a regular file for an open with O_CREAT; -EACCES, as /proc says, where none can be made.</summary>
    protected virtual int CreateFile(TreeDirectory directory, string name, uint mode, out TreeNode? node)
    {
        node = null;
        return -Errno.EACCES;
    }

    /// <summary>Opens a new file without a name (O_TMPFILE).</summary>
    protected virtual int OpenUnnamed(TreeNode directory, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        return -Errno.EOPNOTSUPP;
    }

    /// <summary>The node of an entry, or of the directory itself when the name is empty.</summary>
    protected static int Find(DirectoryNode directory, string name, out TreeNode? node)
    {
        TreeDirectory tree = Tree(directory);
        node = name.Length == 0 ? tree : tree.Find(name);
        return node is null ? -Errno.ENOENT : 0;
    }

    /// <summary>The tree's directory behind a node of a walk.</summary>
    protected static TreeDirectory Tree(DirectoryNode directory) => ((TreeDirectoryNode)directory).Tree;

    /// <inheritdoc/>
    protected override int Lookup(DirectoryNode directory, string name, out WalkStep step)
    {
        step = default;
        int result = Find(directory, name, out TreeNode? node);
        return result < 0 ? result : node!.Step(out step);
    }

    /// <inheritdoc/>
    protected override int Parent(DirectoryNode directory, out DirectoryNode? parent)
    {
        parent = (Tree(directory).ParentDirectory ?? RootDirectory).Node;
        return 0;
    }

    private string PathOf(DirectoryNode directory, string name)
    {
        string path = name.Length == 0 ? directory.Path : Join(directory.Path, name);
        return Join(MountPath, path);
    }

    private static int CheckOpen(TreeNode node, int flags)
    {
        bool isPath = (flags & O_PATH) != 0;
        bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
        if (exclusive)
            return -Errno.EEXIST;
        if (node.Type == ModeBits.S_IFDIR)
        {
            if (!isPath && ((flags & O_CREAT) != 0 || (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0))
                return -Errno.EISDIR;
        }
        else if ((flags & O_DIRECTORY) != 0)
        {
            return -Errno.ENOTDIR;
        }
        if (isPath)
            return 0;
        if (node.Type == ModeBits.S_IFLNK)
            return -Errno.ELOOP;
        int wanted = (flags & O_ACCMODE) switch
        {
            O_RDONLY => AtFlags.R_OK,
            O_WRONLY => AtFlags.W_OK,
            _ => AtFlags.R_OK | AtFlags.W_OK,
        };
        return node.CheckAccess((flags & O_TRUNC) != 0 ? wanted | AtFlags.W_OK : wanted);
    }
}
