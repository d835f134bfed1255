using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>read(2), write(2) and their kin (fs/read_write.c).</summary>
internal static class ReadWrite
{
    private const int RWF_HIPRI = 1;
    private const int RWF_DSYNC = 2;
    private const int RWF_SYNC = 4;
    private const int RWF_NOWAIT = 8;

    /// <summary>ssize_t read(int fd, void *buf, size_t count)</summary>
    public static long Read(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.IsBad ? -Errno.EBADF : ReadOne(task, use.File, a.A1, a.A2, Transfer.AtPosition);
    }

    /// <summary>ssize_t write(int fd, const void *buf, size_t count)</summary>
    public static long Write(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.IsBad ? -Errno.EBADF : WriteOne(task, use.File, a.A1, a.A2, Transfer.AtPosition);
    }

    /// <summary>ssize_t pread64(int fd, void *buf, size_t count, loff_t pos)</summary>
    public static long Pread64(Task task, in SyscallArguments a)
    {
        if ((long)a.A3 < 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        return use.File.IsStream ? -Errno.ESPIPE : ReadOne(task, use.File, a.A1, a.A2, (long)a.A3);
    }

    /// <summary>ssize_t pwrite64(int fd, const void *buf, size_t count, loff_t pos)</summary>
    public static long Pwrite64(Task task, in SyscallArguments a)
    {
        if ((long)a.A3 < 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        return use.File.IsStream ? -Errno.ESPIPE : WriteOne(task, use.File, a.A1, a.A2, (long)a.A3);
    }

    /// <summary>ssize_t readv(int fd, const struct iovec *iov, int iovcnt)</summary>
    public static long Readv(Task task, in SyscallArguments a) => Vector(task, a, Transfer.AtPosition, 0, write: false);

    /// <summary>ssize_t writev(int fd, const struct iovec *iov, int iovcnt)</summary>
    public static long Writev(Task task, in SyscallArguments a) => Vector(task, a, Transfer.AtPosition, 0, write: true);

    /// <summary>ssize_t preadv(int fd, const struct iovec *iov, int iovcnt, unsigned long pos_l, unsigned long pos_h)</summary>
    public static long Preadv(Task task, in SyscallArguments a) => (long)a.A3 < 0 ? -Errno.EINVAL : Vector(task, a, (long)a.A3, 0, write: false);

    /// <summary>ssize_t pwritev(int fd, const struct iovec *iov, int iovcnt, unsigned long pos_l, unsigned long pos_h)</summary>
    public static long Pwritev(Task task, in SyscallArguments a) => (long)a.A3 < 0 ? -Errno.EINVAL : Vector(task, a, (long)a.A3, 0, write: true);

    /// <summary>ssize_t preadv2(..., int flags): position -1 means the file's own.</summary>
    public static long Preadv2(Task task, in SyscallArguments a) =>
        (long)a.A3 < -1 ? -Errno.EINVAL : Vector(task, a, (long)a.A3, a.Int5, write: false);

    /// <summary>ssize_t pwritev2(..., int flags): position -1 means the file's own.</summary>
    public static long Pwritev2(Task task, in SyscallArguments a) =>
        (long)a.A3 < -1 ? -Errno.EINVAL : Vector(task, a, (long)a.A3, a.Int5, write: true);

    private static long ReadOne(Task task, OpenFile file, ulong address, ulong length, long offset)
    {
        if (!file.CanRead)
            return -Errno.EBADF;
        if (!Transfer.IsUserRange(address, length))
            return -Errno.EFAULT;
        IoVector piece = new() { iov_base = address, iov_len = Math.Min(length, (ulong)IoVector.MAX_RW_COUNT) };
        return Transfer.Read(task, file, new ReadOnlySpan<IoVector>(in piece), offset, file.IsNonBlocking);
    }

    private static long WriteOne(Task task, OpenFile file, ulong address, ulong length, long offset)
    {
        if (!file.CanWrite)
            return -Errno.EBADF;
        if (!Transfer.IsUserRange(address, length))
            return -Errno.EFAULT;
        IoVector piece = new() { iov_base = address, iov_len = Math.Min(length, (ulong)IoVector.MAX_RW_COUNT) };
        return Transfer.Write(task, file, new ReadOnlySpan<IoVector>(in piece), offset, file.IsNonBlocking);
    }

    private static long Vector(Task task, in SyscallArguments a, long offset, int flags, bool write)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        OpenFile file = use.File;
        if (offset >= 0 && file.IsStream)
            return -Errno.ESPIPE;
        if (write ? !file.CanWrite : !file.CanRead)
            return -Errno.EBADF;
        Span<IoVector> room = stackalloc IoVector[8];
        int error = ReadVectors(task, a.A1, a.A2, ref room);
        if (error < 0)
            return error;
        if ((flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT)) != 0)
            return -Errno.EOPNOTSUPP;
        if (room.IsEmpty)
            return 0;
        bool noWait = file.IsNonBlocking || (flags & RWF_NOWAIT) != 0;
        if (!write)
            return Transfer.Read(task, file, room, offset, noWait);
        long written = Transfer.Write(task, file, room, offset, noWait);
        if (written > 0 && (flags & (RWF_DSYNC | RWF_SYNC)) != 0 && file.Sync((flags & RWF_SYNC) == 0) is < 0 and int failed)
            return failed;
        return written;
    }

    /// <summary>Copies an array of <c>struct iovec</c> in and checks it as import_iovec does.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="address">Guest address of the array.</param>
    /// <param name="count">Its length as the guest gave it.</param>
    /// <param name="room">Room for a short array; on return the pieces, none longer in all than MAX_RW_COUNT.</param>
    internal static int ReadVectors(Task task, ulong address, ulong count, ref Span<IoVector> room)
    {
        if (count > IoVector.UIO_MAXIOV)
            return -Errno.EINVAL;
        Span<IoVector> pieces = (int)count <= room.Length ? room[..(int)count] : new IoVector[(int)count];
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(pieces);
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return -Errno.EFAULT;
        ulong left = (ulong)IoVector.MAX_RW_COUNT;
        foreach (ref IoVector piece in pieces)
        {
            if ((long)piece.iov_len < 0)
                return -Errno.EINVAL;
            if (!Transfer.IsUserRange(piece.iov_base, piece.iov_len))
                return -Errno.EFAULT;
            piece.iov_len = Math.Min(piece.iov_len, left);
            left -= piece.iov_len;
        }
        room = pieces;
        return 0;
    }
}
