namespace Faultline.Linux.Abi.Net;

/// <summary>MSG_ flags of <c>send(2)</c> and <c>recv(2)</c> (linux/socket.h).</summary>
internal static class MessageFlags
{
    public const int MSG_OOB = 1;
    public const int MSG_PEEK = 2;
    public const int MSG_DONTROUTE = 4;
    public const int MSG_CTRUNC = 8;
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_EOR = 0x80;
    public const int MSG_WAITALL = 0x100;
    public const int MSG_CONFIRM = 0x800;
    public const int MSG_ERRQUEUE = 0x2000;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_MORE = 0x8000;
    public const int MSG_WAITFORONE = 0x10000;
    public const int MSG_ZEROCOPY = 0x4000000;
    public const int MSG_FASTOPEN = 0x20000000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>32-bit caller, the kernel's own; ignored from a program.</summary>
    public const int MSG_CMSG_COMPAT = unchecked((int)0x80000000);
}
