using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostVector
{
    public void* Base;
    public nuint Length;
}
