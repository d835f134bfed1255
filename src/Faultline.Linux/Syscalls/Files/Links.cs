using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using static Faultline.Linux.Abi.Files.AtFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>access(2), readlink(2) and what changes entries of directories (fs/open.c, fs/stat.c, fs/namei.c).</summary>
internal static class Links
{
    /// <summary>int access(const char *pathname, int mode)</summary>
    public static long Access(Task task, in SyscallArguments a) => AccessAt(task, AT_FDCWD, a.A0, a.Int1, 0);

    /// <summary>int faccessat(int dirfd, const char *pathname, int mode)</summary>
    public static long Faccessat(Task task, in SyscallArguments a) => AccessAt(task, a.Int0, a.A1, a.Int2, 0);

    /// <summary>int faccessat2(int dirfd, const char *pathname, int mode, int flags)</summary>
    public static long Faccessat2(Task task, in SyscallArguments a) => AccessAt(task, a.Int0, a.A1, a.Int2, a.Int3);

    /// <summary>ssize_t readlink(const char *pathname, char *buf, int bufsiz)</summary>
    public static long Readlink(Task task, in SyscallArguments a) => ReadlinkAt(task, AT_FDCWD, a.A0, a.A1, a.Int2);

    /// <summary>ssize_t readlinkat(int dirfd, const char *pathname, char *buf, int bufsiz)</summary>
    public static long Readlinkat(Task task, in SyscallArguments a) => ReadlinkAt(task, a.Int0, a.A1, a.A2, a.Int3);

    /// <summary>int mkdir(const char *pathname, mode_t mode)</summary>
    public static long Mkdir(Task task, in SyscallArguments a) => MkdirAt(task, AT_FDCWD, a.A0, (uint)a.A1);

    /// <summary>int mkdirat(int dirfd, const char *pathname, mode_t mode)</summary>
    public static long Mkdirat(Task task, in SyscallArguments a) => MkdirAt(task, a.Int0, a.A1, (uint)a.A2);

    /// <summary>int mknod(const char *pathname, mode_t mode, dev_t dev)</summary>
    public static long Mknod(Task task, in SyscallArguments a) => MknodAt(task, AT_FDCWD, a.A0, (uint)a.A1, a.A2);

    /// <summary>int mknodat(int dirfd, const char *pathname, mode_t mode, dev_t dev)</summary>
    public static long Mknodat(Task task, in SyscallArguments a) => MknodAt(task, a.Int0, a.A1, (uint)a.A2, a.A3);

    /// <summary>int rmdir(const char *pathname)</summary>
    public static long Rmdir(Task task, in SyscallArguments a) => RemoveAt(task, AT_FDCWD, a.A0, isDirectory: true);

    /// <summary>int unlink(const char *pathname)</summary>
    public static long Unlink(Task task, in SyscallArguments a) => RemoveAt(task, AT_FDCWD, a.A0, isDirectory: false);

    /// <summary>int unlinkat(int dirfd, const char *pathname, int flags)</summary>
    public static long Unlinkat(Task task, in SyscallArguments a) =>
        (a.Int2 & ~AT_REMOVEDIR) != 0 ? -Errno.EINVAL : RemoveAt(task, a.Int0, a.A1, (a.Int2 & AT_REMOVEDIR) != 0);

    /// <summary>int rename(const char *oldpath, const char *newpath)</summary>
    public static long Rename(Task task, in SyscallArguments a) => RenameAt(task, AT_FDCWD, a.A0, AT_FDCWD, a.A1, 0);

    /// <summary>int renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath)</summary>
    public static long Renameat(Task task, in SyscallArguments a) => RenameAt(task, a.Int0, a.A1, a.Int2, a.A3, 0);

    /// <summary>int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags)</summary>
    public static long Renameat2(Task task, in SyscallArguments a) =>
        (a.Int4 & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) != 0 ? -Errno.EINVAL : RenameAt(task, a.Int0, a.A1, a.Int2, a.A3, a.Int4);

    /// <summary>int link(const char *oldpath, const char *newpath)</summary>
    public static long Link(Task task, in SyscallArguments a) => LinkAt(task, AT_FDCWD, a.A0, AT_FDCWD, a.A1, 0);

    /// <summary>int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags)</summary>
    public static long Linkat(Task task, in SyscallArguments a) => LinkAt(task, a.Int0, a.A1, a.Int2, a.A3, a.Int4);

    /// <summary>int symlink(const char *target, const char *linkpath)</summary>
    public static long Symlink(Task task, in SyscallArguments a) => SymlinkAt(task, a.A0, AT_FDCWD, a.A1);

