using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    public int fd;
    public short events;
    public short revents;
}
