using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>socket(2), bind(2), listen(2), accept(2), connect(2) and what names the ends of a connection (net/socket.c).</summary>
internal static class SocketCalls
{
    private const int Flags = Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK;

    /// <summary>int socket(int domain, int type, int protocol)</summary>
    public static long Socket(Task task, in SyscallArguments a)
    {
        int flags = a.Int1 & ~Sockets.SOCK_TYPE_MASK;
        if ((flags & ~Flags) != 0)
            return -Errno.EINVAL;
        int result = task.Kernel.Network.Create(SocketUse.UserOf(task), a.Int0, a.Int1 & Sockets.SOCK_TYPE_MASK, a.Int2, flags & OpenFlags.O_NONBLOCK, out Socket? socket);
        return result < 0 ? result : task.Process.Files.Add(socket!, (flags & Sockets.SOCK_CLOEXEC) != 0);
    }

    /// <summary>int socketpair(int domain, int type, int protocol, int sv[2])</summary>
    public static long Socketpair(Task task, in SyscallArguments a)
    {
        int flags = a.Int1 & ~Sockets.SOCK_TYPE_MASK;
        if ((flags & ~Flags) != 0)
            return -Errno.EINVAL;
        FdTable files = task.Process.Files;
        // Linux takes the descriptors and writes them before it makes the sockets.
        if (!files.HasRoom(2))
            return -Errno.EMFILE;
        if (!task.Memory.TryWrite(a.A3, 0UL))
            return -Errno.EFAULT;
        int result = task.Kernel.Network.CreatePair(
            SocketUse.UserOf(task), a.Int0, a.Int1 & Sockets.SOCK_TYPE_MASK, a.Int2, flags & OpenFlags.O_NONBLOCK, out Socket? one, out Socket? other);
        if (result < 0)
            return result;
        bool closeOnExec = (flags & Sockets.SOCK_CLOEXEC) != 0;
        int first = files.Add(one!, closeOnExec);
        if (first < 0)
        {
            other!.Release();
            return first;
        }
        int second = files.Add(other!, closeOnExec);
        if (second >= 0 && task.Memory.TryWrite(a.A3, ((ulong)(uint)second << 32) | (uint)first))
            return 0;
        _ = files.Close(first);
        if (second < 0)
            return second;
        _ = files.Close(second);
        return -Errno.EFAULT;
    }

    /// <summary>int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)</summary>
    public static long Bind(Task task, in SyscallArguments a)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        int length = SocketAddresses.Read(task, a.A1, a.Int2, address);
        return length < 0 ? length : use.Socket.Bind(SocketUse.UserOf(task), address[..length]);
    }

    /// <summary>int listen(int sockfd, int backlog)</summary>
    public static long Listen(Task task, in SyscallArguments a)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        return use.Error < 0 ? use.Error : use.Socket.Listen(SocketUse.UserOf(task), a.Int1);
    }

    /// <summary>int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen)</summary>
    public static long Accept(Task task, in SyscallArguments a) => Accept(task, a, 0);

    /// <summary>int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)</summary>
    public static long Accept4(Task task, in SyscallArguments a) => Accept(task, a, a.Int3);

    /// <summary>int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)</summary>
    public static long Connect(Task task, in SyscallArguments a)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error == -Errno.EBADF)
            return use.Error;
        Span<byte> buffer = stackalloc byte[Sockets.AddressMax];
        int length = SocketAddresses.Read(task, a.A1, a.Int2, buffer);
        if (length < 0)
            return length;
        // That the file is no socket is found only now (__sys_connect_file).
        if (use.Error < 0)
            return use.Error;
        Socket socket = use.Socket;
        SocketUser user = SocketUse.UserOf(task);
        using SocketWait wait = new(task, socket, PollEvents.POLLOUT, socket.Settings.SendTimeout);
        bool waited = false;
        while (true)
        {
            int result = socket.Connect(user, buffer[..length]);
            // A connection that was begun by an earlier call is waited for like one of this call.
            bool isUnderWay = result is -Errno.EAGAIN or -Errno.EINPROGRESS || (result == -Errno.EALREADY && (waited || !socket.IsNonBlocking));
            if (!isUnderWay || socket.IsNonBlocking)
                return result;
            waited = true;
            if (wait.Next() is < 0 and int error)
                return error == -Errno.EAGAIN ? result == -Errno.EALREADY ? -Errno.EINPROGRESS : result : error;
        }
    }

    /// <summary>int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)</summary>
    public static long Getsockname(Task task, in SyscallArguments a) => GetName(task, a, peer: false);

    /// <summary>int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen)</summary>
    public static long Getpeername(Task task, in SyscallArguments a) => GetName(task, a, peer: true);

    /// <summary>int shutdown(int sockfd, int how)</summary>
    public static long Shutdown(Task task, in SyscallArguments a)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        return a.Int1 is < Sockets.SHUT_RD or > Sockets.SHUT_RDWR ? -Errno.EINVAL : use.Socket.Shutdown(a.Int1);
    }

    private static long Accept(Task task, in SyscallArguments a, int flags)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error == -Errno.EBADF)
            return use.Error;
        if ((flags & ~Flags) != 0)
            return -Errno.EINVAL;
        if (use.Error < 0)
            return use.Error;
        FdTable files = task.Process.Files;
        if (!files.HasRoom(1))
            return -Errno.EMFILE;
        int result = Accept(task, use.Socket, flags & OpenFlags.O_NONBLOCK, out Socket? accepted);
        if (result < 0)
            return result;
        if (a.A1 != 0)
        {
            Span<byte> address = stackalloc byte[Sockets.AddressMax];
            int length = accepted!.GetName(address, peer: true);
            // The other end may have gone again meanwhile.
            if (length < 0)
                result = -Errno.ECONNABORTED;
            else
                result = SocketAddresses.Write(task, address[..length], a.A1, a.A2);
            if (result < 0)
            {
                accepted.Release();
                return result;
            }
        }
        return files.Add(accepted!, (flags & Sockets.SOCK_CLOEXEC) != 0);
    }

    private static int Accept(Task task, Socket socket, int flags, out Socket? accepted)
    {
        using SocketWait wait = new(task, socket, PollEvents.POLLIN, socket.Settings.ReceiveTimeout);
        while (true)
        {
            int result = socket.Accept(flags, out accepted);
            if (result != -Errno.EAGAIN || socket.IsNonBlocking)
                return result;
            if (wait.Next() is < 0 and int error)
                return error;
        }
    }

    private static long GetName(Task task, in SyscallArguments a, bool peer)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        Span<byte> address = stackalloc byte[Sockets.AddressMax];
        int length = use.Socket.GetName(address, peer);
        return length < 0 ? length : SocketAddresses.Write(task, address[..length], a.A1, a.A2);
    }
}
