using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Host.Linux;

/// <summary>Files of a Linux host: opening and closing. Handles are file descriptors, always close-on-exec.</summary>
/// <remarks>Buffers for paths are not cleared before they are filled: that would be 4 KiB a call.</remarks>
[SkipLocalsInit]
internal sealed unsafe partial class LinuxHostFiles : IHostFiles
{
    private const int Implied = O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_LARGEFILE;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int F_ADD_SEALS = 1033;
    private const int F_GET_SEALS = 1034;

    /// <summary>RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH of openat2(2).</summary>
    private const ulong ResolvePlainBeneath = 0x02 | 0x04 | 0x08;

    private bool _noOpenat2;

    /// <inheritdoc/>
    public int MapGranularity => Environment.SystemPageSize;

    /// <inheritdoc/>
    public int OpenRoot(string hostPath)
    {
        byte* path = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(hostPath, path))
            return -Errno.ENAMETOOLONG;
        return Libc.Result(Libc.openat(Libc.AT_FDCWD, path, HostOpenFlags.ToHost(O_PATH | O_DIRECTORY | O_CLOEXEC), 0));
    }

    /// <inheritdoc/>
    public int Open(int directory, string name, int flags, uint mode)
    {
        byte* path = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(name, path))
            return -Errno.ENAMETOOLONG;
        return Libc.Result(Libc.openat(directory, path, HostOpenFlags.ToHost(flags | Implied), mode));
    }

    /// <inheritdoc/>
    public int OpenBeneath(int directory, string path, int flags, uint mode)
    {
        if (_noOpenat2)
            return -Errno.ENOSYS;
        byte* bytes = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(path, bytes))
            return -Errno.ENAMETOOLONG;

        // openat2 refuses what openat ignores: flags it does not know, flags that O_PATH makes moot, and a mode without a file to make.
        bool makes = (flags & (O_CREAT | O_TMPFILE_BIT)) != 0;
        flags = (flags & Valid) | Implied;
        if ((flags & O_PATH) != 0)
            flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        ulong* how = stackalloc ulong[3];
        how[0] = (uint)HostOpenFlags.ToHost(flags);
        how[1] = makes ? mode & 0xFFF : 0;
        how[2] = ResolvePlainBeneath;
        int result = (int)Libc.syscall(HostCallNumbers.Openat2, directory, (nint)bytes, (nint)how, 24, 0);
        if (result >= 0)
            return result;
        int error = Libc.LastError();
        if (error is -Errno.ENOSYS or -Errno.EPERM)
        {
            // Kernels before 5.6, and sandboxes that refuse calls they do not know with EPERM. A true EPERM shows again on the slow way.
            _noOpenat2 = error == -Errno.ENOSYS;
            return -Errno.ENOSYS;
        }
        return error == -Errno.EAGAIN ? -Errno.ENOSYS : error;
    }

    /// <inheritdoc/>
    public int Reopen(int handle, int flags)
    {
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        return Libc.Result(Libc.openat(Libc.AT_FDCWD, path, HostOpenFlags.ToHost((flags & ~O_NOFOLLOW) | O_NOCTTY | O_CLOEXEC | O_LARGEFILE), 0));
    }

    /// <inheritdoc/>
    public int Duplicate(int handle) => Libc.Result(Libc.fcntl(handle, F_DUPFD_CLOEXEC, 3));

    /// <inheritdoc/>
    public int Close(int handle) => Libc.Result(Libc.close(handle));

    /// <inheritdoc/>
    public string? PathOf(int handle)
    {
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        byte* target = stackalloc byte[NativePath.Size];
        nint length = Libc.readlinkat(Libc.AT_FDCWD, path, target, NativePath.Size);
        return length <= 0 ? null : NativePath.Decode(target, (int)length);
    }

    /// <inheritdoc/>
    public int GetFlags(int handle)
    {
        int flags = Libc.Result(Libc.fcntl(handle, F_GETFL, 0));
        return flags < 0 ? flags : HostOpenFlags.FromHost(flags);
    }

    /// <inheritdoc/>
    public int SetFlags(int handle, int flags) => Libc.Result(Libc.fcntl(handle, F_SETFL, HostOpenFlags.ToHost(flags)));

    /// <inheritdoc/>
    public int Lock(int handle, int operation) => Libc.Result(Libc.flock(handle, operation));

    /// <inheritdoc/>
    public int LockRange(int handle, Flock request) => Libc.Result(Libc.fcntl(handle, FcntlCommands.F_OFD_SETLK, (nint)(&request)));

    /// <inheritdoc/>
    public int QueryLock(int handle, ref Flock request)
    {
        fixed (Flock* p = &request)
            return Libc.Result(Libc.fcntl(handle, FcntlCommands.F_OFD_GETLK, (nint)p));
    }

    /// <inheritdoc/>
    public int CreateWatcher() => Libc.Result(Libc.inotify_init1(O_CLOEXEC | O_NONBLOCK));

    /// <inheritdoc/>
    public int AddWatch(int watcher, int handle, uint mask)
    {
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        return Libc.Result(Libc.inotify_add_watch(watcher, path, mask));
    }

    /// <inheritdoc/>
    public int RemoveWatch(int watcher, int watch) => Libc.Result(Libc.inotify_rm_watch(watcher, watch));

    /// <inheritdoc/>
    public int AddSeals(int handle, int seals) => Libc.Result(Libc.fcntl(handle, F_ADD_SEALS, seals));

    /// <inheritdoc/>
    public int GetSeals(int handle) => Libc.Result(Libc.fcntl(handle, F_GET_SEALS, 0));

    /// <inheritdoc/>
    public int CreateMemoryFile(string name)
    {
        byte* bytes = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(name, bytes))
            return -Errno.EINVAL;
        const int mfdCloseOnExec = 1, mfdAllowSealing = 2;
        return (int)Libc.Result(Libc.syscall(HostCallNumbers.MemfdCreate, (nint)bytes, mfdCloseOnExec | mfdAllowSealing, 0, 0, 0));
    }
}
