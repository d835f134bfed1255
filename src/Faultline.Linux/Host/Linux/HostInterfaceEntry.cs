using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct ifaddrs</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostInterfaceEntry
{
    public HostInterfaceEntry* Next;
    public byte* Name;
    public uint Flags;
    public byte* Address;
    public byte* Mask;
    public byte* Broadcast;
    public void* Data;
}
