using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Syscalls.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>send(2) and recv(2) and their kin (net/socket.c).</summary>
internal static class MessageCalls
{
    /// <summary>Bytes of <c>struct mmsghdr</c>: a message header and what was sent or received, padded.</summary>
    private const ulong MultipleSize = 64;

    private const ulong MultipleLengthOffset = 56;
    private const ulong FlagsOffset = 48;
    private const ulong ControlLengthOffset = 40;
    private const ulong NameLengthOffset = 8;

    /// <summary>ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t addrlen)</summary>
    public static long Sendto(Task task, in SyscallArguments a)
    {
        IoVector piece = new() { iov_base = a.A1, iov_len = Math.Min(a.A2, (ulong)IoVector.MAX_RW_COUNT) };
        if (!Transfer.IsUserRange(piece.iov_base, piece.iov_len))
            return -Errno.EFAULT;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        int length = a.A4 == 0 ? 0 : SocketAddresses.Read(task, a.A4, a.Int5, address);
        if (length < 0)
            return length;
        OutgoingMessage message = new() { Address = address[..length], IsNamed = a.A4 != 0, Flags = a.Int3 & ~MessageFlags.MSG_CMSG_COMPAT };
        return SocketTransfer.Send(task, use.Socket, new ReadOnlySpan<IoVector>(in piece), ref message);
    }

    /// <summary>ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen)</summary>
    public static long Recvfrom(Task task, in SyscallArguments a)
    {
        IoVector piece = new() { iov_base = a.A1, iov_len = Math.Min(a.A2, (ulong)IoVector.MAX_RW_COUNT) };
        if (!Transfer.IsUserRange(piece.iov_base, piece.iov_len))
            return -Errno.EFAULT;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        IncomingMessage message = new() { Address = a.A4 == 0 ? default : address, Flags = a.Int3 & ~MessageFlags.MSG_CMSG_COMPAT };
        long result = SocketTransfer.Receive(task, use.Socket, new ReadOnlySpan<IoVector>(in piece), ref message);
        ControlData.Drop(ref message);
        if (result < 0 || a.A4 == 0)
            return result;
        int error = SocketAddresses.Write(task, address[..Math.Min(message.AddressLength, Sockets.AddressMax)], a.A4, a.A5);
        return error < 0 ? error : result;
    }

    /// <summary>ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)</summary>
    public static long Sendmsg(Task task, in SyscallArguments a)
    {
        if ((a.Int2 & MessageFlags.MSG_CMSG_COMPAT) != 0)
            return -Errno.EINVAL;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        return use.Error < 0 ? use.Error : Send(task, use.Socket, a.A1, a.Int2);
    }

    /// <summary>ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)</summary>
    public static long Recvmsg(Task task, in SyscallArguments a)
    {
        if ((a.Int2 & MessageFlags.MSG_CMSG_COMPAT) != 0)
            return -Errno.EINVAL;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        return use.Error < 0 ? use.Error : Receive(task, use.Socket, a.A1, a.Int2, out _);
    }

    /// <summary>int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)</summary>
    public static long Sendmmsg(Task task, in SyscallArguments a)
    {
        if ((a.Int3 & MessageFlags.MSG_CMSG_COMPAT) != 0)
            return -Errno.EINVAL;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        uint count = Math.Min((uint)a.A2, IoVector.UIO_MAXIOV);
        uint done = 0;
        while (done < count)
        {
            ulong at = a.A1 + (done * MultipleSize);
            long result = Send(task, use.Socket, at, a.Int3);
            if (result >= 0 && !task.Memory.TryWrite(at + MultipleLengthOffset, (uint)result))
                result = -Errno.EFAULT;
            if (result < 0)
                return done > 0 ? done : result;
            done++;
            if (task.IsInterrupted)
                break;
        }
        return done;
    }

    /// <summary>int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)</summary>
    public static long Recvmmsg(Task task, in SyscallArguments a)
    {
        if ((a.Int3 & MessageFlags.MSG_CMSG_COMPAT) != 0)
            return -Errno.EINVAL;
        long deadline = Poll.Timeout.Never;
        if (a.A4 != 0)
        {
            if (!task.Memory.TryRead(a.A4, out Timespec time))
                return -Errno.EFAULT;
            if (!time.IsValid)
                return -Errno.EINVAL;
            // The timeout is looked at only after a message has come, as in Linux (recvmmsg(2), BUGS).
            deadline = Poll.Timeout.ReadTimespec(task, a.A4, out long end) == 0 ? end : deadline;
        }
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        long result = ReceiveSeveral(task, use.Socket, a, deadline);
        if (result >= 0)
            Poll.Timeout.WriteTimespec(task, a.A4, deadline);
        return result;
    }

