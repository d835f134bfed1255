using Faultline.Linux.Abi.Net;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Names of socket options and protocols, as strace(1) spells them.</summary>
internal static class SocketNames
{
    public static readonly NamedValue[] Protocol =
    [
        new(0, "IPPROTO_IP"), new(1, "IPPROTO_ICMP"), new(6, "IPPROTO_TCP"), new(17, "IPPROTO_UDP"), new(41, "IPPROTO_IPV6"), new(58, "IPPROTO_ICMPV6"),
        new(136, "IPPROTO_UDPLITE"), new(255, "IPPROTO_RAW"), new(262, "IPPROTO_MPTCP"),
    ];

    public static readonly NamedValue[] NetlinkProtocol =
    [
        new(0, "NETLINK_ROUTE"), new(4, "NETLINK_SOCK_DIAG"), new(9, "NETLINK_AUDIT"), new(12, "NETLINK_NETFILTER"), new(15, "NETLINK_KOBJECT_UEVENT"),
        new(16, "NETLINK_GENERIC"),
    ];

    public static readonly NamedValue[] Ancillary = [new(SocketOptions.SCM_RIGHTS, "SCM_RIGHTS"), new(SocketOptions.SCM_CREDENTIALS, "SCM_CREDENTIALS"), new(29, "SO_TIMESTAMP_OLD"), new(35, "SO_TIMESTAMPNS_OLD")];

    public static readonly NamedValue[] SeccompOperation =
    [
        new(0, "SECCOMP_SET_MODE_STRICT"), new(1, "SECCOMP_SET_MODE_FILTER"), new(2, "SECCOMP_GET_ACTION_AVAIL"), new(3, "SECCOMP_GET_NOTIF_SIZES"),
    ];

