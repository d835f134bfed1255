using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary>
/// The host C library's entry points. Structures whose layout differs between architectures are avoided: statx instead of stat, raw system
/// calls where the library's wrapper is too new to rely on.
/// </summary>
/// <remarks>
/// errno is looked at where a call has failed, before anything else is done. To have it kept at every call (SetLastError) is 40 ns a call, as much as a short call takes in the kernel; the
/// runtime leaves errno alone on the way back to managed code either way, since what keeps it runs there too.
/// </remarks>
internal static unsafe partial class Libc
{
    /// <summary>The current directory, for calls that ignore it because the path is absolute.</summary>
    public const int AT_FDCWD = -100;

    [LibraryImport("libc")]
    public static partial int openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    public static partial int close(int handle);

    [LibraryImport("libc")]
    public static partial nint read(int handle, void* buffer, nuint length);

    [LibraryImport("libc")]
    public static partial nint write(int handle, void* buffer, nuint length);

    [LibraryImport("libc")]
    public static partial nint pread(int handle, void* buffer, nuint length, long offset);

    [LibraryImport("libc")]
    public static partial nint pwrite(int handle, void* buffer, nuint length, long offset);

    [LibraryImport("libc")]
    public static partial long lseek(int handle, long offset, int whence);

    [LibraryImport("libc")]
    public static partial nint readlinkat(int directory, byte* path, byte* buffer, nuint length);

    [LibraryImport("libc")]
    public static partial byte* getcwd(byte* buffer, nuint size);

    [LibraryImport("libc")]
    public static partial int ftruncate(int handle, long length);

    [LibraryImport("libc")]
    public static partial int fallocate(int handle, int mode, long offset, long length);

    [LibraryImport("libc")]
    public static partial int fsync(int handle);

    [LibraryImport("libc")]
    public static partial int fdatasync(int handle);

    [LibraryImport("libc")]
    public static partial void sync();

    [LibraryImport("libc")]
    public static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport("libc")]
    public static partial int mknodat(int directory, byte* path, uint mode, ulong device);

    [LibraryImport("libc")]
    public static partial int symlinkat(byte* target, int directory, byte* path);

    [LibraryImport("libc")]
    public static partial int linkat(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath, int flags);

    [LibraryImport("libc")]
    public static partial int unlinkat(int directory, byte* path, int flags);

    [LibraryImport("libc")]
    public static partial int fchmodat(int directory, byte* path, uint mode, int flags);

    [LibraryImport("libc")]
    public static partial int fchmod(int handle, uint mode);

    [LibraryImport("libc")]
    public static partial int fchownat(int directory, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc")]
    public static partial int utimensat(int directory, byte* path, HostTime* times, int flags);

    [LibraryImport("libc")]
    public static partial int faccessat(int directory, byte* path, int mode, int flags);

    [LibraryImport("libc")]
    public static partial nint getxattr(byte* path, byte* name, void* value, nuint size);

    [LibraryImport("libc")]
    public static partial nint listxattr(byte* path, byte* list, nuint size);

    [LibraryImport("libc")]
    public static partial int setxattr(byte* path, byte* name, void* value, nuint size, int flags);

    [LibraryImport("libc")]
    public static partial int removexattr(byte* path, byte* name);

    [LibraryImport("libc")]
    public static partial int fcntl(int handle, int command, nint argument);

    [LibraryImport("libc")]
    public static partial int inotify_init1(int flags);

    [LibraryImport("libc")]
    public static partial int inotify_add_watch(int handle, byte* path, uint mask);

    [LibraryImport("libc")]
    public static partial int inotify_rm_watch(int handle, int watch);

    [LibraryImport("libc")]
    public static partial int flock(int handle, int operation);

    [LibraryImport("libc")]
    public static partial int ioctl(int handle, nuint request, void* argument);

    [LibraryImport("libc")]
    public static partial void* mmap(void* address, nuint length, int protection, int flags, int handle, long offset);

    [LibraryImport("libc")]
    public static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    public static partial int ppoll(HostPollItem* items, nuint count, HostTime* timeout, void* mask);

    [LibraryImport("libc")]
    public static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    public static partial int clock_gettime(int clock, HostTime* time);

    [LibraryImport("libc")]
    public static partial int clock_nanosleep(int clock, int flags, HostTime* request, HostTime* remain);

    [LibraryImport("libc")]
    public static partial nint getrandom(void* buffer, nuint length, uint flags);

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);

    [LibraryImport("libc")]
    public static partial uint getuid();

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc")]
    public static partial uint getgid();

    [LibraryImport("libc")]
    public static partial uint getegid();

    [LibraryImport("libc")]
    public static partial int getgroups(int size, uint* list);

    [LibraryImport("libc")]
    public static partial int getpid();

    [LibraryImport("libc")]
    public static partial int getppid();

    [LibraryImport("libc")]
    public static partial int getpgrp();

    [LibraryImport("libc")]
    public static partial int getsid(int pid);

    [LibraryImport("libc")]
    public static partial int gethostname(byte* name, nuint length);

    [LibraryImport("libc")]
    public static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc")]
    public static partial int getrusage(int who, long* usage);

    [LibraryImport("libc")]
    public static partial int sched_getaffinity(int pid, nuint size, byte* mask);

    /// <summary>A raw system call; every argument fits a register, so the variadic function can be called as if it were not.</summary>
    [LibraryImport("libc")]
    public static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>errno, negative: of the call just before, which has failed.</summary>
    public static int LastError() => -Marshal.GetLastSystemError();

    /// <summary>A call's result, or its negative errno when it is -1. To be asked at once.</summary>
    public static int Result(int value) => value >= 0 ? value : LastError();

    /// <inheritdoc cref="Result(int)"/>
    public static long Result(nint value) => value >= 0 ? value : LastError();
}
