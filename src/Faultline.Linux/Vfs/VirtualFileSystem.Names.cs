using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Vfs;

// Making, removing and renaming entries.
internal sealed partial class VirtualFileSystem
{
    /// <summary>Makes a directory.</summary>
    public int MakeDirectory(FsContext context, DirectoryNode start, string path, uint mode)
    {
        PathWalk walk = new(context, start, path, LookupFlags.Parent);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            if (walk.Name.Length == 0 || walk.IsMountPoint)
                return -Errno.EEXIST;
            return walk.Current.FileSystem.MakeDirectory(walk.Current, Entry(walk), mode & 0x3FF & ~context.Umask);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Makes a FIFO, regular file, socket or device (mknod(2)). <paramref name="mode"/> holds the type; 0 means a regular file.</summary>
    public int MakeNode(FsContext context, DirectoryNode start, string path, uint mode, ulong device)
    {
        uint type = mode & ModeBits.S_IFMT;
        if (type == 0)
            mode |= type = ModeBits.S_IFREG;
        if (type == ModeBits.S_IFDIR)
            return -Errno.EPERM;
        if (type is not (ModeBits.S_IFREG or ModeBits.S_IFCHR or ModeBits.S_IFBLK or ModeBits.S_IFIFO or ModeBits.S_IFSOCK))
            return -Errno.EINVAL;
        mode = type | (mode & ModeBits.S_IALLUGO & ~context.Umask);
        PathWalk walk = new(context, start, path, LookupFlags.Parent);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            if (walk.Name.Length == 0 || walk.IsMountPoint)
                return -Errno.EEXIST;
            return walk.Current.FileSystem.MakeNode(walk.Current, Entry(walk), mode, device);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    public int MakeSymbolicLink(FsContext context, DirectoryNode start, string path, string target)
    {
        if (target.Length == 0)
            return -Errno.ENOENT;
        PathWalk walk = new(context, start, path, LookupFlags.Parent);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            if (walk.Name.Length == 0 || walk.IsMountPoint)
                return -Errno.EEXIST;
            return walk.Current.FileSystem.MakeSymbolicLink(walk.Current, Entry(walk), target);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Makes a hard link (linkat(2)).</summary>
    public int Link(FsContext context, DirectoryNode oldStart, string oldPath, DirectoryNode newStart, string newPath, bool follow)
    {
        PathWalk from = new(context, oldStart, oldPath, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = from.Run();
            if (result < 0)
                return result;
            if (from.Jump is { } jump)
                return Link(context, jump, newStart, newPath);
            // The old name must exist before the new one is looked at.
            result = from.Current.FileSystem.Stat(from.Current, from.Name, out FileStatus status);
            if (result < 0)
                return result;
            return LinkTo(context, ref from, status, newStart, newPath);
        }
        finally
        {
            from.Dispose();
        }
    }

    /// <summary>Makes a hard link to an open file (linkat with AT_EMPTY_PATH).</summary>
    public int Link(FsContext context, OpenFile file, DirectoryNode newStart, string newPath)
    {
        PathWalk to = new(context, newStart, newPath, LookupFlags.Parent);
        try
        {
            int result = to.Run();
            if (result < 0)
                return result;
            if (to.Name.Length == 0 || to.IsMountPoint)
                return -Errno.EEXIST;
            return file.Directory is not null ? RefuseLink(to, -Errno.EPERM) : to.Current.FileSystem.Link(file, to.Current, Entry(to));
        }
        finally
        {
            to.Dispose();
        }
    }

    /// <summary>Removes an entry: a directory (rmdir) or anything else (unlink).</summary>
    public int Remove(FsContext context, DirectoryNode start, string path, bool isDirectory)
    {
        PathWalk walk = new(context, start, path, LookupFlags.Parent);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            if (walk.Name.Length == 0)
            {
                if (!isDirectory)
                    return -Errno.EISDIR;
                return walk.Last switch
                {
                    LastComponent.DotDot => -Errno.ENOTEMPTY,
                    LastComponent.Dot => -Errno.EINVAL,
                    _ => -Errno.EBUSY,
                };
            }
            if (walk.IsMountPoint)
                return isDirectory ? -Errno.EBUSY : -Errno.EISDIR;
            return walk.Current.FileSystem.Remove(walk.Current, Entry(walk), isDirectory);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Renames (renameat2(2)).</summary>
    public int Rename(FsContext context, DirectoryNode oldStart, string oldPath, DirectoryNode newStart, string newPath, int flags)
    {
        const int known = AtFlags.RENAME_NOREPLACE | AtFlags.RENAME_EXCHANGE | AtFlags.RENAME_WHITEOUT;
        if ((flags & ~known) != 0 || ((flags & AtFlags.RENAME_EXCHANGE) != 0 && (flags & ~AtFlags.RENAME_EXCHANGE) != 0))
            return -Errno.EINVAL;
        if ((flags & AtFlags.RENAME_WHITEOUT) != 0)
            return -Errno.EPERM;
        PathWalk from = new(context, oldStart, oldPath, LookupFlags.Parent);
        try
        {
            int result = from.Run();
            if (result < 0)
                return result;
            PathWalk to = new(context, newStart, newPath, LookupFlags.Parent);
            try
            {
                result = to.Run();
                if (result < 0)
                    return result;
                if (!ReferenceEquals(from.Current.FileSystem, to.Current.FileSystem))
                    return -Errno.EXDEV;
                if (from.Name.Length == 0 || to.Name.Length == 0)
                    return (flags & AtFlags.RENAME_NOREPLACE) != 0 && from.Name.Length != 0 ? -Errno.EEXIST : -Errno.EBUSY;
                if (from.IsMountPoint || to.IsMountPoint)
                    return -Errno.EBUSY;
                return from.Current.FileSystem.Rename(from.Current, Entry(from), to.Current, Entry(to), flags);
            }
            finally
            {
                to.Dispose();
            }
        }
        finally
        {
            from.Dispose();
        }
    }

    private static int LinkTo(FsContext context, ref PathWalk from, in FileStatus status, DirectoryNode newStart, string newPath)
    {
        PathWalk to = new(context, newStart, newPath, LookupFlags.Parent);
        try
        {
            int result = to.Run();
            if (result < 0)
                return result;
            if (to.Name.Length == 0 || to.IsMountPoint)
                return -Errno.EEXIST;
            if (!ReferenceEquals(from.Current.FileSystem, to.Current.FileSystem))
                return RefuseLink(to, -Errno.EXDEV);
            return status.IsDirectory ? RefuseLink(to, -Errno.EPERM) : to.Current.FileSystem.Link(from.Current, from.Name, to.Current, Entry(to));
        }
        finally
        {
            to.Dispose();
        }
    }

    /// <summary>What a link that cannot be made gives: the new name is looked at before what it would lead to (filename_create).</summary>
    private static int RefuseLink(in PathWalk to, int error) =>
        to.Current.FileSystem.Stat(to.Current, to.Name, out _) == 0 ? -Errno.EEXIST : to.TrailingSlash ? -Errno.ENOENT : error;

    /// <summary>The last name with its slash: the host knows what a slash means to each call, and follows no link in these.</summary>
    private static string Entry(in PathWalk walk) => walk.TrailingSlash ? walk.Name + "/" : walk.Name;
}
