using System.Buffers.Binary;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>ioctl(2) on any socket about network interfaces (netdevice(7), net/core/dev_ioctl.c): questions are answered, changes are EPERM.</summary>
internal static class InterfaceCalls
{
    private const uint SIOCGIFNAME = 0x8910;
    private const uint SIOCGIFCONF = 0x8912;
    private const uint SIOCGIFFLAGS = 0x8913;
    private const uint SIOCGIFADDR = 0x8915;
    private const uint SIOCGIFDSTADDR = 0x8917;
    private const uint SIOCGIFBRDADDR = 0x8919;
    private const uint SIOCGIFNETMASK = 0x891B;
    private const uint SIOCGIFMETRIC = 0x891D;
    private const uint SIOCGIFMTU = 0x8921;
    private const uint SIOCGIFHWADDR = 0x8927;
    private const uint SIOCGIFINDEX = 0x8933;
    private const uint SIOCGIFTXQLEN = 0x8942;

    /// <summary>Bytes of <c>struct ifreq</c>: a name and a union.</summary>
    private const int RequestSize = 40;
    private const int NameSize = 16;

    /// <summary>Carries out a request about interfaces.</summary>
    /// <returns>False when it is not one.</returns>
    public static bool TryControl(Task task, uint request, ulong address, out long result)
    {
        result = 0;
        if (request is < SIOCGIFNAME or >= 0x89A0)
            return false;
        if (request == SIOCGIFCONF)
        {
            result = List(task, address);
            return true;
        }
        bool isQuestion = request is SIOCGIFNAME or SIOCGIFFLAGS or SIOCGIFADDR or SIOCGIFDSTADDR or SIOCGIFBRDADDR or SIOCGIFNETMASK or SIOCGIFMETRIC
            or SIOCGIFMTU or SIOCGIFHWADDR or SIOCGIFINDEX or SIOCGIFTXQLEN;
        if (!isQuestion)
        {
            // SIOCSIF requests need a capability; the rest are about hardware that is not there.
            result = request is 0x8914 or 0x8916 or 0x8918 or 0x891A or 0x891C or 0x891E or 0x8922 or 0x8923 or 0x8924 or 0x8943 ? -Errno.EPERM : -Errno.ENOTTY;
            return true;
        }
        Span<byte> bytes = stackalloc byte[RequestSize];
        if (task.Memory.Read(address, bytes) != RequestSize)
        {
            result = -Errno.EFAULT;
            return true;
        }
        bytes[NameSize - 1] = 0;
        result = Answer(task.Kernel.Network.Interfaces(), request, bytes);
        if (result == 0 && task.Memory.Write(address, bytes) != RequestSize)
            result = -Errno.EFAULT;
        return true;
    }

    private static int Answer(HostInterface[] links, uint request, Span<byte> bytes)
    {
        Span<byte> value = bytes[NameSize..];
        if (request == SIOCGIFNAME)
        {
            int index = BinaryPrimitives.ReadInt32LittleEndian(value);
            if (Array.Find(links, candidate => candidate.Index == index) is not { } named)
                return -Errno.ENODEV;
            WriteName(named, bytes);
            return 0;
        }
        string name = Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
        // An alias such as eth0:1 is an address of eth0 here.
        HostInterface? link = Array.Find(links, candidate => candidate.Name == name) ?? Array.Find(links, candidate => candidate.Name == name.Split(':')[0]);
        if (link is null)
            return -Errno.ENODEV;
        switch (request)
        {
            case SIOCGIFFLAGS:
                BinaryPrimitives.WriteUInt16LittleEndian(value, (ushort)link.Flags);
                return 0;
            case SIOCGIFMETRIC:
                BinaryPrimitives.WriteInt32LittleEndian(value, 0);
                return 0;
            case SIOCGIFMTU:
                BinaryPrimitives.WriteInt32LittleEndian(value, link.Mtu);
                return 0;
            case SIOCGIFTXQLEN:
                BinaryPrimitives.WriteInt32LittleEndian(value, 1000);
                return 0;
            case SIOCGIFINDEX:
                BinaryPrimitives.WriteInt32LittleEndian(value, link.Index);
                return 0;
            case SIOCGIFHWADDR:
                value[..16].Clear();
                BinaryPrimitives.WriteUInt16LittleEndian(value, link.HardwareType);
                link.HardwareAddress.CopyTo(value[2..]);
                return 0;
            default:
                return AnswerAddress(link, request, value);
        }
    }

    private static int AnswerAddress(HostInterface link, uint request, Span<byte> value)
    {
        if (link.Addresses.Find(candidate => candidate.Address.Length == 4) is not { } address)
            return -Errno.EADDRNOTAVAIL;
        uint mask = address.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - address.PrefixLength);
        Span<byte> ip = stackalloc byte[4];
        switch (request)
        {
            case SIOCGIFNETMASK:
                BinaryPrimitives.WriteUInt32BigEndian(ip, mask);
                break;
            case SIOCGIFBRDADDR:
                address.Broadcast.CopyTo(ip);
                break;
            default:
                address.Address.CopyTo(ip);
                break;
        }
        WriteAddress(value, ip);
        return 0;
    }

    /// <summary>SIOCGIFCONF: a list of interfaces with an IPv4 address; a null buffer asks for the size.</summary>
    private static int List(Task task, ulong address)
    {
        if (!task.Memory.TryRead(address, out int room) || !task.Memory.TryRead(address + sizeof(ulong), out ulong buffer))
            return -Errno.EFAULT;
        if (room < 0)
            return -Errno.EINVAL;
        int used = 0;
        Span<byte> entry = stackalloc byte[RequestSize];
        foreach (HostInterface link in task.Kernel.Network.Interfaces())
        {
            foreach (HostInterfaceAddress candidate in link.Addresses)
            {
                if (candidate.Address.Length != 4)
                    continue;
                if (buffer != 0)
                {
                    if (room - used < RequestSize)
                        break;
                    entry.Clear();
                    WriteName(link, entry);
                    WriteAddress(entry[NameSize..], candidate.Address);
                    if (task.Memory.Write(buffer + (ulong)used, entry) != RequestSize)
                        return -Errno.EFAULT;
                }
                used += RequestSize;
            }
        }
        return task.Memory.TryWrite(address, used) ? 0 : -Errno.EFAULT;
    }

    private static void WriteName(HostInterface link, Span<byte> bytes)
    {
        bytes[..NameSize].Clear();
        byte[] name = Encoding.UTF8.GetBytes(link.Name);
        name.AsSpan(0, Math.Min(name.Length, NameSize - 1)).CopyTo(bytes);
    }

    private static void WriteAddress(Span<byte> value, ReadOnlySpan<byte> ip)
    {
        value[..16].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(value, Abi.Net.Sockets.AF_INET);
        ip.CopyTo(value[4..]);
    }
}
