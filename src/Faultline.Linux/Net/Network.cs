using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Net.Unix;

namespace Faultline.Linux.Net;

/// <summary>The sockets of a kernel: which families there are, and what their sockets share.</summary>
internal sealed class Network
{
    /// <summary>Names of local sockets.</summary>
    public UnixNetwork Unix { get; } = new();

    /// <summary>Makes a socket, with the errors of __sock_create in their order.</summary>
    /// <param name="user">Who.</param>
    /// <param name="family">AF_ number.</param>
    /// <param name="type">SOCK_ number without flags.</param>
    /// <param name="protocol">IPPROTO_ number, or 0.</param>
    /// <param name="flags">O_NONBLOCK or 0.</param>
    /// <param name="socket">The socket with one reference.</param>
    public int Create(in SocketUser user, int family, int type, int protocol, int flags, out Socket? socket)
    {
        socket = null;
        if (family is < 0 or >= Sockets.AF_MAX)
            return -Errno.EAFNOSUPPORT;
        if (type >= Sockets.SOCK_MAX)
            return -Errno.EINVAL;
        switch (family)
        {
            case Sockets.AF_UNIX:
                int result = CheckUnix(ref type, protocol);
                if (result == 0)
                    socket = new UnixSocket(Unix, type, flags, user);
                return result;
            default:
                return -Errno.EAFNOSUPPORT;
        }
    }

    /// <summary>Makes two connected sockets.</summary>
    public int CreatePair(in SocketUser user, int family, int type, int protocol, int flags, out Socket? one, out Socket? other)
    {
        one = other = null;
        int result;
        if (family == Sockets.AF_UNIX && type < Sockets.SOCK_MAX)
        {
            result = CheckUnix(ref type, protocol);
            if (result == 0)
                (one, other) = UnixSocket.CreatePair(Unix, type, flags, user);
            return result;
        }
        result = Create(user, family, type, protocol, flags, out Socket? lone);
        lone?.Release();
        return result < 0 ? result : -Errno.EOPNOTSUPP;
    }

    private static int CheckUnix(ref int type, int protocol)
    {
        if (protocol is not (0 or Sockets.AF_UNIX))
            return -Errno.EPROTONOSUPPORT;
        if (type == Sockets.SOCK_RAW)
            type = Sockets.SOCK_DGRAM;
        return type is Sockets.SOCK_STREAM or Sockets.SOCK_DGRAM or Sockets.SOCK_SEQPACKET ? 0 : -Errno.ESOCKTNOSUPPORT;
    }
}
