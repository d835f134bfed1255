using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct msghdr</c> of a 64-bit host.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostMessageHeader
{
    public void* Name;
    public uint NameLength;
    public HostVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}
