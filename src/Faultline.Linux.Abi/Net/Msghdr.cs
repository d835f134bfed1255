using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Net;

/// <summary><c>struct user_msghdr</c>, 56 bytes: what sendmsg(2) and recvmsg(2) take.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Msghdr
{
    public ulong msg_name;
    public int msg_namelen;
    private readonly int _padding0;
    public ulong msg_iov;
    public ulong msg_iovlen;
    public ulong msg_control;
    public ulong msg_controllen;
    public uint msg_flags;
    private readonly int _padding1;
}
