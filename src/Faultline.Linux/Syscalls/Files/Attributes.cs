using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.AtFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>The chmod, chown and utime families and truncate(2) (fs/open.c, fs/utimes.c).</summary>
internal static class Attributes
{
    /// <summary>int chmod(const char *pathname, mode_t mode)</summary>
    public static long Chmod(Task task, in SyscallArguments a) => ChmodAt(task, AT_FDCWD, a.A0, (uint)a.A1, 0);

    /// <summary>int fchmodat(int dirfd, const char *pathname, mode_t mode)</summary>
    public static long Fchmodat(Task task, in SyscallArguments a) => ChmodAt(task, a.Int0, a.A1, (uint)a.A2, 0);

    /// <summary>int fchmodat2(int dirfd, const char *pathname, mode_t mode, unsigned int flags)</summary>
    public static long Fchmodat2(Task task, in SyscallArguments a) => ChmodAt(task, a.Int0, a.A1, (uint)a.A2, a.Int3);

    /// <summary>int fchmod(int fd, mode_t mode)</summary>
    public static long Fchmod(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.IsBad ? -Errno.EBADF : use.File.ChangeMode((uint)a.A1 & ModeBits.S_IALLUGO);
    }

    /// <summary>int chown(const char *pathname, uid_t owner, gid_t group)</summary>
    public static long Chown(Task task, in SyscallArguments a) => ChownAt(task, AT_FDCWD, a.A0, (uint)a.A1, (uint)a.A2, 0);

    /// <summary>int lchown(const char *pathname, uid_t owner, gid_t group)</summary>
    public static long Lchown(Task task, in SyscallArguments a) => ChownAt(task, AT_FDCWD, a.A0, (uint)a.A1, (uint)a.A2, AT_SYMLINK_NOFOLLOW);

    /// <summary>int fchownat(int dirfd, const char *pathname, uid_t owner, gid_t group, int flags)</summary>
    public static long Fchownat(Task task, in SyscallArguments a) => ChownAt(task, a.Int0, a.A1, (uint)a.A2, (uint)a.A3, a.Int4);

    /// <summary>int fchown(int fd, uid_t owner, gid_t group)</summary>
    public static long Fchown(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.IsBad ? -Errno.EBADF : use.File.ChangeOwner((uint)a.A1, (uint)a.A2);
    }

