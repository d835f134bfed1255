using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>open(2) and close(2) with their kin (fs/open.c).</summary>
internal static class Opening
{
    private const int CLOSE_RANGE_UNSHARE = 2;
    private const int CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>Bytes of <c>struct open_how</c> in its first version, and the only one.</summary>
    private const int OpenHowSize = 24;

    /// <summary>int open(const char *pathname, int flags, mode_t mode)</summary>
    public static long Open(Task task, in SyscallArguments a) => OpenAt(task, AtFlags.AT_FDCWD, a.A0, a.Int1, (uint)a.Int2);

    /// <summary>int creat(const char *pathname, mode_t mode)</summary>
    public static long Creat(Task task, in SyscallArguments a) =>
        OpenAt(task, AtFlags.AT_FDCWD, a.A0, O_CREAT | O_WRONLY | O_TRUNC, (uint)a.Int1);

    /// <summary>int openat(int dirfd, const char *pathname, int flags, mode_t mode)</summary>
    public static long Openat(Task task, in SyscallArguments a) => OpenAt(task, a.Int0, a.A1, a.Int2, (uint)a.Int3);

    /// <summary>int openat2(int dirfd, const char *pathname, const struct open_how *how, size_t size)</summary>
    public static long Openat2(Task task, in SyscallArguments a)
    {
        if (a.A3 < OpenHowSize)
            return -Errno.EINVAL;
        if (a.A3 > 4096)
            return -Errno.E2BIG;
        Span<byte> bytes = stackalloc byte[(int)a.A3];
        if (task.Memory.Read(a.A2, bytes) != bytes.Length)
            return -Errno.EFAULT;
        // A longer structure is from a newer program: fine as long as what this kernel does not know is zero.
        if (bytes[OpenHowSize..].ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        ReadOnlySpan<ulong> how = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes[..OpenHowSize]);
        (ulong flags, ulong mode, ulong resolve) = (how[0], how[1], how[2]);
        if ((flags & ~(ulong)(uint)Valid) != 0 || resolve > 0x3F || (mode & ~(ulong)ModeBits.S_IALLUGO) != 0)
            return -Errno.EINVAL;
        bool makes = (flags & (O_CREAT | O_TMPFILE_BIT)) != 0;
        if (mode != 0 && !makes)
            return -Errno.EINVAL;
        if ((flags & O_PATH) != 0 && (flags & ~(ulong)(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) != 0)
            return -Errno.EINVAL;
        ResolveFlags limits = (ResolveFlags)resolve;
        if ((limits & (ResolveFlags.Beneath | ResolveFlags.InRoot)) == (ResolveFlags.Beneath | ResolveFlags.InRoot))
            return -Errno.EINVAL;
        if ((limits & ResolveFlags.Cached) != 0)
        {
            // Nothing is cached: the caller tries again without the flag, as it must be ready to.
            return (flags & (O_TRUNC | O_CREAT | O_TMPFILE_BIT)) != 0 ? -Errno.EINVAL : -Errno.EAGAIN;
        }
        return OpenAt(task, a.Int0, a.A1, (int)flags, (uint)mode, limits);
    }

    /// <summary>int close(int fd)</summary>
    public static long Close(Task task, in SyscallArguments a) => task.Process.Files.Close(a.Int0);

    /// <summary>int close_range(unsigned int first, unsigned int last, int flags)</summary>
    public static long CloseRange(Task task, in SyscallArguments a)
    {
        int flags = a.Int2;
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || (uint)a.A0 > (uint)a.A1)
            return -Errno.EINVAL;
        // CLOSE_RANGE_UNSHARE concerns threads that share descriptors with another process; none do.
        task.Process.Files.CloseRange((uint)a.A0, (uint)a.A1, (flags & CLOSE_RANGE_CLOEXEC) != 0);
        return 0;
    }

    /// <summary>mode_t umask(mode_t mask)</summary>
    public static long Umask(Task task, in SyscallArguments a)
    {
        FsContext context = task.Process.FileSystem;
        uint old = context.Umask;
        context.Umask = (uint)a.A0 & 0x1FF;
        return old;
    }

    private static long OpenAt(Task task, int directory, ulong address, int flags, uint mode, ResolveFlags resolve = ResolveFlags.None)
    {
        int result = PathArgument.Get(task, directory, address, out PathArgument path);
        if (result < 0)
            return result;
        OpenFile? file;
        using (path)
            result = path.Vfs.Open(path.Context, path.Start, path.Path, flags, mode, out file, resolve);
        if (result == 0)
            result = file!.FinishOpen(task);
        if (result == 0)
            return task.Process.Files.Add(file!, (flags & O_CLOEXEC) != 0);
        file?.Release();
        return result;
    }
}
