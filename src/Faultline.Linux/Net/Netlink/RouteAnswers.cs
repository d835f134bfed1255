using System.Buffers.Binary;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Host;

namespace Faultline.Linux.Net.Netlink;

/// <summary>
/// Answers to rtnetlink questions: lists of links and of addresses, and one link by index or name. Changes are EPERM and other questions EOPNOTSUPP, each
/// in a message of its own, as the kernel answers (net/core/rtnetlink.c, net/netlink/af_netlink.c).
/// </summary>
internal static class RouteAnswers
{
    private const int HeaderSize = 16;
    private const ushort NLMSG_ERROR = 2;
    private const ushort NLMSG_DONE = 3;
    private const ushort NLMSG_MIN_TYPE = 16;
    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_MULTI = 2;
    private const ushort NLM_F_ACK = 4;
    private const ushort NLM_F_DUMP = 0x300;
    private const ushort RTM_NEWLINK = 16;
    private const ushort RTM_GETLINK = 18;
    private const ushort RTM_NEWADDR = 20;
    private const ushort RTM_GETADDR = 22;

    /// <summary>How many answers are put into one message, in bytes: C libraries make room for a page.</summary>
    private const int Batch = 3500;

    /// <summary>Answers everything in a message.</summary>
    /// <param name="request">One or more netlink messages.</param>
    /// <param name="port">The asking socket's address.</param>
    /// <param name="network">Whose interfaces; null where there is nothing to ask for, and every question is EPERM.</param>
    /// <param name="answers">Gets the answers.</param>
    public static void Answer(ReadOnlySpan<byte> request, uint port, Network? network, Queue<byte[]> answers)
    {
        while (request.Length >= HeaderSize)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(request);
            if (length < HeaderSize || length > (uint)request.Length)
                return;
            One(request[..(int)length], port, network, answers);
            uint next = (length + 3) & ~3u;
            if (next >= (uint)request.Length)
                return;
            request = request[(int)next..];
        }
    }

    private static void One(ReadOnlySpan<byte> request, uint port, Network? network, Queue<byte[]> answers)
    {
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(request[4..]), flags = BinaryPrimitives.ReadUInt16LittleEndian(request[6..]);
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(request[8..]);
        if ((flags & NLM_F_REQUEST) == 0)
            return;
        int error = network is null ? -Errno.EPERM : 0;
        if (network is not null && type >= NLMSG_MIN_TYPE)
        {
            int family = request.Length > HeaderSize ? request[HeaderSize] : 0;
            bool isDump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
            NetlinkWriter writer = new(sequence, port, isDump ? NLM_F_MULTI : (ushort)0, Batch, answers);
            switch (type)
            {
                case RTM_GETLINK when isDump:
                    foreach (HostInterface link in network.Interfaces())
                        Link(writer, link);
                    break;
                case RTM_GETADDR when isDump:
                    foreach (HostInterface link in network.Interfaces())
                        Addresses(writer, link, family);
                    break;
                case RTM_GETLINK:
                    error = OneLink(writer, request[HeaderSize..], network);
                    break;
                default:
                    // The four numbers of each kind of object are NEW, DEL, GET, SET; only GET needs no capability.
                    error = (type & 3) == 2 ? -Errno.EOPNOTSUPP : -Errno.EPERM;
                    break;
            }
            if (isDump && error == 0)
            {
                writer.Begin(NLMSG_DONE);
                writer.Int(0);
                writer.End();
                writer.Flush();
                return;
            }
            writer.Flush();
        }
        if (error != 0 || (flags & NLM_F_ACK) != 0)
            Report(request, sequence, port, error, answers);
    }

    /// <summary>An error, or with 0 an acknowledgement: the errno and the request it is about.</summary>
    private static void Report(ReadOnlySpan<byte> request, uint sequence, uint port, int error, Queue<byte[]> answers)
    {
        NetlinkWriter writer = new(sequence, port, 0, Batch, answers);
        writer.Begin(NLMSG_ERROR);
        writer.Int(error);
        writer.Bytes(error == 0 ? request[..HeaderSize] : request);
        writer.End();
        writer.Flush();
    }

    private static int OneLink(NetlinkWriter writer, ReadOnlySpan<byte> question, Network network)
    {
        const int linkSize = 16, indexOffset = 4;
        const ushort nameAttribute = 3;
        if (question.Length < linkSize)
            return -Errno.EINVAL;
        int index = BinaryPrimitives.ReadInt32LittleEndian(question[indexOffset..]);
        string? name = null;
        for (ReadOnlySpan<byte> rest = question[linkSize..]; rest.Length >= 4;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < 4 || length > rest.Length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) == nameAttribute)
                name = Encoding.UTF8.GetString(rest[4..length]).TrimEnd('\0');
            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }
        if (index == 0 && name is null)
            return -Errno.EINVAL;
        HostInterface? link = Array.Find(network.Interfaces(), candidate => index != 0 ? candidate.Index == index : candidate.Name == name);
        if (link is null)
            return -Errno.ENODEV;
        Link(writer, link);
        return 0;
    }

    /// <summary>struct ifinfomsg and IFLA_ attributes.</summary>
    private static void Link(NetlinkWriter writer, HostInterface link)
    {
        const ushort ifla_ADDRESS = 1, ifla_BROADCAST = 2, ifla_IFNAME = 3, ifla_MTU = 4, ifla_TXQLEN = 13, ifla_OPERSTATE = 16;
        const uint running = 0x40;
        writer.Begin(RTM_NEWLINK);
        writer.Bytes([0, 0]);
        writer.Short(link.HardwareType);
        writer.Int(link.Index);
        writer.Int((int)link.Flags);
        writer.Int(0);
        writer.Attribute(ifla_IFNAME, [.. Encoding.UTF8.GetBytes(link.Name), 0]);
        writer.Attribute(ifla_TXQLEN, 1000);
        writer.Attribute(ifla_OPERSTATE, [(byte)((link.Flags & running) != 0 ? 6 : 2)]);
        writer.Attribute(ifla_MTU, link.Mtu);
        if (link.HardwareAddress.Length > 0)
            writer.Attribute(ifla_ADDRESS, link.HardwareAddress);
        if (link.HardwareBroadcast.Length > 0)
            writer.Attribute(ifla_BROADCAST, link.HardwareBroadcast);
        writer.End();
    }

    /// <summary>struct ifaddrmsg and IFA_ attributes of one family's addresses, or of both with AF_UNSPEC.</summary>
    private static void Addresses(NetlinkWriter writer, HostInterface link, int family)
    {
        const ushort ifa_ADDRESS = 1, ifa_LOCAL = 2, ifa_LABEL = 3, ifa_BROADCAST = 4, ifa_FLAGS = 8;
        const int permanent = 0x80;
        const uint pointToPoint = 0x10, hasBroadcast = 2;
        foreach (HostInterfaceAddress address in link.Addresses)
        {
            bool isIpv4 = address.Address.Length == 4;
            int its = isIpv4 ? Abi.Net.Sockets.AF_INET : Abi.Net.Sockets.AF_INET6;
            if (family != 0 && family != its)
                continue;
            writer.Begin(RTM_NEWADDR);
            writer.Bytes([(byte)its, (byte)address.PrefixLength, permanent, ScopeOf(address.Address)]);
            writer.Int(link.Index);
            bool hasOtherEnd = (link.Flags & pointToPoint) != 0 && address.Broadcast.Length > 0;
            writer.Attribute(ifa_ADDRESS, hasOtherEnd ? address.Broadcast : address.Address);
            if (isIpv4)
            {
                writer.Attribute(ifa_LOCAL, address.Address);
                if ((link.Flags & hasBroadcast) != 0 && address.Broadcast.Length > 0)
                    writer.Attribute(ifa_BROADCAST, address.Broadcast);
                writer.Attribute(ifa_LABEL, [.. Encoding.UTF8.GetBytes(link.Name), 0]);
            }
            writer.Attribute(ifa_FLAGS, permanent);
            writer.End();
        }
    }

    /// <summary>RT_SCOPE_HOST of loopback addresses, RT_SCOPE_LINK of link-local ones, else RT_SCOPE_UNIVERSE.</summary>
    private static byte ScopeOf(byte[] address)
    {
        const byte host = 254, link = 253;
        System.Net.IPAddress ip = new(address);
        return System.Net.IPAddress.IsLoopback(ip) ? host : ip.IsIPv6LinkLocal || (address.Length == 4 && address[0] == 169 && address[1] == 254) ? link : (byte)0;
    }
}
