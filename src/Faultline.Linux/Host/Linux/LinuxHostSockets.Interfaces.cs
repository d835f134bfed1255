using System.Numerics;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi.Net;

namespace Faultline.Linux.Host.Linux;

// What getifaddrs(3) tells: an AF_PACKET entry for each interface, and one for each of its addresses.
internal sealed unsafe partial class LinuxHostSockets
{
    private const uint SIOCGIFMTU = 0x8921;
    private const int NameMax = 16;

    /// <inheritdoc/>
    public HostInterface[] Interfaces()
    {
        byte* list;
        if (Libc.getifaddrs(&list) < 0)
            return [];
        int socket = Libc.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Always, 0);
        SortedList<int, HostInterface> found = [];
        for (HostInterfaceEntry* entry = (HostInterfaceEntry*)list; entry is not null; entry = entry->Next)
        {
            int index = (int)Libc.if_nametoindex(entry->Name);
            if (index == 0)
                continue;
            int family = entry->Address is null ? 0 : *(ushort*)entry->Address;
            // An interface is named by its link first; without one (a kernel without packet sockets) by its first address.
            if (!found.TryGetValue(index, out HostInterface? known))
                found.Add(index, known = Describe(*entry, index, family, socket));
            if (family is Sockets.AF_INET or Sockets.AF_INET6)
                known.Addresses.Add(AddressOf(*entry, family));
        }
        if (socket >= 0)
            _ = Libc.close(socket);
        Libc.freeifaddrs(list);
        return [.. found.Values];
    }

    private static HostInterface Describe(in HostInterfaceEntry entry, int index, int family, int socket)
    {
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry.Name)[..].CopyTo(new Span<byte>(request, NameMax));
        int mtu = socket >= 0 && Libc.ioctl(socket, SIOCGIFMTU, request) == 0 ? *(int*)(request + NameMax) : 0;
        const int typeOffset = 8, lengthOffset = 11, addressOffset = 12;
        bool hasLink = family == Sockets.AF_PACKET;
        int length = hasLink ? Math.Min((int)entry.Address[lengthOffset], 8) : 0;
        return new HostInterface
        {
            Index = index,
            Name = Marshal.PtrToStringUTF8((nint)entry.Name) ?? "",
            Flags = entry.Flags,
            Mtu = mtu,
            HardwareType = hasLink ? *(ushort*)(entry.Address + typeOffset) : (ushort)0,
            HardwareAddress = hasLink ? new ReadOnlySpan<byte>(entry.Address + addressOffset, length).ToArray() : [],
            HardwareBroadcast = hasLink && entry.Broadcast is not null ? new ReadOnlySpan<byte>(entry.Broadcast + addressOffset, length).ToArray() : [],
        };
    }

    private static HostInterfaceAddress AddressOf(in HostInterfaceEntry entry, int family)
    {
        int offset = family == Sockets.AF_INET ? 4 : 8, length = family == Sockets.AF_INET ? 4 : 16;
        int prefix = 0;
        for (int i = 0; entry.Mask is not null && i < length; i++)
            prefix += BitOperations.PopCount(entry.Mask[offset + i]);
        byte[] broadcast = family == Sockets.AF_INET && entry.Broadcast is not null ? new ReadOnlySpan<byte>(entry.Broadcast + offset, length).ToArray() : [];
        return new HostInterfaceAddress(new ReadOnlySpan<byte>(entry.Address + offset, length).ToArray(), prefix, broadcast);
    }
}
