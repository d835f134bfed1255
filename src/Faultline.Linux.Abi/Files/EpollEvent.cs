using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct epoll_event</c>, packed on x86-64 alone, and the constants of <c>epoll(7)</c>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 12)]
internal struct EpollEvent
{
    public const uint EPOLLEXCLUSIVE = 1u << 28;
    public const uint EPOLLWAKEUP = 1u << 29;
    public const uint EPOLLONESHOT = 1u << 30;
    public const uint EPOLLET = 1u << 31;

    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CTL_MOD = 3;

    public uint events;
    public ulong data;
}
