using System.Buffers;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Pipe;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>splice(2), tee(2) and vmsplice(2): bytes into and out of pipes (fs/splice.c). Bytes are copied; no page is ever shared.</summary>
internal static class Splicing
{
    private const int Chunk = 64 * 1024;
    private const uint SPLICE_F_NONBLOCK = 2;
    private const uint Known = 0xF;

    /// <summary>ssize_t splice(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags): one side is a pipe.</summary>
    public static long Splice(Task task, in SyscallArguments a)
    {
        if (a.A4 == 0)
            return 0;
        if (((uint)a.A5 & ~Known) != 0)
            return -Errno.EINVAL;
        using FileUse from = FileUse.Of(task, a.Int0);
        using FileUse to = FileUse.Of(task, a.Int2);
        if (from.IsBad || to.IsBad)
            return -Errno.EBADF;
        bool pipeIn = from.File.IsPipe, pipeOut = to.File.IsPipe;
        if ((pipeIn && a.A1 != 0) || (pipeOut && a.A3 != 0))
            return -Errno.ESPIPE;
        long offsetIn = Transfer.AtPosition, offsetOut = Transfer.AtPosition;
        if ((a.A3 != 0 && !task.Memory.TryRead(a.A3, out offsetOut)) || (a.A1 != 0 && !task.Memory.TryRead(a.A1, out offsetIn)))
            return -Errno.EFAULT;
        if (!from.File.CanRead || !to.File.CanWrite)
            return -Errno.EBADF;
        if ((!pipeIn && !pipeOut) || SamePipe(from.File, to.File) || from.File.Directory is not null || to.File.Directory is not null)
            return -Errno.EINVAL;
        if ((a.A1 != 0 && from.File.IsStream) || (a.A3 != 0 && to.File.IsStream))
            return -Errno.EINVAL;
        if ((!pipeOut && (to.File.Flags & O_APPEND) != 0) || (a.A1 != 0 && offsetIn < 0) || (a.A3 != 0 && offsetOut < 0))
            return -Errno.EINVAL;
        bool noWait = ((uint)a.A5 & SPLICE_F_NONBLOCK) != 0;
        ulong length = Math.Min(a.A4, Chunk);
        long done = from.File is PipeFile source
            ? Drain(task, source, to.File, offsetOut, (int)length, noWait)
            : Copying.Copy(task, from.File, offsetIn, to.File, offsetOut, length, noWait);
        if (done > 0 && ((a.A1 != 0 && !task.Memory.TryWrite(a.A1, offsetIn + done)) || (a.A3 != 0 && !task.Memory.TryWrite(a.A3, offsetOut + done))))
            return -Errno.EFAULT;
        return done;
    }

    /// <summary>ssize_t tee(int fd_in, int fd_out, size_t len, unsigned int flags)</summary>
    public static long Tee(Task task, in SyscallArguments a)
    {
        if (((uint)a.A3 & ~Known) != 0)
            return -Errno.EINVAL;
        if (a.A2 == 0)
            return 0;
        using FileUse from = FileUse.Of(task, a.Int0);
        using FileUse to = FileUse.Of(task, a.Int1);
        if (from.IsBad || to.IsBad || !from.File.CanRead || !to.File.CanWrite)
            return -Errno.EBADF;
        // Pipes of the host cannot be looked into without taking: they count as no pipes here.
        if (from.File is not PipeFile source || to.File is not PipeFile target || SamePipe(source, target))
            return -Errno.EINVAL;
        bool noWait = ((uint)a.A3 & SPLICE_F_NONBLOCK) != 0;
        int ready = WaitForBytes(task, source, noWait);
        if (ready <= 0)
            return ready;
        ready = Copying.WaitForRoom(task, target, noWait, out int room);
        if (ready < 0)
            return ready;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            int length = source.Pipe.Peek(buffer.AsSpan(0, (int)Math.Min(a.A2, (ulong)Math.Min(room, Chunk))));
            return Transfer.WriteOnce(task, target, buffer.AsSpan(0, length), Transfer.AtPosition, 0, noWait: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>ssize_t vmsplice(int fd, const struct iovec *iov, size_t nr_segs, unsigned int flags)</summary>
    public static long Vmsplice(Task task, in SyscallArguments a)
    {
        if (((uint)a.A3 & ~Known) != 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || !use.File.IsPipe)
            return -Errno.EBADF;
        Span<IoVector> pieces = stackalloc IoVector[8];
        int result = ReadWrite.ReadVectors(task, a.A1, a.A2, ref pieces);
        if (result < 0)
            return result;
        bool noWait = ((uint)a.A3 & SPLICE_F_NONBLOCK) != 0 || use.File.IsNonBlocking;
        return use.File.CanWrite
            ? Transfer.Write(task, use.File, pieces, Transfer.AtPosition, noWait)
            : Transfer.Read(task, use.File, pieces, Transfer.AtPosition, noWait);
    }

    /// <summary>Moves what is in a pipe, at least one byte, to another file: looks, writes, and takes what was written.</summary>
    private static long Drain(Task task, PipeFile from, OpenFile to, long offset, int length, bool noWait)
    {
        int ready = WaitForBytes(task, from, noWait || from.IsNonBlocking);
        if (ready <= 0)
            return ready;
        int room = length;
        if (to is PipeFile target && Copying.WaitForRoom(task, target, noWait || to.IsNonBlocking, out room) is < 0 and int full)
            return full;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            int seen = from.Pipe.Peek(buffer.AsSpan(0, Math.Min(length, room)));
            long written = Copying.WriteAll(task, to, buffer.AsSpan(0, seen), offset, 0, noWait || to.IsNonBlocking);
            if (written > 0)
                from.Pipe.Skip((int)written);
            return written;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>1 when the pipe has bytes, 0 at its end, -EAGAIN, -ERESTARTSYS.</summary>
    private static int WaitForBytes(Task task, PipeFile pipe, bool noWait)
    {
        while (true)
        {
            if (pipe.Pipe.Count > 0)
                return 1;
            if (!pipe.Pipe.HasWriters)
                return 0;
            if (noWait)
                return -Errno.EAGAIN;
            if (Sleeping.WaitFor(task, pipe, PollEvents.POLLIN) is < 0 and int error)
                return error;
        }
    }

    private static bool SamePipe(OpenFile from, OpenFile to) => from is PipeFile one && to is PipeFile other && ReferenceEquals(one.Pipe, other.Pipe);
}