    private static long ReceiveSeveral(Task task, Socket socket, in SyscallArguments a, long deadline)
    {
        uint count = Math.Min((uint)a.A2, IoVector.UIO_MAXIOV);
        int flags = a.Int3 & ~MessageFlags.MSG_WAITFORONE;
        uint done = 0;
        while (done < count)
        {
            ulong at = a.A1 + (done * MultipleSize);
            long result = Receive(task, socket, at, flags, out uint resultFlags);
            if (result >= 0 && !task.Memory.TryWrite(at + MultipleLengthOffset, (uint)result))
                result = -Errno.EFAULT;
            if (result < 0)
                return done > 0 ? done : result;
            done++;
            if ((a.Int3 & MessageFlags.MSG_WAITFORONE) != 0)
                flags |= MessageFlags.MSG_DONTWAIT;
            if ((deadline != Poll.Timeout.Never && task.Host.Clock.Monotonic >= deadline) || (resultFlags & MessageFlags.MSG_OOB) != 0)
                break;
        }
        return done;
    }

    private static long Send(Task task, Socket socket, ulong headerAddress, int flags)
    {
        Span<IoVector> pieces = stackalloc IoVector[8];
        int error = ReadHeader(task, headerAddress, out Msghdr header, ref pieces);
        if (error < 0)
            return error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        if (SocketAddresses.Read(task, header.msg_name, header.msg_namelen, address) < 0)
            return -Errno.EFAULT;
        if (header.msg_controllen > ControlData.Max)
            return -Errno.ENOBUFS;
        Span<byte> control = header.msg_controllen <= 512 ? stackalloc byte[(int)header.msg_controllen] : new byte[(int)header.msg_controllen];
        if (task.Memory.Read(header.msg_control, control) != control.Length)
            return -Errno.EFAULT;
        OutgoingMessage message = new() { Address = address[..header.msg_namelen], IsNamed = header.msg_name != 0, Flags = flags, Control = control };
        if (!socket.HasRawControl && !control.IsEmpty && ControlData.Parse(task, control, ref message) is < 0 and int wrong)
            return wrong;
        OpenFile[]? files = message.Files;
        long result = SocketTransfer.Send(task, socket, pieces, ref message);
        foreach (OpenFile file in files ?? [])
            file.Release();
        return result;
    }

    private static long Receive(Task task, Socket socket, ulong headerAddress, int flags, out uint resultFlags)
    {
        resultFlags = 0;
        Span<IoVector> pieces = stackalloc IoVector[8];
        int error = ReadHeader(task, headerAddress, out Msghdr header, ref pieces);
        if (error < 0)
            return error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        bool hasControl = socket.HasRawControl && header.msg_control != 0;
        Span<byte> control = hasControl ? new byte[(int)Math.Min(header.msg_controllen, ControlData.Max)] : default;
        IncomingMessage message = new() { Address = header.msg_name == 0 ? default : address, Flags = flags, Control = control };
        long result = SocketTransfer.Receive(task, socket, pieces, ref message);
        if (result < 0)
        {
            ControlData.Drop(ref message);
            return result;
        }
        header.msg_flags = (uint)(message.ResultFlags | (flags & MessageFlags.MSG_CMSG_CLOEXEC));
        if (socket.HasRawControl)
        {
            header.msg_controllen = (ulong)message.ControlLength;
            if (task.Memory.Write(header.msg_control, control[..message.ControlLength]) != message.ControlLength)
                return -Errno.EFAULT;
        }
        else if (ControlData.Deliver(task, ref message, ref header, flags) is < 0 and int failed)
        {
            return failed;
        }
        resultFlags = header.msg_flags;
        if (header.msg_name != 0
            && SocketAddresses.Write(task, address[..Math.Min(message.AddressLength, Sockets.AddressMax)], header.msg_name, headerAddress + NameLengthOffset) is < 0 and int fault)
            return fault;
        if (!task.Memory.TryWrite(headerAddress + FlagsOffset, header.msg_flags) || !task.Memory.TryWrite(headerAddress + ControlLengthOffset, header.msg_controllen))
            return -Errno.EFAULT;
        return result;
    }

    /// <summary>copy_msghdr_from_user, with the pieces.</summary>
    private static int ReadHeader(Task task, ulong address, out Msghdr header, ref Span<IoVector> pieces)
    {
        if (!task.Memory.TryRead(address, out header))
            return -Errno.EFAULT;
        if (header.msg_name == 0)
            header.msg_namelen = 0;
        if (header.msg_namelen < 0)
            return -Errno.EINVAL;
        header.msg_namelen = Math.Min(header.msg_namelen, Sockets.AddressMax);
        if (header.msg_iovlen > IoVector.UIO_MAXIOV)
            return -Errno.EMSGSIZE;
        return ReadWrite.ReadVectors(task, header.msg_iov, header.msg_iovlen, ref pieces);
    }
}
