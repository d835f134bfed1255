using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct statx</c> (linux/stat.h): the same on every architecture.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct HostStatx
{
    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint Links;
    public uint UserId;
    public uint GroupId;
    public ushort Mode;
    private readonly ushort _pad;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public HostStatxTime Accessed;
    public HostStatxTime Created;
    public HostStatxTime Changed;
    public HostStatxTime Modified;
    public uint SpecialMajor;
    public uint SpecialMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public ulong MountId;
}
