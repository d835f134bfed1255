using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>fsync(2), fallocate(2) and advice about contents (fs/sync.c, fs/open.c, mm/fadvise.c).</summary>
internal static class Storage
{
    private const int FALLOC_FL_KEEP_SIZE = 0x01;
    private const int FALLOC_FL_PUNCH_HOLE = 0x02;
    private const int FALLOC_FL_COLLAPSE_RANGE = 0x08;
    private const int FALLOC_FL_ZERO_RANGE = 0x10;
    private const int FALLOC_FL_INSERT_RANGE = 0x20;
    private const int FALLOC_FL_UNSHARE_RANGE = 0x40;
    private const int FallocKnown = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE
        | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE;

    /// <summary>int fsync(int fd)</summary>
    public static long Fsync(Task task, in SyscallArguments a) => Sync(task, a.Int0, dataOnly: false);

    /// <summary>int fdatasync(int fd)</summary>
    public static long Fdatasync(Task task, in SyscallArguments a) => Sync(task, a.Int0, dataOnly: true);

    /// <summary>void sync(void)</summary>
    public static long Sync(Task task, in SyscallArguments a)
    {
        task.Host.Files.SyncAll();
        return 0;
    }

    /// <summary>int syncfs(int fd): all of the host is written, of which this file system is part.</summary>
    public static long Syncfs(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        task.Host.Files.SyncAll();
        return 0;
    }

    /// <summary>int sync_file_range(int fd, off_t offset, off_t nbytes, unsigned int flags): the whole file is written.</summary>
    public static long SyncFileRange(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if ((a.A3 & ~7UL) != 0 || (long)a.A1 < 0 || (long)a.A2 < 0 || (long)(a.A1 + a.A2) < 0)
            return -Errno.EINVAL;
        if (use.File.IsStream)
            return -Errno.ESPIPE;
        return a.A3 == 0 ? 0 : use.File.Sync(dataOnly: true);
    }

    /// <summary>int fallocate(int fd, int mode, off_t offset, off_t len)</summary>
    public static long Fallocate(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        (int mode, long offset, long length) = (a.Int1, (long)a.A2, (long)a.A3);
        if (offset < 0 || length <= 0)
            return -Errno.EINVAL;
        if ((mode & ~FallocKnown) != 0)
            return -Errno.EOPNOTSUPP;
        if ((mode & FALLOC_FL_PUNCH_HOLE) != 0 && (mode & FALLOC_FL_KEEP_SIZE) == 0)
            return -Errno.EOPNOTSUPP;
        if (!use.File.CanWrite)
            return -Errno.EBADF;
        if (use.File.IsStream)
            return -Errno.ESPIPE;
        if (use.File.Directory is not null)
            return -Errno.EISDIR;
        if (offset > long.MaxValue - length)
            return -Errno.EFBIG;
        if ((mode & FALLOC_FL_KEEP_SIZE) == 0 && use.File.Stat(out FileStatus status) == 0 && FileSizeLimit.Check(task, status, offset + length) is < 0 and var exceeded)
            return exceeded;
        return use.File.Allocate(mode, offset, length);
    }

    /// <summary>int fadvise64(int fd, off_t offset, off_t len, int advice): advice that changes nothing a program can see.</summary>
    public static long Fadvise64(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File.IsStream)
            return -Errno.ESPIPE;
        return (long)a.A2 < 0 || (uint)a.Int3 > 5 ? -Errno.EINVAL : 0;
    }

    /// <summary>ssize_t readahead(int fd, off_t offset, size_t count): the host reads ahead as it sees fit.</summary>
    public static long Readahead(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || !use.File.CanRead)
            return -Errno.EBADF;
        return use.File.IsStream || use.File.Directory is not null || use.File.CanPoll ? -Errno.EINVAL : 0;
    }

    private static long Sync(Task task, int fd, bool dataOnly)
    {
        using FileUse use = FileUse.Of(task, fd);
        return use.IsBad ? -Errno.EBADF : use.File.Sync(dataOnly);
    }
}
