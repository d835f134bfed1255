using System.Buffers;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Syscalls.Files;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>
/// Moves messages between sockets and guest memory, waiting as flags and timeouts say. A byte stream goes piece by piece; a message is
/// put together first, in a buffer that the socket's own limit bounds.
/// </summary>
internal static class SocketTransfer
{
    private const int StreamBuffer = 64 * 1024;

    /// <summary>The longest message that a receive makes room for: no socket here queues a longer one.</summary>
    private const int LongestMessage = 512 * 1024;

    /// <summary>Sends pieces of guest memory.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="pieces">Checked pieces.</param>
    /// <param name="message">Everything else; its data is set here.</param>
    public static long Send(Task task, Socket socket, ReadOnlySpan<IoVector> pieces, ref OutgoingMessage message)
    {
        if (socket.IsNonBlocking)
            message.Flags |= MessageFlags.MSG_DONTWAIT;
        SocketWait? wait = null;
        byte[]? buffer = null;
        try
        {
            return socket.IsByteStream
                ? SendStream(task, socket, new PieceCursor(pieces), ref message, ref buffer, ref wait)
                : SendWhole(task, socket, pieces, ref message, ref buffer, ref wait);
        }
        finally
        {
            wait?.Dispose();
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Receives into pieces of guest memory.</summary>
    public static long Receive(Task task, Socket socket, ReadOnlySpan<IoVector> pieces, ref IncomingMessage message)
    {
        if (socket.IsNonBlocking)
            message.Flags |= MessageFlags.MSG_DONTWAIT;
        SocketWait? wait = null;
        byte[]? buffer = null;
        try
        {
            return ReceiveAll(task, socket, new PieceCursor(pieces), ref message, ref buffer, ref wait);
        }
        finally
        {
            wait?.Dispose();
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long SendStream(Task task, Socket socket, PieceCursor cursor, ref OutgoingMessage message, ref byte[]? buffer, ref SocketWait? wait)
    {
        long total = 0;
        bool again;
        do
        {
            again = false;
            bool direct = cursor.TryGetSpan(task, MemoryAccess.Read, out Span<byte> span, out long left, out bool faults);
            if (faults && total > 0)
                return total;
            message.Refusal = faults ? -Errno.EFAULT : 0;
            if (!direct && !faults)
            {
                buffer ??= ArrayPool<byte>.Shared.Rent(StreamBuffer);
                span = buffer.AsSpan(0, (int)Math.Min(StreamBuffer, left));
                span = span[..cursor.Peek(task, span)];
            }
            message.Data = span;
            long n = SendOnce(task, socket, ref message, ref wait);
            again = n == Again;
            if (again)
                continue;
            if (n >= 0 && faults)
                return -Errno.EFAULT;
            if (n < 0)
            {
                if (n == -Errno.EPIPE && total == 0 && (message.Flags & MessageFlags.MSG_NOSIGNAL) == 0)
                    Transfer.RaisePipe(task);
                return total > 0 ? total : n;
            }
            cursor.Advance(n);
            total += n;
            // What came along went with the first bytes.
            message.Files = null;
            message.Control = default;
            if (n == 0)
                return total;
        }
        while (again || !cursor.IsDone);
        return total;
    }

    private static long SendWhole(Task task, Socket socket, ReadOnlySpan<IoVector> pieces, ref OutgoingMessage message, ref byte[]? buffer, ref SocketWait? wait)
    {
        ulong length = 0;
        foreach (IoVector piece in pieces)
            length += piece.iov_len;
        if (length > (ulong)socket.MaxMessage)
            return SendRefused(task, socket, ref message, -Errno.EMSGSIZE);
        PieceCursor cursor = new(pieces);
        long sent;
        do
        {
            bool direct = cursor.TryGetSpan(task, MemoryAccess.Read, out Span<byte> span, out _, out bool faults);
            if (faults)
                return SendRefused(task, socket, ref message, -Errno.EFAULT);
            if (!direct || span.Length != (int)length)
            {
                buffer ??= ArrayPool<byte>.Shared.Rent((int)length);
                span = buffer.AsSpan(0, (int)length);
                if (cursor.Peek(task, span) != span.Length)
                    return SendRefused(task, socket, ref message, -Errno.EFAULT);
            }
            message.Data = span;
            sent = SendOnce(task, socket, ref message, ref wait);
        }
        while (sent == Again);
        return sent;
    }

    /// <summary>A message that cannot be sent for its own sake: the socket says what else is wrong, which may win.</summary>
    private static long SendRefused(Task task, Socket socket, ref OutgoingMessage message, int refusal)
    {
        message.Data = default;
        message.Refusal = refusal;
        return socket.Send(SocketUse.UserOf(task), ref message) is < 0 and long error ? error : refusal;
    }

    /// <summary>The thread has slept: others may have unmapped what a span showed, so it is to be looked up anew.</summary>
    private const long Again = long.MinValue;

    private static long SendOnce(Task task, Socket socket, ref OutgoingMessage message, ref SocketWait? wait)
    {
        SocketUser user = SocketUse.UserOf(task);
        message.Full = null;
        long n = socket.Send(user, ref message);
        if (n != -Errno.EAGAIN || (message.Flags & MessageFlags.MSG_DONTWAIT) != 0)
            return n;
        wait ??= new SocketWait(task, socket, PollEvents.POLLOUT, socket.Settings.SendTimeout);
        wait.Also = message.Full;
        return wait.Next() is < 0 and int error ? error : Again;
    }

    private static long ReceiveAll(Task task, Socket socket, PieceCursor cursor, ref IncomingMessage message, ref byte[]? buffer, ref SocketWait? wait)
    {
        long total = 0, wanted = long.MaxValue;
        bool peek = (message.Flags & (MessageFlags.MSG_PEEK | MessageFlags.MSG_ERRQUEUE)) != 0;
        // TCP throws away what MSG_TRUNC asks for, whatever the buffer (tcp(7)).
        bool discards = (message.Flags & MessageFlags.MSG_TRUNC) != 0 && socket.IsByteStream && socket.HasRawControl;
        long n;
        bool again;
        do
        {
            again = false;
            AddressSpaceUser? storing = AddressSpaceUser.BeginStores();
            bool direct = cursor.TryGetSpan(task, MemoryAccess.Write, out Span<byte> span, out long left, out bool faults);
            if (!direct)
            {
                storing?.EndStores();
                storing = null;
            }
            if (faults && !discards)
            {
                if (total > 0)
                    return total;
                n = ReceiveNowhere(task, socket, ref message, ref wait);
                again = n == Again;
                if (again)
                    continue;
                return n > 0 ? -Errno.EFAULT : n;
            }
            if (!direct || discards)
            {
                int most = socket.IsByteStream ? StreamBuffer : LongestMessage;
                buffer ??= ArrayPool<byte>.Shared.Rent((int)Math.Min(most, left));
                span = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            }
            if (total == 0)
                wanted = (message.Flags & MessageFlags.MSG_WAITALL) != 0 ? left : Math.Min(left, socket.Settings.ReceiveLowWater);
            message.Data = span;
            n = ReceiveOnce(task, socket, ref message, ref wait);
            // With MSG_TRUNC more may be reported than there was room for.
            int filled = (int)Math.Clamp(n, 0, span.Length);
            if (direct && !discards && filled > 0)
                cursor.AdvanceStored(task, span[..filled]);
            storing?.EndStores();
            again = n == Again;
            if (again)
                continue;
            if (n < 0)
                return total > 0 ? total : n;
            if (discards)
                cursor.Advance(filled);
            else if (!direct && cursor.CopyOut(task, span[..filled]) < filled)
                return total > 0 ? total : -Errno.EFAULT;
            total += n;
            if (n == 0 || peek || !socket.IsByteStream || message.EndsHere)
                return total;
            // A full span is tried again without waiting: there may be more.
            if (total >= wanted)
            {
                if (filled < span.Length || cursor.IsDone)
                    return total;
                message.Flags |= MessageFlags.MSG_DONTWAIT;
            }
        }
        while (again || !cursor.IsDone);
        return total;
    }

    private static long ReceiveOnce(Task task, Socket socket, ref IncomingMessage message, ref SocketWait? wait)
    {
        long n = socket.Receive(ref message);
        if (n != -Errno.EAGAIN || (message.Flags & (MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_ERRQUEUE)) != 0)
            return n;
        PollEvents interest = (message.Flags & MessageFlags.MSG_OOB) != 0 ? PollEvents.POLLPRI : PollEvents.POLLIN;
        wait ??= new SocketWait(task, socket, interest, socket.Settings.ReceiveTimeout);
        return wait.Next() is < 0 and int error ? error : Again;
    }

    /// <summary>Receives for memory that cannot be written: bytes of a stream stay where they are, a message is lost, as on Linux.</summary>
    private static long ReceiveNowhere(Task task, Socket socket, ref IncomingMessage message, ref SocketWait? wait)
    {
        int flags = message.Flags;
        message.Data = new byte[1];
        if (socket.IsByteStream)
            message.Flags |= MessageFlags.MSG_PEEK;
        long n = ReceiveOnce(task, socket, ref message, ref wait);
        message.Data = default;
        message.Flags = flags;
        return n;
    }
}
