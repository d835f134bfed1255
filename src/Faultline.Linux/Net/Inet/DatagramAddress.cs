using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;

namespace Faultline.Linux.Net.Inet;

/// <summary>What udp_sendmsg and udpv6_sendmsg say about a message before they look at its bytes.</summary>
internal static class DatagramAddress
{
    private const int Ipv4Length = 16;

    /// <summary>An address of IPv6 without its scope (SIN6_LEN_RFC2133).</summary>
    private const int ShortIpv6Length = 24;

    /// <summary>Bytes that an address of a family must have.</summary>
    public static int LeastLength(int family) => family == Sockets.AF_INET ? Ipv4Length : ShortIpv6Length;

    /// <summary>Checks length, flags and destination in Linux's order.</summary>
    /// <param name="family">The socket's family.</param>
    /// <param name="message">The message; of its data only the refusal is looked at.</param>
    /// <param name="isConnected">Whether the socket has a peer, so that no destination is needed.</param>
    /// <returns>0, -EMSGSIZE, -EOPNOTSUPP, -EINVAL, -EAFNOSUPPORT, -EDESTADDRREQ.</returns>
    public static int Check(int family, in OutgoingMessage message, bool isConnected)
    {
        bool isIpv4 = family == Sockets.AF_INET, needsPeer = !message.IsNamed;
        if (isIpv4 && message.Refusal == -Errno.EMSGSIZE)
            return -Errno.EMSGSIZE;
        if (isIpv4 && (message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        if (message.IsNamed)
        {
            if (message.Address.Length < sizeof(short) || (isIpv4 && message.Address.Length < Ipv4Length))
                return -Errno.EINVAL;
            int given = BinaryPrimitives.ReadInt16LittleEndian(message.Address);
            needsPeer = !isIpv4 && given == Sockets.AF_UNSPEC;
            if (given is not (Sockets.AF_INET or Sockets.AF_UNSPEC) && (isIpv4 || given != Sockets.AF_INET6))
                return isIpv4 ? -Errno.EAFNOSUPPORT : -Errno.EINVAL;
            if (!needsPeer && (message.Address.Length < LeastLength(given == Sockets.AF_INET ? given : family) || BinaryPrimitives.ReadUInt16BigEndian(message.Address[2..]) == 0))
                return -Errno.EINVAL;
        }
        return needsPeer && !isConnected ? -Errno.EDESTADDRREQ : 0;
    }
}
