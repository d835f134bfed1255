using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Bpf;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>setsockopt(2) and getsockopt(2) (net/socket.c, net/core/sock.c).</summary>
internal static class OptionCalls
{
    /// <summary>Longest value that is looked at: TCP_CONGESTION's name, SO_PEERGROUPS and multicast source lists are the long ones.</summary>
    private const int LongestValue = 4096;

    private const int SOL_RAW = 255;
    private const int TCP_CONGESTION = 13;
    private const int TCP_ULP = 31;
    private const int TCP_FASTOPEN_KEY = 33;

    /// <summary>Bytes of <c>struct sock_fprog</c>: a count and a pointer.</summary>
    private const int ProgramSize = 16;

    /// <summary>int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)</summary>
    public static long Setsockopt(Task task, in SyscallArguments a)
    {
        if (a.Int4 < 0)
            return -Errno.EINVAL;
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        int level = a.Int1, name = a.Int2;
        if (level == Sockets.SOL_SOCKET && name == SocketOptions.SO_ATTACH_FILTER)
            return AttachFilter(task, use.Socket, a.A3, a.Int4);
        if (level == Sockets.SOL_SOCKET && name is SocketOptions.SO_ATTACH_BPF or SocketOptions.SO_ATTACH_REUSEPORT_EBPF)
            return -Errno.EPERM;
        if (CheckShape(use.Socket, level, name, a.Int4) is < 0 and int shape)
            return shape;
        Span<byte> value = stackalloc byte[Math.Min(a.Int4, LongestValue)];
        if (task.Memory.Read(a.A3, value) != value.Length)
            return level == Sockets.IPPROTO_IPV6 && value.Length < sizeof(int) ? -Errno.EINVAL : -Errno.EFAULT;
        return use.Socket.SetOption(SocketUse.UserOf(task), level, name, value);
    }

    /// <summary>What is wrong with an option before its value is copied in: most must be an int at least, and a level that the family lacks has no options.</summary>
    private static int CheckShape(Socket socket, int level, int name, int length)
    {
        bool isInternet = socket.Family is Sockets.AF_INET or Sockets.AF_INET6;
        if (level == Sockets.SOL_SOCKET)
            return length < sizeof(int) && name != SocketOptions.SO_BINDTODEVICE ? -Errno.EINVAL : 0;
        if (socket.Family == Sockets.AF_UNIX)
            return -Errno.EOPNOTSUPP;
        bool isTcp = isInternet && socket.IsByteStream;
        if (level == Sockets.IPPROTO_TCP && isTcp)
            return length < sizeof(int) && name is not (TCP_CONGESTION or TCP_ULP or TCP_FASTOPEN_KEY) ? -Errno.EINVAL : 0;
        bool isKnown = level is Sockets.IPPROTO_IP or Sockets.IPPROTO_IPV6 or Sockets.IPPROTO_UDP or Sockets.IPPROTO_UDPLITE or SOL_RAW;
        return isInternet && !isKnown ? -Errno.ENOPROTOOPT : 0;
    }

    /// <summary>int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)</summary>
    public static long Getsockopt(Task task, in SyscallArguments a)
    {
        using SocketUse use = SocketUse.Of(task, a.Int0);
        if (use.Error < 0)
            return use.Error;
        if (!task.Memory.TryRead(a.A4, out int length))
            return -Errno.EFAULT;
        if (length < 0)
            return -Errno.EINVAL;
        if (a.Int1 == Sockets.SOL_SOCKET && a.Int2 == SocketOptions.SO_ATTACH_FILTER)
            return GetFilter(task, use.Socket, a.A3, length, a.A4);
        Span<byte> value = stackalloc byte[Math.Min(length, LongestValue)];
        int result = use.Socket.GetOption(a.Int1, a.Int2, value);
        if (result < 0)
            return result;
        if (task.Memory.Write(a.A3, value[..result]) != result)
            return -Errno.EFAULT;
        return task.Memory.TryWrite(a.A4, result) ? 0 : -Errno.EFAULT;
    }

    /// <summary>Copies a program in: <c>struct sock_fprog</c> and what it points to.</summary>
    /// <returns>0, -EFAULT, -EINVAL for an impossible length.</returns>
    internal static int ReadProgram(Task task, ulong address, out BpfInstruction[] code)
    {
        code = [];
        if (!task.Memory.TryRead(address, out ushort length) || !task.Memory.TryRead(address + sizeof(ulong), out ulong pointer))
            return -Errno.EFAULT;
        if (length is 0 or > BpfCode.MaxInstructions || pointer == 0)
            return -Errno.EINVAL;
        code = new BpfInstruction[length];
        Span<byte> bytes = MemoryMarshal.AsBytes(code.AsSpan());
        return task.Memory.Read(pointer, bytes) == bytes.Length ? 0 : -Errno.EFAULT;
    }

    private static long AttachFilter(Task task, Socket socket, ulong address, int length)
    {
        // sk_setsockopt copies an int in before it looks at the option.
        if (length >= sizeof(int) && !task.Memory.TryRead(address, out int _))
            return -Errno.EFAULT;
        if (length != ProgramSize)
            return -Errno.EINVAL;
        int result = ReadProgram(task, address, out BpfInstruction[] code);
        if (result < 0)
            return result;
        return BpfProgram.ForPackets(code) is { } program ? socket.SetFilter(program) : -Errno.EINVAL;
    }

    /// <summary>SO_GET_FILTER: the length is counted in instructions (sk_get_filter).</summary>
    private static long GetFilter(Task task, Socket socket, ulong address, int room, ulong lengthAddress)
    {
        int length = socket.Settings.Filter?.Length ?? 0;
        if (length > 0 && room > 0)
        {
            if (room < length)
                return -Errno.EINVAL;
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(socket.Settings.Filter!.Instructions);
            if (task.Memory.Write(address, bytes) != bytes.Length)
                return -Errno.EFAULT;
        }
        return task.Memory.TryWrite(lengthAddress, length) ? 0 : -Errno.EFAULT;
    }
}