    /// <summary>int symlinkat(const char *target, int newdirfd, const char *linkpath)</summary>
    public static long Symlinkat(Task task, in SyscallArguments a) => SymlinkAt(task, a.A0, a.Int1, a.A2);

    private static long AccessAt(Task task, int directory, ulong address, int mode, int flags)
    {
        if ((mode & ~7) != 0 || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        bool effective = (flags & AT_EACCESS) != 0;
        using (path)
        {
            return path.File is { } file
                ? file.Access(mode, effective)
                : path.Vfs.Access(path.Context, path.Start, path.Path, mode, effective, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
    }

    private static long ReadlinkAt(Task task, int directory, ulong address, ulong buffer, int size)
    {
        if (size <= 0)
            return -Errno.EINVAL;
        // An empty path means the descriptor itself here without any flag.
        int result = PathArgument.Get(task, directory, address, out PathArgument path, allowEmpty: directory != AT_FDCWD);
        if (result < 0)
            return result;
        string target;
        using (path)
        {
            result = path.File is { } file
                ? file.ReadLink(out target) is < 0 and int error ? (error == -Errno.EINVAL ? -Errno.ENOENT : error) : 0
                : path.Vfs.ReadLink(path.Context, path.Start, path.Path, out target);
        }
        if (result < 0)
            return result;
        Span<byte> bytes = stackalloc byte[Vfs.PathWalk.PathMax];
        int length = KernelText.Write(target.AsSpan(0, Math.Min(target.Length, Math.Min(size, bytes.Length))), bytes);
        return task.Memory.Write(buffer, bytes[..length]) == length ? length : -Errno.EFAULT;
    }

    private static long MkdirAt(Task task, int directory, ulong address, uint mode)
    {
        int result = PathArgument.Get(task, directory, address, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.MakeDirectory(path.Context, path.Start, path.Path, mode);
    }

    private static long MknodAt(Task task, int directory, ulong address, uint mode, ulong device)
    {
        // may_mknod comes before the path.
        uint type = mode & ModeBits.S_IFMT;
        if (type is not (0 or ModeBits.S_IFREG or ModeBits.S_IFCHR or ModeBits.S_IFBLK or ModeBits.S_IFIFO or ModeBits.S_IFSOCK))
            return type == ModeBits.S_IFDIR ? -Errno.EPERM : -Errno.EINVAL;
        int result = PathArgument.Get(task, directory, address, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.MakeNode(path.Context, path.Start, path.Path, mode, device);
    }

    private static long RemoveAt(Task task, int directory, ulong address, bool isDirectory)
    {
        int result = PathArgument.Get(task, directory, address, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.Remove(path.Context, path.Start, path.Path, isDirectory);
    }

    private static long RenameAt(Task task, int oldDirectory, ulong oldAddress, int newDirectory, ulong newAddress, int flags)
    {
        int result = PathArgument.Get(task, oldDirectory, oldAddress, out PathArgument from);
        if (result < 0)
            return result;
        using (from)
        {
            result = PathArgument.Get(task, newDirectory, newAddress, out PathArgument to);
            if (result < 0)
                return result;
            using (to)
                return from.Vfs.Rename(from.Context, from.Start, from.Path, to.Start, to.Path, flags);
        }
    }

    private static long LinkAt(Task task, int oldDirectory, ulong oldAddress, int newDirectory, ulong newAddress, int flags)
    {
        if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, oldDirectory, oldAddress, out PathArgument from, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        using (from)
        {
            result = PathArgument.Get(task, newDirectory, newAddress, out PathArgument to);
            if (result < 0)
            {
                // The old name is looked up before anything is said about the new one.
                int old = from.File is null ? from.Vfs.Stat(from.Context, from.Start, from.Path, (flags & AT_SYMLINK_FOLLOW) != 0, out _) : 0;
                return old < 0 ? old : result;
            }
            using (to)
            {
                return from.File is { } file
                    ? from.Vfs.Link(from.Context, file, to.Start, to.Path)
                    : from.Vfs.Link(from.Context, from.Start, from.Path, to.Start, to.Path, (flags & AT_SYMLINK_FOLLOW) != 0);
            }
        }
    }

    private static long SymlinkAt(Task task, ulong targetAddress, int directory, ulong address)
    {
        int result = task.Memory.ReadString(targetAddress, Vfs.PathWalk.PathMax, out string target);
        if (result < 0)
            return result;
        if (target.Length == 0)
            return -Errno.ENOENT;
        result = PathArgument.Get(task, directory, address, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.MakeSymbolicLink(path.Context, path.Start, path.Path, target);
    }
}
