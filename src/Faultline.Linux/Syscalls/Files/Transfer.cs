using System.Buffers;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Syscalls.Net;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>
/// Moves bytes between files and guest memory. Guest lengths never size an allocation: data goes straight to guest memory where one
/// piece of it lies together, and through a bounded buffer elsewhere, so that a file sees one operation and not one per page.
/// </summary>
internal static class Transfer
{
    /// <summary>Use the file's position, and move it.</summary>
    public const long AtPosition = -1;

    private const int BufferSize = 64 * 1024;

    /// <summary>The end of what a user pointer may reach (TASK_SIZE_MAX).</summary>
    private const ulong UserEnd = (1UL << 47) - GuestPage.Size;

    /// <summary>Linux's access_ok: whether a range can be user memory at all.</summary>
    public static bool IsUserRange(ulong address, ulong length) => length <= UserEnd && address <= UserEnd - length;

    /// <summary>Reads from a file into pieces of guest memory, waiting as the file's flags say.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="file">A file that can be read.</param>
    /// <param name="pieces">Where to; checked by <see cref="IsUserRange"/>, not more than MAX_RW_COUNT in all.</param>
    /// <param name="offset">Where from, or <see cref="AtPosition"/>.</param>
    /// <param name="noWait">Never wait (O_NONBLOCK, RWF_NOWAIT).</param>
    public static long Read(Task task, OpenFile file, ReadOnlySpan<IoVector> pieces, long offset, bool noWait)
    {
        if (file is Socket socket)
        {
            IncomingMessage message = new() { Flags = noWait ? MessageFlags.MSG_DONTWAIT : 0 };
            // sock_read_iter does not ask for nothing.
            long received = IsEmpty(pieces) ? 0 : SocketTransfer.Receive(task, socket, pieces, ref message);
            ControlData.Drop(ref message);
            return received;
        }
        long total = 0;
        byte[]? buffer = null;
        PieceCursor cursor = new(pieces);
        try
        {
            // A read of nothing still asks the file: a directory says EISDIR.
            do
            {
                AddressSpaceUser? storing = AddressSpaceUser.BeginStores();
                bool direct = cursor.TryGetSpan(task, MemoryAccess.Write, out Span<byte> span, out long left, out bool faults);
                if (!direct)
                {
                    storing?.EndStores();
                    storing = null;
                }
                if (faults)
                    return total > 0 ? total : ReadNowhere(task, file, left, offset, noWait);
                if (!direct)
                {
                    buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
                    span = buffer.AsSpan(0, (int)Math.Min(BufferSize, left));
                }
                // While the thread sleeps, others may unmap what the span shows: it is looked up anew.
                long n = ReadOnce(task, file, span, offset, total, noWait || direct);
                if (direct && n > 0)
                    cursor.AdvanceStored(task, span[..(int)n]);
                storing?.EndStores();
                if (n == -Errno.EAGAIN && direct && !noWait && total == 0)
                {
                    n = Sleeping.WaitFor(task, file, PollEvents.POLLIN);
                    if (n < 0)
                        return n;
                    continue;
                }
                if (n < 0)
                    return total > 0 ? total : n;
                long copied = direct ? n : cursor.CopyOut(task, span[..(int)n]);
                total += copied;
                if (copied < n)
                {
                    if (offset == AtPosition)
                        _ = file.Seek(copied - n, FcntlCommands.SEEK_CUR);
                    return total > 0 ? total : -Errno.EFAULT;
                }
                if (n < span.Length || (file.IsStream && !direct))
                    return total;
            }
            while (!cursor.IsDone);
            return total;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes pieces of guest memory to a file, waiting until all is written unless the flags say otherwise.</summary>
    public static long Write(Task task, OpenFile file, ReadOnlySpan<IoVector> pieces, long offset, bool noWait)
    {
        if (file is Socket socket)
        {
            OutgoingMessage message = new() { Flags = noWait ? MessageFlags.MSG_DONTWAIT : 0 };
            return SocketTransfer.Send(task, socket, pieces, ref message);
        }
        long total = 0;
        byte[]? buffer = null;
        PieceCursor cursor = new(pieces);
        try
        {
            do
            {
                bool direct = cursor.TryGetSpan(task, MemoryAccess.Read, out Span<byte> span, out long left, out bool faults);
                if (faults)
                    return total > 0 ? total : WriteNothing(task, file, left, offset);
                if (!direct)
                {
                    buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
                    span = buffer.AsSpan(0, (int)Math.Min(BufferSize, left));
                    span = span[..cursor.Peek(task, span)];
                }
                long n = WriteOnce(task, file, span, offset, total, noWait || direct);
                if (n == -Errno.EAGAIN && direct && !noWait)
                {
                    n = Sleeping.WaitFor(task, file, PollEvents.POLLOUT);
                    if (n < 0)
                        return total > 0 ? total : n;
                    continue;
                }
                if (n < 0)
                    return total > 0 ? total : n;
                cursor.Advance(n);
                total += n;
                if (n < span.Length && !file.IsStream && !file.CanPoll)
                    return total;
                if (n == 0 && span.Length > 0)
                    return total;
            }
            while (!cursor.IsDone);
            return total;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsEmpty(ReadOnlySpan<IoVector> pieces)
    {
        foreach (IoVector piece in pieces)
        {
            if (piece.iov_len != 0)
                return false;
        }
        return true;
    }

    /// <summary>
    /// A read into memory that cannot be written: Linux asks the file first, so its errors, its end and the wait for data come before the fault. What a
    /// pipe or a file has stays there; a counter or an event is gone, as it is on Linux.
    /// </summary>
    private static long ReadNowhere(Task task, OpenFile file, long left, long offset, bool noWait)
    {
        Span<byte> lost = stackalloc byte[(int)Math.Min(left, 4096)];
        while (file.IsPipe)
        {
            if ((file.Poll(null) & PollEvents.POLLIN) != 0)
                return -Errno.EFAULT;
            long end = file.Read(lost[..1]);
            if (end != -Errno.EAGAIN || noWait)
                return end > 0 ? -Errno.EFAULT : end;
            if (Sleeping.WaitFor(task, file, PollEvents.POLLIN) is < 0 and int error)
                return error;
        }
        long n = ReadOnce(task, file, lost, offset, 0, noWait);
        if (n <= 0)
            return n;
        if (offset == AtPosition && !file.IsStream)
            _ = file.Seek(-n, FcntlCommands.SEEK_CUR);
        return -Errno.EFAULT;
    }

    /// <summary>A write of memory that cannot be read: what the file says before it looks at the data comes first.</summary>
    private static long WriteNothing(Task task, OpenFile file, long length, long offset)
    {
        long room = FileSizeLimit.RoomAt(task, file, offset, false);
        if (room <= 0)
            return room;
        long result = file.WriteUnreadable(length);
        if (result == -Errno.EPIPE)
            RaisePipe(task);
        return result;
    }

    /// <summary>Sends SIGPIPE to the writer.</summary>
    internal static void RaisePipe(Task task) =>
        _ = task.Process.Send(new Siginfo { si_signo = Sig.SIGPIPE, si_code = Sig.SI_USER, si_pid = task.Process.Pid, si_uid = task.Credentials.Uid }, task);

    /// <summary>One read, waiting for data when there is none and nothing was moved yet.</summary>
    internal static long ReadOnce(Task task, OpenFile file, Span<byte> span, long offset, long done, bool noWait)
    {
        while (true)
        {
            long n = offset == AtPosition ? file.Read(span) : file.ReadAt(span, offset + done);
            if (n != -Errno.EAGAIN || noWait || done > 0)
                return n;
            if (Sleeping.WaitFor(task, file, PollEvents.POLLIN) is < 0 and int error)
                return error;
        }
    }

    /// <summary>One write, waiting for room when there is none.</summary>
    internal static long WriteOnce(Task task, OpenFile file, ReadOnlySpan<byte> span, long offset, long done, bool noWait)
    {
        if (!span.IsEmpty)
        {
            long room = FileSizeLimit.RoomAt(task, file, offset == AtPosition ? AtPosition : offset + done, done > 0);
            if (room <= 0)
                return room;
            span = span[..(int)Math.Min(span.Length, room)];
        }
        while (true)
        {
            long n = offset == AtPosition ? file.Write(span) : file.WriteAt(span, offset + done);
            if (n == -Errno.EPIPE)
                RaisePipe(task);
            if (n != -Errno.EAGAIN || noWait)
                return n;
            if (Sleeping.WaitFor(task, file, PollEvents.POLLOUT) is < 0 and int error)
                return error;
        }
    }
}
