using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

// Sockets.
internal static unsafe partial class Libc
{
    [LibraryImport("libc")]
    public static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    public static partial int bind(int handle, byte* address, uint length);

    [LibraryImport("libc")]
    public static partial int connect(int handle, byte* address, uint length);

    [LibraryImport("libc")]
    public static partial int listen(int handle, int backlog);

    [LibraryImport("libc")]
    public static partial int accept4(int handle, byte* address, uint* length, int flags);

    [LibraryImport("libc")]
    public static partial int shutdown(int handle, int how);

    [LibraryImport("libc")]
    public static partial int getsockname(int handle, byte* address, uint* length);

    [LibraryImport("libc")]
    public static partial int getpeername(int handle, byte* address, uint* length);

    [LibraryImport("libc")]
    public static partial nint sendmsg(int handle, HostMessageHeader* message, int flags);

    [LibraryImport("libc")]
    public static partial nint recvmsg(int handle, HostMessageHeader* message, int flags);

    [LibraryImport("libc")]
    public static partial int setsockopt(int handle, int level, int name, byte* value, uint length);

    [LibraryImport("libc")]
    public static partial int getsockopt(int handle, int level, int name, byte* value, uint* length);

    [LibraryImport("libc")]
    public static partial int getifaddrs(byte** list);

    [LibraryImport("libc")]
    public static partial void freeifaddrs(byte* list);

    [LibraryImport("libc")]
    public static partial uint if_nametoindex(byte* name);

    [LibraryImport("libc")]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    public static partial int epoll_ctl(int handle, int operation, int target, byte* value);

    [LibraryImport("libc")]
    public static partial int epoll_wait(int handle, byte* events, int count, int timeout);
}
