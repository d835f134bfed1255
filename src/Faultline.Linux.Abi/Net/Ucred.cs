using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Net;

/// <summary><c>struct ucred</c>: who is at the other end of a local socket.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Ucred
{
    public int pid;
    public uint uid;
    public uint gid;
}
