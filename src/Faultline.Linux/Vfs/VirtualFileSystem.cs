using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Host;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Vfs;

/// <summary>
/// The tree of files that guests see: a folder of the host with special file systems mounted on it, and the operations that take paths.
/// Calls return 0 or a negative errno, in the order in which Linux checks (fs/namei.c, fs/open.c).
/// </summary>
/// <remarks>
/// Every operation takes the process's <see cref="FsContext"/>, the directory that relative paths start from, and a path of one char per
/// byte, which must not be empty (AT_EMPTY_PATH is the system calls' affair).
/// </remarks>
internal sealed partial class VirtualFileSystem
{
    private VirtualFileSystem(HostFileSystem hostFiles) => HostFiles = hostFiles;

    /// <summary>The host folder at the root of the tree.</summary>
    public HostFileSystem HostFiles { get; }

    /// <summary>Record locks of all files.</summary>
    public RecordLockTable RecordLocks { get; } = new();

    /// <summary>The host.</summary>
    public IHost Host => HostFiles.Host;

    /// <summary>The root of the tree.</summary>
    public DirectoryNode Root => HostFiles.Root;

    /// <summary>Puts a host folder at the root of a new tree.</summary>
    /// <param name="host">The host.</param>
    /// <param name="hostFolder"><c>/</c>, or the only folder guests may see.</param>
    /// <param name="vfs">The tree, or null.</param>
    public static int Create(IHost host, string hostFolder, out VirtualFileSystem? vfs)
    {
        int result = HostFileSystem.Create(host, hostFolder, out HostFileSystem? files);
        vfs = files is null ? null : new VirtualFileSystem(files);
        return result;
    }

    /// <summary>A place in the tree for a new process, at the root.</summary>
    public FsContext CreateContext(uint umask)
    {
        Root.AddReference();
        Root.AddReference();
        return new FsContext(this, Root, Root, umask);
    }

    /// <summary>Mounts a file system on an entry of the root directory.</summary>
    /// <param name="name">The entry, without slashes.</param>
    /// <param name="make">Makes the file system when something first goes there.</param>
    public void Mount(string name, Func<FileSystem> make) => HostFiles.Mount(Root, name, make);

    /// <summary>All mounted file systems, the root first.</summary>
    public IEnumerable<FileSystem> FileSystems()
    {
        Queue<FileSystem> queue = new([HostFiles]);
        while (queue.TryDequeue(out FileSystem? next))
        {
            yield return next;
            foreach (Mount mount in next.Mounts)
                queue.Enqueue(mount.FileSystem);
        }
    }

    /// <summary>The path of a directory as a process sees it; null when it has been removed, and with "(unreachable)" outside its root.</summary>
    public string? PathOf(FsContext context, DirectoryNode directory)
    {
        string? path = FullPath(directory);
        string? root = FullPath(context.Root);
        if (path is null || root is null or "/")
            return path;
        if (path == root)
            return "/";
        return path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..] : "(unreachable)" + path;
    }

    /// <summary>Opens a file (open(2)).</summary>
    /// <param name="context">Root, umask.</param>
    /// <param name="start">Where a relative path starts.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">O_ flags.</param>
    /// <param name="mode">Permissions of a file that is made, the umask not yet applied.</param>
    /// <param name="file">The open file with one reference, the caller's.</param>
    /// <param name="resolve">How far the path may lead.</param>
    public int Open(FsContext context, DirectoryNode start, string path, int flags, uint mode, out OpenFile? file, ResolveFlags resolve = ResolveFlags.None)
    {
        file = null;
        if (CheckFlags(ref flags) is < 0 and int error)
            return error;
        if (path.Length == 0)
            return -Errno.ENOENT;
        mode = mode & ModeBits.S_IALLUGO & ~context.Umask;
        bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
        bool follow = (flags & O_NOFOLLOW) == 0 && !exclusive;
        LookupFlags lookup = follow ? LookupFlags.Follow : LookupFlags.None;
        if ((flags & O_CREAT) != 0)
            lookup |= LookupFlags.Create;
        // With these two the host would give a link itself, or the errno of one for anything else: look first.
        if ((flags & (O_PATH | O_DIRECTORY)) == 0)
            lookup |= LookupFlags.Optimistic;

        if (path[0] == '/' && (resolve & ResolveFlags.Beneath) != 0)
            return -Errno.EXDEV;
        PathWalk walk = new(context, start, path, lookup, resolve);
        try
        {
            int result = walk.Run();
            while (result == 0)
            {
                result = OpenLast(ref walk, flags, mode, exclusive, out file);
                if (result != -Errno.ELOOP || !follow || (walk.Flags & LookupFlags.Optimistic) == 0)
                    return result;
                result = walk.FollowLast();
            }
            return result;
        }
        finally
        {
            walk.Dispose();
        }
    }

    private static int OpenLast(ref PathWalk walk, int flags, uint mode, bool exclusive, out OpenFile? file)
    {
        file = null;
        if (walk.Jump is { } jump)
            return jump.Reopen(flags, out file);
        if ((flags & O_CREAT) != 0 && walk.Name.Length == 0)
            return exclusive ? -Errno.EEXIST : -Errno.EISDIR;
        if (walk.TrailingSlash)
            flags |= O_DIRECTORY;
        return walk.Current.FileSystem.Open(walk.Current, walk.Name, flags, mode, out file);
    }

    /// <summary>The checks of build_open_flags.</summary>
    private static int CheckFlags(ref int flags)
    {
        flags &= Valid;
        if ((flags & O_PATH) != 0)
        {
            flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
            return 0;
        }
        if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
            return -Errno.EINVAL;
        if ((flags & O_TMPFILE_BIT) == 0)
            return 0;
        if ((flags & O_DIRECTORY) == 0 || (flags & O_ACCMODE) == O_RDONLY)
            return -Errno.EINVAL;
        return 0;
    }

    private static string? FullPath(DirectoryNode directory) =>
        directory.CurrentPath is { } path ? FileSystem.Join(directory.FileSystem.MountPath, path) : null;
}
