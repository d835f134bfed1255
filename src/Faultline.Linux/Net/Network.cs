using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Host;
using Faultline.Linux.Net.Inet;
using Faultline.Linux.Net.Netlink;
using Faultline.Linux.Net.Unix;

namespace Faultline.Linux.Net;

/// <summary>The sockets of a kernel: which families there are, and what their sockets share.</summary>
internal sealed class Network(IHost host, NetworkAccess access)
{
    /// <summary>Names of local sockets.</summary>
    public UnixNetwork Unix { get; } = new();

    /// <summary>Ports of a network that leads nowhere.</summary>
    public IsolatedNetwork Isolated { get; } = new();

    /// <summary>Addresses of netlink sockets.</summary>
    public NetlinkPorts NetlinkPorts { get; } = new();

    /// <summary>The same for sockets of devices' events: each protocol has addresses of its own.</summary>
    public NetlinkPorts EventPorts { get; } = new();

    /// <summary>The interfaces guests see, by index: the host's, or a loopback that is down.</summary>
    public HostInterface[] Interfaces() => access == NetworkAccess.Host ? host.Sockets.Interfaces() : [IsolatedNetwork.Loopback];

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
        int result;
        switch (family)
        {
            case Sockets.AF_UNIX:
                result = CheckUnix(ref type, protocol);
                if (result == 0)
                    socket = new UnixSocket(Unix, type, flags, user);
                return result;
            case Sockets.AF_INET or Sockets.AF_INET6:
                result = CheckInet(user, type, protocol);
                if (access == NetworkAccess.None && protocol == Sockets.IPPROTO_UDPLITE)
                    result = -Errno.EPROTONOSUPPORT;
                if (result == 0 && access == NetworkAccess.Host)
                    return InetSocket.Create(host, family, type, protocol, flags, user, out socket);
                if (result == 0)
                    socket = new IsolatedSocket(Isolated, family, type, flags, user);
                return result;
            case Sockets.AF_NETLINK:
                if (type is not (Sockets.SOCK_RAW or Sockets.SOCK_DGRAM))
                    return -Errno.ESOCKTNOSUPPORT;
                if (protocol is not (NetlinkSocket.NETLINK_ROUTE or NetlinkSocket.NETLINK_KOBJECT_UEVENT))
                    return -Errno.EPROTONOSUPPORT;
                socket = new NetlinkSocket(this, type, protocol, flags, user);
                return 0;
            case Sockets.AF_PACKET:
                return -Errno.EPERM;
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

    /// <summary>
    /// inet_create: TCP and UDP. Echo requests (SOCK_DGRAM with ICMP) need a group that sysctl names, raw sockets a capability and a network of the
    /// host's, which may refuse them still.
    /// </summary>
    private int CheckInet(in SocketUser user, int type, int protocol)
    {
        if (protocol is < 0 or > Sockets.IPPROTO_MPTCP)
            return -Errno.EINVAL;
        return type switch
        {
            Sockets.SOCK_STREAM => protocol is 0 or Sockets.IPPROTO_TCP ? 0 : -Errno.EPROTONOSUPPORT,
            Sockets.SOCK_DGRAM when protocol is Sockets.IPPROTO_ICMP or Sockets.IPPROTO_ICMPV6 => -Errno.EACCES,
            Sockets.SOCK_DGRAM => protocol is 0 or Sockets.IPPROTO_UDP or Sockets.IPPROTO_UDPLITE ? 0 : -Errno.EPROTONOSUPPORT,
            Sockets.SOCK_RAW => protocol == 0 ? -Errno.EPROTONOSUPPORT : user.MayUseRawSockets && access == NetworkAccess.Host ? 0 : -Errno.EPERM,
            _ => -Errno.ESOCKTNOSUPPORT,
        };
    }
}