    /// <summary>int truncate(const char *path, off_t length)</summary>
    public static long Truncate(Task task, in SyscallArguments a)
    {
        if ((long)a.A1 < 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, AT_FDCWD, a.A0, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
        {
            if (path.Vfs.Stat(path.Context, path.Start, path.Path, follow: true, out FileStatus status) == 0 && FileSizeLimit.Check(task, status, (long)a.A1) is < 0 and var exceeded)
                return exceeded;
            return path.Vfs.Truncate(path.Context, path.Start, path.Path, (long)a.A1);
        }
    }

    /// <summary>int ftruncate(int fd, off_t length)</summary>
    public static long Ftruncate(Task task, in SyscallArguments a)
    {
        if ((long)a.A1 < 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (!use.File.CanWrite)
            return -Errno.EINVAL;
        if (use.File.Stat(out FileStatus status) == 0 && FileSizeLimit.Check(task, status, (long)a.A1) is < 0 and var exceeded)
            return exceeded;
        return use.File.Truncate((long)a.A1);
    }

    /// <summary>int utime(const char *filename, const struct utimbuf *times): whole seconds, access time first.</summary>
    public static long Utime(Task task, in SyscallArguments a)
    {
        FileTime accessed = new(0, FileTime.Now), modified = accessed;
        if (a.A1 != 0)
        {
            if (!task.Memory.TryRead(a.A1, out long access) || !task.Memory.TryRead(a.A1 + 8, out long change))
                return -Errno.EFAULT;
            (accessed, modified) = (new FileTime(access, 0), new FileTime(change, 0));
        }
        return SetTimes(task, AT_FDCWD, a.A0, accessed, modified, 0);
    }

    /// <summary>int utimes(const char *filename, const struct timeval times[2])</summary>
    public static long Utimes(Task task, in SyscallArguments a) => SetTimeValues(task, AT_FDCWD, a.A0, a.A1);

    /// <summary>int futimesat(int dirfd, const char *pathname, const struct timeval times[2])</summary>
    public static long Futimesat(Task task, in SyscallArguments a) => SetTimeValues(task, a.Int0, a.A1, a.A2);

    /// <summary>int utimensat(int dirfd, const char *pathname, const struct timespec times[2], int flags)</summary>
    public static long Utimensat(Task task, in SyscallArguments a)
    {
        FileTime accessed = new(0, FileTime.Now), modified = accessed;
        if (a.A2 != 0)
        {
            if (!task.Memory.TryRead(a.A2, out Timespec first) || !task.Memory.TryRead(a.A2 + 16, out Timespec second))
                return -Errno.EFAULT;
            (accessed, modified) = (FromTimespec(first), FromTimespec(second));
            // Nothing to change: success without a look at the path.
            if (accessed.Nanoseconds == FileTime.Omit && modified.Nanoseconds == FileTime.Omit)
                return 0;
        }
        return SetTimes(task, a.Int0, a.A1, accessed, modified, a.Int3);
    }

    /// <summary>Nanoseconds that are no number of them stay wrong: vfs_utimes looks at them when the file has been found.</summary>
    private static FileTime FromTimespec(in Timespec time) => new(time.tv_sec, (uint)Math.Min((ulong)time.tv_nsec, uint.MaxValue));

    private static bool IsSettable(FileTime time) => time.Nanoseconds is < 1_000_000_000 or FileTime.Now or FileTime.Omit;

    private static long SetTimeValues(Task task, int directory, ulong path, ulong times)
    {
        FileTime accessed = new(0, FileTime.Now), modified = accessed;
        if (times != 0)
        {
            if (!task.Memory.TryRead(times, out Timeval first) || !task.Memory.TryRead(times + 16, out Timeval second))
                return -Errno.EFAULT;
            if ((ulong)first.tv_usec >= 1_000_000 || (ulong)second.tv_usec >= 1_000_000)
                return -Errno.EINVAL;
            accessed = new FileTime(first.tv_sec, (uint)first.tv_usec * 1000);
            modified = new FileTime(second.tv_sec, (uint)second.tv_usec * 1000);
        }
        return SetTimes(task, directory, path, accessed, modified, 0);
    }

    private static long SetTimes(Task task, int directory, ulong address, FileTime accessed, FileTime modified, int flags)
    {
        bool areTimes = IsSettable(accessed) && IsSettable(modified);
        // A null path with a descriptor means the descriptor's own file (futimens).
        if (address == 0 && directory != AT_FDCWD)
        {
            if (flags != 0)
                return -Errno.EINVAL;
            using FileUse use = FileUse.Of(task, directory);
            return use.IsBad ? -Errno.EBADF : areTimes ? use.File.SetTimes(accessed, modified) : -Errno.EINVAL;
        }
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        using (path)
        {
            if (!areTimes)
                return path.File is null && path.Vfs.Stat(path.Context, path.Start, path.Path, (flags & AT_SYMLINK_NOFOLLOW) == 0, out _) is < 0 and int missing ? missing : -Errno.EINVAL;
            return path.File is { } file
                ? file.SetTimes(accessed, modified)
                : path.Vfs.SetTimes(path.Context, path.Start, path.Path, accessed, modified, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
    }

    private static long ChmodAt(Task task, int directory, ulong address, uint mode, int flags)
    {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        mode &= ModeBits.S_IALLUGO;
        using (path)
        {
            return path.File is { } file
                ? file.ChangeMode(mode)
                : path.Vfs.ChangeMode(path.Context, path.Start, path.Path, mode, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
    }

    private static long ChownAt(Task task, int directory, ulong address, uint user, uint group, int flags)
    {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        using (path)
        {
            return path.File is { } file
                ? file.ChangeOwner(user, group)
                : path.Vfs.ChangeOwner(path.Context, path.Start, path.Path, user, group, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
    }
}
