using Faultline.Linux.Abi.Net;
using static Faultline.Linux.Abi.Net.SocketOptions;

namespace Faultline.Linux.Net.Inet;

/// <summary>
/// Which options of internet sockets reach the host: those that concern the socket alone. The packet filter's (IPT_SO_), TCP_REPAIR, upper-layer protocols,
/// IPsec and whatever would let the host write into this process's memory later are not among them, and unknown ones are ENOPROTOOPT.
/// </summary>
internal static class InetOptions
{
    private const int SO_MAX = 75;
    private const int TCP_MAX = 38;
    private const int IP_MAX = 52;
    private const int IPV6_MAX = 79;

    private const int SOL_RAW = 255;
    private const int UDP_CORK = 1;
    private const int UDPLITE_SEND_CSCOV = 10;
    private const int UDPLITE_RECV_CSCOV = 11;
    private const int UDP_NO_CHECK6_TX = 101;
    private const int UDP_GRO = 104;

    /// <summary>Whether an option may be set or read on the host's socket.</summary>
    public static bool IsPassed(int level, int name) => level switch
    {
        Sockets.SOL_SOCKET => (uint)name < SO_MAX && IsPassedOfSocket(name),
        Sockets.IPPROTO_IP => (uint)name < IP_MAX && IsPassedOfIp(name),
        Sockets.IPPROTO_IPV6 => (uint)name < IPV6_MAX && IsPassedOfIpv6(name),
        // ICMP_FILTER of raw sockets.
        SOL_RAW => name == 1,
        Sockets.IPPROTO_TCP => (uint)name < TCP_MAX && IsPassedOfTcp(name),
        Sockets.IPPROTO_UDPLITE => name is UDP_CORK or UDPLITE_SEND_CSCOV or UDPLITE_RECV_CSCOV,
        Sockets.IPPROTO_UDP => name is UDP_CORK or (>= UDP_NO_CHECK6_TX and <= UDP_GRO),
        _ => false,
    };

    private static bool IsPassedOfSocket(int name) => name is SO_DEBUG or SO_REUSEADDR or SO_TYPE or SO_ERROR or SO_DONTROUTE or SO_BROADCAST or SO_SNDBUF or SO_RCVBUF
        or SO_KEEPALIVE or SO_OOBINLINE or SO_NO_CHECK or SO_PRIORITY or SO_LINGER or SO_BSDCOMPAT or SO_REUSEPORT or SO_RCVLOWAT or SO_SNDLOWAT or SO_BINDTODEVICE
        or SO_DETACH_FILTER or SO_TIMESTAMP or SO_ACCEPTCONN or SO_SNDBUFFORCE or SO_RCVBUFFORCE or SO_TIMESTAMPNS or SO_MARK or SO_TIMESTAMPING or SO_PROTOCOL or SO_DOMAIN
        or SO_RXQ_OVFL or SO_PEEK_OFF or SO_LOCK_FILTER or SO_SELECT_ERR_QUEUE or SO_BUSY_POLL or SO_MAX_PACING_RATE or SO_BPF_EXTENSIONS or SO_INCOMING_CPU
        or SO_MEMINFO or SO_INCOMING_NAPI_ID or SO_COOKIE or SO_TXTIME or SO_BINDTOIFINDEX or SO_TIMESTAMP_NEW or SO_TIMESTAMPNS_NEW or SO_TIMESTAMPING_NEW
        or SO_PREFER_BUSY_POLL or SO_BUSY_POLL_BUDGET;

    private static bool IsPassedOfIp(int name) => name is (>= 1 and <= 4) or (>= 6 and <= 8) or (>= 10 and <= 15) or (>= 19 and <= 21) or (>= 23 and <= 26) or (>= 32 and <= 51);

    private static bool IsPassedOfIpv6(int name) =>
        name is (>= 1 and <= 9) or (>= 16 and <= 21) or (>= 23 and <= 33) or (>= 42 and <= 63) or 66 or 67 or 70 or (>= 72 and <= 78);

    private static bool IsPassedOfTcp(int name) => name is (>= 1 and <= 13) or (>= 16 and <= 18) or (>= 23 and <= 28) or 30 or 33 or 34 or 36 or 37;
}