    public static readonly NamedValue[] SeccompFlags =
    [
        new(1, "SECCOMP_FILTER_FLAG_TSYNC"), new(2, "SECCOMP_FILTER_FLAG_LOG"), new(4, "SECCOMP_FILTER_FLAG_SPEC_ALLOW"),
        new(8, "SECCOMP_FILTER_FLAG_NEW_LISTENER"), new(16, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH"),
    ];

    private static readonly NamedValue[] _socket =
    [
        new(1, "SO_DEBUG"), new(2, "SO_REUSEADDR"), new(3, "SO_TYPE"), new(4, "SO_ERROR"), new(5, "SO_DONTROUTE"), new(6, "SO_BROADCAST"), new(7, "SO_SNDBUF"),
        new(8, "SO_RCVBUF"), new(9, "SO_KEEPALIVE"), new(10, "SO_OOBINLINE"), new(11, "SO_NO_CHECK"), new(12, "SO_PRIORITY"), new(13, "SO_LINGER"),
        new(14, "SO_BSDCOMPAT"), new(15, "SO_REUSEPORT"), new(16, "SO_PASSCRED"), new(17, "SO_PEERCRED"), new(18, "SO_RCVLOWAT"), new(19, "SO_SNDLOWAT"),
        new(20, "SO_RCVTIMEO_OLD"), new(21, "SO_SNDTIMEO_OLD"), new(25, "SO_BINDTODEVICE"), new(26, "SO_ATTACH_FILTER"), new(27, "SO_DETACH_FILTER"),
        new(28, "SO_PEERNAME"), new(29, "SO_TIMESTAMP_OLD"), new(30, "SO_ACCEPTCONN"), new(31, "SO_PEERSEC"), new(32, "SO_SNDBUFFORCE"), new(33, "SO_RCVBUFFORCE"),
        new(34, "SO_PASSSEC"), new(35, "SO_TIMESTAMPNS_OLD"), new(36, "SO_MARK"), new(37, "SO_TIMESTAMPING_OLD"), new(38, "SO_PROTOCOL"), new(39, "SO_DOMAIN"),
        new(40, "SO_RXQ_OVFL"), new(42, "SO_PEEK_OFF"), new(44, "SO_LOCK_FILTER"), new(46, "SO_BUSY_POLL"), new(47, "SO_MAX_PACING_RATE"), new(49, "SO_INCOMING_CPU"),
        new(50, "SO_ATTACH_BPF"), new(55, "SO_MEMINFO"), new(57, "SO_COOKIE"), new(59, "SO_PEERGROUPS"), new(60, "SO_ZEROCOPY"), new(66, "SO_RCVTIMEO_NEW"),
        new(67, "SO_SNDTIMEO_NEW"),
    ];

    private static readonly NamedValue[] _ip =
    [
        new(1, "IP_TOS"), new(2, "IP_TTL"), new(4, "IP_OPTIONS"), new(8, "IP_PKTINFO"), new(10, "IP_MTU_DISCOVER"), new(11, "IP_RECVERR"), new(12, "IP_RECVTTL"),
        new(13, "IP_RECVTOS"), new(14, "IP_MTU"), new(15, "IP_FREEBIND"), new(24, "IP_BIND_ADDRESS_NO_PORT"), new(32, "IP_MULTICAST_IF"), new(33, "IP_MULTICAST_TTL"),
        new(34, "IP_MULTICAST_LOOP"), new(35, "IP_ADD_MEMBERSHIP"), new(36, "IP_DROP_MEMBERSHIP"), new(49, "IP_MULTICAST_ALL"),
    ];

    private static readonly NamedValue[] _ipv6 =
    [
        new(16, "IPV6_UNICAST_HOPS"), new(17, "IPV6_MULTICAST_IF"), new(18, "IPV6_MULTICAST_HOPS"), new(19, "IPV6_MULTICAST_LOOP"), new(20, "IPV6_ADD_MEMBERSHIP"),
        new(21, "IPV6_DROP_MEMBERSHIP"), new(23, "IPV6_MTU_DISCOVER"), new(24, "IPV6_MTU"), new(25, "IPV6_RECVERR"), new(26, "IPV6_V6ONLY"), new(49, "IPV6_RECVPKTINFO"),
        new(50, "IPV6_PKTINFO"), new(51, "IPV6_RECVHOPLIMIT"), new(52, "IPV6_HOPLIMIT"), new(66, "IPV6_RECVTCLASS"), new(67, "IPV6_TCLASS"), new(72, "IPV6_ADDR_PREFERENCES"),
    ];

    private static readonly NamedValue[] _tcp =
    [
        new(1, "TCP_NODELAY"), new(2, "TCP_MAXSEG"), new(3, "TCP_CORK"), new(4, "TCP_KEEPIDLE"), new(5, "TCP_KEEPINTVL"), new(6, "TCP_KEEPCNT"), new(7, "TCP_SYNCNT"),
        new(8, "TCP_LINGER2"), new(9, "TCP_DEFER_ACCEPT"), new(10, "TCP_WINDOW_CLAMP"), new(11, "TCP_INFO"), new(12, "TCP_QUICKACK"), new(13, "TCP_CONGESTION"),
        new(18, "TCP_USER_TIMEOUT"), new(23, "TCP_FASTOPEN"), new(25, "TCP_NOTSENT_LOWAT"), new(30, "TCP_FASTOPEN_CONNECT"), new(31, "TCP_ULP"),
    ];

    private static readonly NamedValue[] _udp = [new(1, "UDP_CORK"), new(103, "UDP_SEGMENT"), new(104, "UDP_GRO")];

    private static readonly NamedValue[] _netlink =
    [
        new(1, "NETLINK_ADD_MEMBERSHIP"), new(2, "NETLINK_DROP_MEMBERSHIP"), new(3, "NETLINK_PKTINFO"), new(5, "NETLINK_NO_ENOBUFS"), new(10, "NETLINK_CAP_ACK"),
        new(11, "NETLINK_EXT_ACK"), new(12, "NETLINK_GET_STRICT_CHK"),
    ];

    /// <summary>The names of a level's options, and what a number without one is commented with.</summary>
    public static (NamedValue[] Table, string Unknown) OptionsOf(int level) => level switch
    {
        Sockets.SOL_SOCKET => (_socket, "SO_???"),
        Sockets.IPPROTO_IP => (_ip, "IP_???"),
        Sockets.IPPROTO_IPV6 => (_ipv6, "IPV6_???"),
        Sockets.IPPROTO_TCP => (_tcp, "TCP_???"),
        Sockets.IPPROTO_UDP => (_udp, "UDP_???"),
        Sockets.SOL_NETLINK => (_netlink, "NETLINK_???"),
        _ => ([], ""),
    };
}
