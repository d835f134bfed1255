using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>The getxattr, setxattr, listxattr and removexattr families (fs/xattr.c).</summary>
internal static class ExtendedAttributes
{
    private const int XATTR_NAME_MAX = 255;
    private const int XATTR_SIZE_MAX = 65536;
    private const int XATTR_CREATE_OR_REPLACE = 3;

    /// <summary>ssize_t getxattr(const char *path, const char *name, void *value, size_t size)</summary>
    public static long Getxattr(Task task, in SyscallArguments a) => Get(task, a, byPath: true, follow: true);

    /// <summary>ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)</summary>
    public static long Lgetxattr(Task task, in SyscallArguments a) => Get(task, a, byPath: true, follow: false);

    /// <summary>ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)</summary>
    public static long Fgetxattr(Task task, in SyscallArguments a) => Get(task, a, byPath: false, follow: false);

    /// <summary>ssize_t listxattr(const char *path, char *list, size_t size)</summary>
    public static long Listxattr(Task task, in SyscallArguments a) => List(task, a, byPath: true, follow: true);

    /// <summary>ssize_t llistxattr(const char *path, char *list, size_t size)</summary>
    public static long Llistxattr(Task task, in SyscallArguments a) => List(task, a, byPath: true, follow: false);

    /// <summary>ssize_t flistxattr(int fd, char *list, size_t size)</summary>
    public static long Flistxattr(Task task, in SyscallArguments a) => List(task, a, byPath: false, follow: false);

    /// <summary>int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)</summary>
    public static long Setxattr(Task task, in SyscallArguments a) => Set(task, a, byPath: true, follow: true);

    /// <summary>int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)</summary>
    public static long Lsetxattr(Task task, in SyscallArguments a) => Set(task, a, byPath: true, follow: false);

    /// <summary>int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)</summary>
    public static long Fsetxattr(Task task, in SyscallArguments a) => Set(task, a, byPath: false, follow: false);

    /// <summary>int removexattr(const char *path, const char *name)</summary>
    public static long Removexattr(Task task, in SyscallArguments a) => Remove(task, a, byPath: true, follow: true);

    /// <summary>int lremovexattr(const char *path, const char *name)</summary>
    public static long Lremovexattr(Task task, in SyscallArguments a) => Remove(task, a, byPath: true, follow: false);

    /// <summary>int fremovexattr(int fd, const char *name)</summary>
    public static long Fremovexattr(Task task, in SyscallArguments a) => Remove(task, a, byPath: false, follow: false);

    /// <summary>int setxattrat(int dirfd, const char *path, unsigned int at_flags, const char *name, const struct xattr_args *args, size_t size)</summary>
    public static long Setxattrat(Task task, in SyscallArguments a)
    {
        int error = ReadArguments(task, a, out ulong value, out uint size, out int flags);
        if (error < 0)
            return error;
        if ((flags & ~XATTR_CREATE_OR_REPLACE) != 0)
            return -Errno.EINVAL;
        if (size > XATTR_SIZE_MAX)
            return -Errno.E2BIG;
        error = ReadName(task, a.A3, out string name);
        if (error < 0)
            return error;
        byte[] bytes = new byte[size];
        if (task.Memory.Read(value, bytes) != bytes.Length)
            return -Errno.EFAULT;
        return WithAt(task, a, attributes => attributes.Set(name, bytes, flags));
    }

    /// <summary>ssize_t getxattrat(int dirfd, const char *path, unsigned int at_flags, const char *name, struct xattr_args *args, size_t size)</summary>
    public static long Getxattrat(Task task, in SyscallArguments a)
    {
        int error = ReadArguments(task, a, out ulong value, out uint size, out int flags);
        if (error < 0)
            return error;
        if (flags != 0)
            return -Errno.EINVAL;
        error = ReadName(task, a.A3, out string name);
        if (error < 0)
            return error;
        byte[] bytes = new byte[Math.Min(size, XATTR_SIZE_MAX)];
        return Deliver(task, WithAt(task, a, attributes => attributes.Get(name, bytes)), value, bytes);
    }

    /// <summary>ssize_t listxattrat(int dirfd, const char *path, unsigned int at_flags, char *list, size_t size)</summary>
    public static long Listxattrat(Task task, in SyscallArguments a)
    {
        byte[] names = new byte[Math.Min(a.A4, XATTR_SIZE_MAX)];
        return Deliver(task, WithAt(task, a, attributes => attributes.List(names)), a.A3, names);
    }

