using System.Buffers;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Pipe;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>sendfile(2) and copy_file_range(2): bytes from file to file (fs/read_write.c, fs/splice.c).</summary>
internal static class Copying
{
    private const int Chunk = 64 * 1024;

    /// <summary>ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)</summary>
    public static long Sendfile(Task task, in SyscallArguments a)
    {
        using FileUse to = FileUse.Of(task, a.Int0);
        using FileUse from = FileUse.Of(task, a.Int1);
        long offset = Transfer.AtPosition;
        if (a.A2 != 0 && !task.Memory.TryRead(a.A2, out offset))
            return -Errno.EFAULT;
        if (from.IsBad || !from.File.CanRead)
            return -Errno.EBADF;
        if (a.A2 != 0 && from.File.IsStream)
            return -Errno.ESPIPE;
        if (a.A2 != 0 && offset < 0)
            return -Errno.EINVAL;
        if (to.IsBad || !to.File.CanWrite)
            return -Errno.EBADF;
        if (from.File.Directory is not null || (to.File.Flags & O_APPEND) != 0)
            return -Errno.EINVAL;
        long done = Copy(task, from.File, offset, to.File, Transfer.AtPosition, a.A3, to.File.IsNonBlocking);
        if (a.A2 != 0 && done > 0 && !task.Memory.TryWrite(a.A2, offset + done))
            return -Errno.EFAULT;
        return done;
    }

    /// <summary>ssize_t copy_file_range(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags)</summary>
    public static long CopyFileRange(Task task, in SyscallArguments a)
    {
        using FileUse from = FileUse.Of(task, a.Int0);
        using FileUse to = FileUse.Of(task, a.Int2);
        if (from.IsBad || to.IsBad)
            return -Errno.EBADF;
        long offsetIn = Transfer.AtPosition, offsetOut = Transfer.AtPosition;
        if ((a.A1 != 0 && !task.Memory.TryRead(a.A1, out offsetIn)) || (a.A3 != 0 && !task.Memory.TryRead(a.A3, out offsetOut)))
            return -Errno.EFAULT;
        if (a.A5 != 0)
            return -Errno.EINVAL;
        if (from.File.Directory is not null || to.File.Directory is not null)
            return -Errno.EISDIR;
        if (from.File.CanPoll || to.File.CanPoll || (a.A1 != 0 && offsetIn < 0) || (a.A3 != 0 && offsetOut < 0))
            return -Errno.EINVAL;
        if (!from.File.CanRead || !to.File.CanWrite || (to.File.Flags & O_APPEND) != 0)
            return -Errno.EBADF;
        if (Overlaps(from.File, offsetIn, to.File, offsetOut, a.A4))
            return -Errno.EINVAL;
        long done = Copy(task, from.File, offsetIn, to.File, offsetOut, a.A4, noWait: true);
        if (done > 0 && ((a.A1 != 0 && !task.Memory.TryWrite(a.A1, offsetIn + done)) || (a.A3 != 0 && !task.Memory.TryWrite(a.A3, offsetOut + done))))
            return -Errno.EFAULT;
        return done;
    }

    /// <summary>Copies until the end of the input, an error, or a wait after something was copied.</summary>
    internal static long Copy(Task task, OpenFile from, long offsetIn, OpenFile to, long offsetOut, ulong length, bool noWait)
    {
        long left = (long)Math.Min(length, (ulong)IoVector.MAX_RW_COUNT);
        long total = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            while (left > 0)
            {
                // What cannot be given back is taken only when there is room for it.
                int room = Chunk;
                if (to is PipeFile target && WaitForRoom(task, target, total > 0 || noWait, out room) is < 0 and int full)
                    return total > 0 ? total : full;
                Span<byte> span = buffer.AsSpan(0, (int)Math.Min(Math.Min(Chunk, room), left));
                long n = Transfer.ReadOnce(task, from, span, offsetIn, total, noWait);
                if (n <= 0)
                    return total > 0 ? total : n;
                long written = WriteAll(task, to, span[..(int)n], offsetOut, total, noWait);
                total += Math.Max(written, 0);
                if (written < n)
                {
                    // What the output did not take goes back.
                    if (offsetIn == Transfer.AtPosition)
                        _ = from.Seek(Math.Max(written, 0) - n, FcntlCommands.SEEK_CUR);
                    return total > 0 ? total : written;
                }
                left -= n;
                if (from.IsStream)
                    return total;
            }
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Waits until a pipe has a free page; 0 with the bytes that fit, -EAGAIN, -EPIPE (with SIGPIPE), -ERESTARTSYS.</summary>
    internal static int WaitForRoom(Task task, PipeFile pipe, bool noWait, out int room)
    {
        while (true)
        {
            room = pipe.Pipe.Room;
            if (room > 0)
                return 0;
            // Without readers the write itself says EPIPE and sends the signal.
            if (!pipe.Pipe.HasReaders)
            {
                room = Chunk;
                return 0;
            }
            if (noWait)
                return -Errno.EAGAIN;
            if (Sleeping.WaitFor(task, pipe, PollEvents.POLLOUT) is < 0 and int error)
                return error;
        }
    }

    internal static long WriteAll(Task task, OpenFile to, ReadOnlySpan<byte> span, long offset, long before, bool noWait)
    {
        long done = 0;
        while (done < span.Length)
        {
            long n = Transfer.WriteOnce(task, to, span[(int)done..], offset, before + done, noWait);
            if (n <= 0)
                return done > 0 ? done : n;
            done += n;
        }
        return done;
    }

    private static bool Overlaps(OpenFile from, long offsetIn, OpenFile to, long offsetOut, ulong length)
    {
        if (from.Stat(out FileStatus one) < 0 || to.Stat(out FileStatus other) < 0)
            return false;
        if ((one.DeviceMajor, one.DeviceMinor, one.Inode) != (other.DeviceMajor, other.DeviceMinor, other.Inode))
            return false;
        ulong start = (ulong)(offsetIn >= 0 ? offsetIn : from.Seek(0, FcntlCommands.SEEK_CUR));
        ulong target = (ulong)(offsetOut >= 0 ? offsetOut : to.Seek(0, FcntlCommands.SEEK_CUR));
        ulong bytes = Math.Min(length, (ulong)Math.Max(one.Size - (long)start, 0));
        return target < start + bytes && start < target + bytes;
    }
}
