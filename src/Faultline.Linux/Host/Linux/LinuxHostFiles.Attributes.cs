using Faultline.Linux.Abi;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.AtFlags;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Host.Linux;

// Permissions, owners, times and extended attributes. Calls that have no form that leaves symbolic links alone go through an O_PATH
// handle and the host's /proc/self/fd, whose link leads to the object itself.
internal sealed unsafe partial class LinuxHostFiles
{
    /// <inheritdoc/>
    public int Access(int directory, string name, int mode, bool effective)
    {
        byte* path = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(name, path))
            return -Errno.ENAMETOOLONG;
        int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | (effective ? AT_EACCESS : 0);
        nint result = Libc.syscall(HostCallNumbers.Faccessat2, directory, (nint)path, mode, flags, 0);
        if (result >= 0)
            return 0;
        int error = Libc.LastError();
        return error is -Errno.ENOSYS or -Errno.EPERM ? ThroughHandle(directory, name, &AccessPath, (ulong)mode, 0) : error;
    }

    /// <inheritdoc/>
    public int ChangeMode(int directory, string name, uint mode)
    {
        byte* path = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(name, path))
            return -Errno.ENAMETOOLONG;
        return ThroughHandle(directory, name, &ChangeModePath, mode, 0);
    }

    /// <inheritdoc/>
    public int ChangeOwner(int directory, string name, uint user, uint group)
    {
        byte* path = stackalloc byte[NativePath.Size];
        return NativePath.TryEncode(name, path)
            ? Libc.Result(Libc.fchownat(directory, path, user, group, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
            : -Errno.ENAMETOOLONG;
    }

    /// <inheritdoc/>
    public int SetTimes(int directory, string name, FileTime accessed, FileTime modified)
    {
        byte* path = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(name, path))
            return -Errno.ENAMETOOLONG;
        HostTime* times = stackalloc HostTime[2];
        times[0] = new HostTime { Seconds = accessed.Seconds, Nanoseconds = accessed.Nanoseconds };
        times[1] = new HostTime { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        if (name.Length > 0)
            return Libc.Result(Libc.utimensat(directory, path, times, AT_SYMLINK_NOFOLLOW));
        NativePath.WriteHandlePath(directory, path);
        return Libc.Result(Libc.utimensat(Libc.AT_FDCWD, path, times, 0));
    }

    /// <inheritdoc/>
    public int GetAttribute(int directory, string name, string attribute, Span<byte> buffer)
    {
        byte* key = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(attribute, key))
            return -Errno.ERANGE;
        int handle = PathHandle(directory, name, out int error);
        if (error < 0)
            return error;
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        nint result;
        fixed (byte* p = buffer)
            result = Libc.getxattr(path, key, p, (nuint)buffer.Length);
        return Finish(result, handle, directory);
    }

    /// <inheritdoc/>
    public int ListAttributes(int directory, string name, Span<byte> buffer)
    {
        int handle = PathHandle(directory, name, out int error);
        if (error < 0)
            return error;
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        nint result;
        fixed (byte* p = buffer)
            result = Libc.listxattr(path, p, (nuint)buffer.Length);
        return Finish(result, handle, directory);
    }

    /// <inheritdoc/>
    public int SetAttribute(int directory, string name, string attribute, ReadOnlySpan<byte> value, int flags)
    {
        byte* key = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(attribute, key))
            return -Errno.ERANGE;
        int handle = PathHandle(directory, name, out int error);
        if (error < 0)
            return error;
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        int result;
        fixed (byte* p = value)
            result = Libc.setxattr(path, key, p, (nuint)value.Length, flags);
        return Finish(result, handle, directory);
    }

    /// <inheritdoc/>
    public int RemoveAttribute(int directory, string name, string attribute)
    {
        byte* key = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(attribute, key))
            return -Errno.ERANGE;
        int handle = PathHandle(directory, name, out int error);
        if (error < 0)
            return error;
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        return Finish(Libc.removexattr(path, key), handle, directory);
    }

    private static int AccessPath(byte* path, ulong mode, ulong unused) => Libc.faccessat(Libc.AT_FDCWD, path, (int)mode, 0);

    private static int ChangeModePath(byte* path, ulong mode, ulong unused) => Libc.fchmodat(Libc.AT_FDCWD, path, (uint)mode, 0);

    private int ThroughHandle(int directory, string name, delegate*<byte*, ulong, ulong, int> call, ulong first, ulong second)
    {
        int handle = PathHandle(directory, name, out int error);
        if (error < 0)
            return error;
        byte* path = stackalloc byte[64];
        NativePath.WriteHandlePath(handle, path);
        return Finish(call(path, first, second), handle, directory);
    }

    /// <summary>A handle of an entry, or the directory's own when the name is empty.</summary>
    private int PathHandle(int directory, string name, out int error)
    {
        error = 0;
        if (name.Length == 0)
            return directory;
        int handle = Open(directory, name, O_PATH, 0);
        error = Math.Min(handle, 0);
        return handle;
    }

    private static int Finish(nint result, int handle, int directory)
    {
        int value = (int)Libc.Result(result);
        if (handle != directory)
            _ = Libc.close(handle);
        return value;
    }
}