    /// <summary>int removexattrat(int dirfd, const char *path, unsigned int at_flags, const char *name)</summary>
    public static long Removexattrat(Task task, in SyscallArguments a)
    {
        int result = ReadName(task, a.A3, out string name);
        return result < 0 ? result : WithAt(task, a, attributes => attributes.Remove(name));
    }

    /// <summary>struct xattr_args: address of the value, its size, flags.</summary>
    private static int ReadArguments(Task task, in SyscallArguments a, out ulong value, out uint size, out int flags)
    {
        const int known = 16;
        (value, size, flags) = (0, 0, 0);
        if ((a.Int2 & ~(AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_EMPTY_PATH)) != 0 || a.A5 < known)
            return -Errno.EINVAL;
        if (a.A5 > 4096)
            return -Errno.E2BIG;
        Span<byte> bytes = stackalloc byte[(int)a.A5];
        if (task.Memory.Read(a.A4, bytes) != bytes.Length)
            return -Errno.EFAULT;
        if (bytes[known..].ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        flags = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        return 0;
    }

    private static int WithAt(Task task, in SyscallArguments a, Func<IAttributes, int> work)
    {
        if ((a.Int2 & ~(AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, a.Int0, a.A1, out PathArgument path, (a.Int2 & AtFlags.AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        using (path)
        {
            if (path.File is { } file)
                return file.Attributes is { } attributes ? work(attributes) : -Errno.EOPNOTSUPP;
            return path.Vfs.WithAttributes(path.Context, path.Start, path.Path, (a.Int2 & AtFlags.AT_SYMLINK_NOFOLLOW) == 0, work);
        }
    }

    private static long Get(Task task, in SyscallArguments a, bool byPath, bool follow)
    {
        int result = ReadName(task, a.A1, out string name);
        if (result < 0)
            return result;
        byte[] value = new byte[Math.Min(a.A3, XATTR_SIZE_MAX)];
        result = With(task, a.A0, byPath, follow, attributes => attributes.Get(name, value));
        return Deliver(task, result, a.A2, value);
    }

    private static long List(Task task, in SyscallArguments a, bool byPath, bool follow)
    {
        byte[] names = new byte[Math.Min(a.A2, XATTR_SIZE_MAX)];
        int result = With(task, a.A0, byPath, follow, attributes => attributes.List(names));
        return Deliver(task, result, a.A1, names);
    }

    private static long Set(Task task, in SyscallArguments a, bool byPath, bool follow)
    {
        int flags = a.Int4;
        if ((flags & ~XATTR_CREATE_OR_REPLACE) != 0)
            return -Errno.EINVAL;
        int result = ReadName(task, a.A1, out string name);
        if (result < 0)
            return result;
        if (a.A3 > XATTR_SIZE_MAX)
            return -Errno.E2BIG;
        byte[] value = new byte[a.A3];
        if (task.Memory.Read(a.A2, value) != value.Length)
            return -Errno.EFAULT;
        return With(task, a.A0, byPath, follow, attributes => attributes.Set(name, value, flags));
    }

    private static long Remove(Task task, in SyscallArguments a, bool byPath, bool follow)
    {
        int result = ReadName(task, a.A1, out string name);
        return result < 0 ? result : With(task, a.A0, byPath, follow, attributes => attributes.Remove(name));
    }

    private static int ReadName(Task task, ulong address, out string name)
    {
        int result = task.Memory.ReadString(address, XATTR_NAME_MAX + 1, out name);
        return result == -Errno.ENAMETOOLONG || (result == 0 && name.Length == 0) ? -Errno.ERANGE : result;
    }

    private static long Deliver(Task task, int result, ulong address, byte[] bytes)
    {
        if (result <= 0 || bytes.Length == 0)
            return result;
        return task.Memory.Write(address, bytes.AsSpan(0, result)) == result ? result : -Errno.EFAULT;
    }

    private static int With(Task task, ulong target, bool byPath, bool follow, Func<IAttributes, int> work)
    {
        if (!byPath)
        {
            using FileUse use = FileUse.Of(task, (int)target);
            if (use.IsBad)
                return -Errno.EBADF;
            return use.File.Attributes is { } attributes ? work(attributes) : -Errno.EOPNOTSUPP;
        }
        int result = PathArgument.Get(task, AtFlags.AT_FDCWD, target, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.WithAttributes(path.Context, path.Start, path.Path, follow, work);
    }
}
