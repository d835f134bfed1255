namespace Faultline.Linux.Abi.Files;

/// <summary>Events of <c>poll(2)</c>; the EPOLL bits of the same names have the same values.</summary>
[Flags]
internal enum PollEvents : uint
{
    None = 0,
    POLLIN = 0x001,
    POLLPRI = 0x002,
    POLLOUT = 0x004,
    POLLERR = 0x008,
    POLLHUP = 0x010,
    POLLNVAL = 0x020,
    POLLRDNORM = 0x040,
    POLLRDBAND = 0x080,
    POLLWRNORM = 0x100,
    POLLWRBAND = 0x200,
    POLLMSG = 0x400,
    POLLRDHUP = 0x2000,

    /// <summary>What a file that never makes its user wait reports (DEFAULT_POLLMASK).</summary>
    AlwaysReady = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM,
}
