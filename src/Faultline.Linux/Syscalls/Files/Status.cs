using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.AtFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>The stat and statfs families (fs/stat.c, fs/statfs.c).</summary>
internal static class Status
{
    /// <summary>int stat(const char *pathname, struct stat *statbuf)</summary>
    public static long Stat(Task task, in SyscallArguments a) => StatAt(task, AT_FDCWD, a.A0, a.A1, 0);

    /// <summary>int lstat(const char *pathname, struct stat *statbuf)</summary>
    public static long Lstat(Task task, in SyscallArguments a) => StatAt(task, AT_FDCWD, a.A0, a.A1, AT_SYMLINK_NOFOLLOW);

    /// <summary>int newfstatat(int dirfd, const char *pathname, struct stat *statbuf, int flags)</summary>
    public static long Newfstatat(Task task, in SyscallArguments a) => StatAt(task, a.Int0, a.A1, a.A2, a.Int3);

    /// <summary>int fstat(int fd, struct stat *statbuf)</summary>
    public static long Fstat(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsClosed)
            return -Errno.EBADF;
        int result = use.File.Stat(out FileStatus status);
        return result < 0 ? result : Write(task, a.A1, status);
    }

    /// <summary>int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf)</summary>
    public static long Statx(Task task, in SyscallArguments a)
    {
        if (((uint)a.A3 & Abi.Files.Statx.STATX__RESERVED) != 0 || (a.Int2 & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
            return -Errno.EINVAL;
        int result = Find(task, a.Int0, a.A1, a.Int2, extended: true, out FileStatus s);
        if (result < 0)
            return result;
        Abi.Files.Statx x = new()
        {
            stx_mask = Abi.Files.Statx.STATX_BASIC_STATS,
            stx_blksize = s.BlockSize,
            stx_attributes = s.Attributes,
            stx_attributes_mask = s.AttributesMask,
            stx_nlink = s.Links,
            stx_uid = s.UserId,
            stx_gid = s.GroupId,
            stx_mode = (ushort)s.Mode,
            stx_ino = s.Inode,
            stx_size = (ulong)s.Size,
            stx_blocks = s.Blocks,
            stx_atime = Time(s.Accessed),
            stx_btime = Time(s.Created),
            stx_ctime = Time(s.Changed),
            stx_mtime = Time(s.Modified),
            stx_rdev_major = s.SpecialMajor,
            stx_rdev_minor = s.SpecialMinor,
            stx_dev_major = s.DeviceMajor,
            stx_dev_minor = s.DeviceMinor,
        };
        if (s.HasCreated)
            x.stx_mask |= Abi.Files.Statx.STATX_BTIME;
        if (s.MountId != 0 && ((uint)a.A3 & Abi.Files.Statx.STATX_MNT_ID) != 0)
        {
            x.stx_mask |= Abi.Files.Statx.STATX_MNT_ID;
            x.stx_mnt_id = s.MountId;
        }
        return task.Memory.TryWrite(a.A4, x) ? 0 : -Errno.EFAULT;
    }

    /// <summary>int statfs(const char *path, struct statfs *buf)</summary>
    public static long Statfs(Task task, in SyscallArguments a)
    {
        int result = PathArgument.Get(task, AT_FDCWD, a.A0, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            result = path.Vfs.StatFileSystem(path.Context, path.Start, path.Path, out FileSystemStatus status) is < 0 and int error
                ? error : Write(task, a.A1, status);
        return result;
    }

    /// <summary>int fstatfs(int fd, struct statfs *buf)</summary>
    public static long Fstatfs(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsClosed)
            return -Errno.EBADF;
        int result = use.File.StatFileSystem(out FileSystemStatus status);
        return result < 0 ? result : Write(task, a.A1, status);
    }

    [SkipLocalsInit]
    private static long StatAt(Task task, int directory, ulong path, ulong buffer, int flags)
    {
        int result = Find(task, directory, path, flags, extended: false, out FileStatus status);
        return result < 0 ? result : Write(task, buffer, status);
    }

    // What waits in the host's kernel returns through these: each that is a call of its own is a return that the processor predicts wrongly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Find(Task task, int directory, ulong address, int flags, bool extended, out FileStatus status)
    {
        Unsafe.SkipInit(out status);
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE)) != 0)
            return -Errno.EINVAL;
        return TryFind(task, address, (flags & AT_SYMLINK_NOFOLLOW) == 0, extended, out status, out int result) ? result : Walk(task, directory, address, flags, out status);
    }

    private static int Walk(Task task, int directory, ulong address, int flags, out FileStatus status)
    {
        status = default;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, (flags & AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        using (path)
        {
            return path.File is { } file
                ? file.Stat(out status)
                : path.Vfs.Stat(path.Context, path.Start, path.Path, (flags & AT_SYMLINK_NOFOLLOW) == 0, out status);
        }
    }

    /// <summary>The same without a walk, for most absolute paths of files of the host.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFind(Task task, ulong address, bool follow, bool extended, out FileStatus status, out int result)
    {
        ShortPath buffer;
        Unsafe.SkipInit(out buffer);
        FsContext context = task.Process.FileSystem;
        int length = task.Memory.ReadShortString(address, buffer);
        if (length > 0)
            return context.Vfs.TryStat(context, buffer[..length], follow, extended, out status, out result);
        Unsafe.SkipInit(out status);
        result = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(Task task, ulong address, in FileStatus s)
    {
        Stat stat = new()
        {
            st_dev = FileStatus.EncodeDevice(s.DeviceMajor, s.DeviceMinor),
            st_ino = s.Inode,
            st_nlink = s.Links,
            st_mode = s.Mode,
            st_uid = s.UserId,
            st_gid = s.GroupId,
            st_rdev = FileStatus.EncodeDevice(s.SpecialMajor, s.SpecialMinor),
            st_size = s.Size,
            st_blksize = s.BlockSize,
            st_blocks = (long)s.Blocks,
            st_atime = s.Accessed.Seconds,
            st_atime_nsec = s.Accessed.Nanoseconds,
            st_mtime = s.Modified.Seconds,
            st_mtime_nsec = s.Modified.Nanoseconds,
            st_ctime = s.Changed.Seconds,
            st_ctime_nsec = s.Changed.Nanoseconds,
        };
        return task.Memory.TryWrite(address, stat) ? 0 : -Errno.EFAULT;
    }

    private static int Write(Task task, ulong address, in FileSystemStatus s)
    {
        Statfs statfs = new()
        {
            f_type = s.Type,
            f_bsize = s.BlockSize,
            f_blocks = s.Blocks,
            f_bfree = s.BlocksFree,
            f_bavail = s.BlocksAvailable,
            f_files = s.Files,
            f_ffree = s.FilesFree,
            f_fsid = s.Id,
            f_namelen = s.NameLength,
            f_frsize = s.FragmentSize,
            f_flags = s.Flags,
        };
        return task.Memory.TryWrite(address, statfs) ? 0 : -Errno.EFAULT;
    }

    /// <summary>Room for a path that is worth a look without a string being made of it.</summary>
    [InlineArray(128)]
    private struct ShortPath
    {
        private byte _first;
    }

    private static StatxTimestamp Time(FileTime time) => new() { tv_sec = time.Seconds, tv_nsec = time.Nanoseconds };
}
