using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;

namespace Faultline.Linux.Vfs;

// Operations on what a path leads to.
internal sealed partial class VirtualFileSystem
{
    /// <summary>The status of a file.</summary>
    public int Stat(FsContext context, DirectoryNode start, string path, bool follow, out FileStatus status)
    {
        status = default;
        if (path.Length == 0)
            return -Errno.ENOENT;
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow | LookupFlags.Optimistic : LookupFlags.None);
        try
        {
            int result = walk.Run();
            while (result == 0)
            {
                result = walk.Jump is { } jump ? jump.Stat(out status) : walk.Current.FileSystem.Stat(walk.Current, walk.Name, out status);
                if (result < 0 || !follow || !status.IsSymbolicLink || (walk.Flags & LookupFlags.Optimistic) == 0)
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

    /// <summary><see cref="Stat"/> without a walk, for most absolute paths of files of the host.</summary>
    /// <param name="context">Root.</param>
    /// <param name="path">The path's bytes and a NUL behind them.</param>
    /// <param name="follow">Whether a symbolic link as the last component is followed.</param>
    /// <param name="extended">Whether what statx(2) tells is asked for.</param>
    /// <param name="status">The status; nothing in particular without one.</param>
    /// <param name="result">0 or a negative errno.</param>
    /// <returns>False when it is to be walked.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStat(FsContext context, ReadOnlySpan<byte> path, bool follow, bool extended, out FileStatus status, out int result)
    {
        if (context.HasWholeTree)
            return HostFiles.TryStat(path, follow, extended, out status, out result);
        Unsafe.SkipInit(out status);
        result = 0;
        return false;
    }

    /// <summary>The target of a symbolic link.</summary>
    public int ReadLink(FsContext context, DirectoryNode start, string path, out string target)
    {
        target = "";
        PathWalk walk = new(context, start, path, LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Name.Length == 0 ? -Errno.EINVAL : walk.Current.FileSystem.ReadLink(walk.Current, walk.Name, out target);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>The status of the file system a path leads to.</summary>
    public int StatFileSystem(FsContext context, DirectoryNode start, string path, out FileSystemStatus status)
    {
        status = default;
        PathWalk walk = new(context, start, path, LookupFlags.Follow);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump
                ? jump.StatFileSystem(out status)
                : walk.Current.FileSystem.StatFileSystem(walk.Current, walk.Name, out status);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Whether this user may use a file (access(2)).</summary>
    public int Access(FsContext context, DirectoryNode start, string path, int mode, bool effective, bool follow)
    {
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump
                ? jump.Access(mode, effective)
                : walk.Current.FileSystem.Access(walk.Current, walk.Name, mode, effective);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Changes permissions (chmod(2)).</summary>
    public int ChangeMode(FsContext context, DirectoryNode start, string path, uint mode, bool follow)
    {
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump ? jump.ChangeMode(mode) : walk.Current.FileSystem.ChangeMode(walk.Current, walk.Name, mode);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Changes owner and group (chown(2)); ~0 leaves one alone.</summary>
    public int ChangeOwner(FsContext context, DirectoryNode start, string path, uint user, uint group, bool follow)
    {
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump
                ? jump.ChangeOwner(user, group)
                : walk.Current.FileSystem.ChangeOwner(walk.Current, walk.Name, user, group);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Sets the times (utimensat(2)).</summary>
    public int SetTimes(FsContext context, DirectoryNode start, string path, FileTime accessed, FileTime modified, bool follow)
    {
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump
                ? jump.SetTimes(accessed, modified)
                : walk.Current.FileSystem.SetTimes(walk.Current, walk.Name, accessed, modified);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Sets the length (truncate(2)).</summary>
    public int Truncate(FsContext context, DirectoryNode start, string path, long length)
    {
        PathWalk walk = new(context, start, path, LookupFlags.Follow);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            return walk.Jump is { } jump ? jump.Truncate(length) : walk.Current.FileSystem.Truncate(walk.Current, walk.Name, length);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Works on the extended attributes of a file.</summary>
    /// <param name="context">Root.</param>
    /// <param name="start">Where a relative path starts.</param>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a symbolic link as the last component is followed.</param>
    /// <param name="work">What to do; its result is returned. -EOPNOTSUPP is returned when the file system has no attributes.</param>
    public int WithAttributes(FsContext context, DirectoryNode start, string path, bool follow, Func<IAttributes, int> work)
    {
        if (path.Length == 0)
            return -Errno.ENOENT;
        PathWalk walk = new(context, start, path, follow ? LookupFlags.Follow : LookupFlags.None);
        try
        {
            int result = walk.Run();
            if (result < 0)
                return result;
            if (walk.Jump is null && walk.Current.FileSystem.Stat(walk.Current, walk.Name, out _) is < 0 and int missing)
                return missing;
            IAttributes? attributes = walk.Jump is { } jump ? jump.Attributes : walk.Current.FileSystem.Attributes(walk.Current, walk.Name);
            return attributes is null ? -Errno.EOPNOTSUPP : work(attributes);
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Finds a directory to go to (chdir, chroot), with a reference for the caller.</summary>
    public int FindDirectory(FsContext context, DirectoryNode start, string path, out DirectoryNode? directory)
    {
        directory = null;
        int result = Open(context, start, path, Abi.Files.OpenFlags.O_PATH | Abi.Files.OpenFlags.O_DIRECTORY, 0, out OpenFile? file);
        if (result < 0)
            return result;
        directory = file!.Directory!;
        directory.AddReference();
        file.Release();
        // chdir needs search permission on the directory itself, which O_PATH does not ask for.
        result = directory.FileSystem.Access(directory, "", Abi.Files.AtFlags.X_OK, effective: true);
        if (result == 0)
            return 0;
        directory.Release();
        directory = null;
        return result;
    }
}
