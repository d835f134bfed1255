namespace Faultline.Linux.Abi.Net;

/// <summary>Families, types, levels and small numbers of <c>socket(2)</c> (linux/socket.h, linux/net.h); the same on every architecture but MIPS, PA-RISC and SPARC.</summary>
internal static class Sockets
{
    public const int AF_UNSPEC = 0;
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int AF_NETLINK = 16;
    public const int AF_PACKET = 17;

    /// <summary>One more than the highest family of Linux 6.1 (AF_MAX).</summary>
    public const int AF_MAX = 46;

    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_RAW = 3;
    public const int SOCK_RDM = 4;
    public const int SOCK_SEQPACKET = 5;
    public const int SOCK_PACKET = 10;

    /// <summary>One more than the highest type (SOCK_MAX).</summary>
    public const int SOCK_MAX = 11;

    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;

    /// <summary>The bits of socket(2)'s second argument that are the type (SOCK_TYPE_MASK).</summary>
    public const int SOCK_TYPE_MASK = 0xF;

    public const int SHUT_RD = 0;
    public const int SHUT_WR = 1;
    public const int SHUT_RDWR = 2;

    public const int SOL_SOCKET = 1;
    public const int IPPROTO_IP = 0;
    public const int IPPROTO_ICMP = 1;
    public const int IPPROTO_TCP = 6;
    public const int IPPROTO_UDP = 17;
    public const int IPPROTO_IPV6 = 41;
    public const int IPPROTO_ICMPV6 = 58;
    public const int IPPROTO_UDPLITE = 136;
    public const int IPPROTO_MPTCP = 262;
    public const int SOL_NETLINK = 270;

    /// <summary>Longest queue of connections not yet accepted (net.core.somaxconn).</summary>
    public const int SOMAXCONN = 4096;

    /// <summary>Longest address of any family, <c>struct sockaddr_storage</c>.</summary>
    public const int AddressMax = 128;
}
