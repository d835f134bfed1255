using System.Buffers;
using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>getdents(2), getcwd(2), chdir(2) and chroot(2) (fs/readdir.c, fs/open.c).</summary>
internal static class Directories
{
    /// <summary>Most bytes of entries in one call, whatever the guest's buffer holds: programs ask for 32 KiB.</summary>
    private const int MaxBuffer = 64 * 1024;

    /// <summary>Bytes before the name in <c>linux_dirent64</c>: d_ino, d_off, d_reclen, d_type.</summary>
    private const int NameOffset64 = 19;

    /// <summary>Bytes before the name in <c>linux_dirent</c>; its type is the record's last byte.</summary>
    private const int NameOffset = 18;

    /// <summary>ssize_t getdents64(int fd, void *dirp, size_t count)</summary>
    public static long Getdents64(Task task, in SyscallArguments a) => Read(task, a, old: false);

    /// <summary>long getdents(unsigned int fd, struct linux_dirent *dirp, unsigned int count)</summary>
    public static long Getdents(Task task, in SyscallArguments a) => Read(task, a, old: true);

    /// <summary>int getcwd(char *buf, unsigned long size): the length with its NUL.</summary>
    public static long Getcwd(Task task, in SyscallArguments a)
    {
        FsContext context = task.Process.FileSystem;
        if (context.Vfs.PathOf(context, context.Current) is not { } path)
            return -Errno.ENOENT;
        if (path.Length + 1 > PathWalk.PathMax)
            return -Errno.ENAMETOOLONG;
        if ((ulong)path.Length + 1 > a.A1)
            return -Errno.ERANGE;
        Span<byte> bytes = stackalloc byte[PathWalk.PathMax];
        int length = KernelText.Write(path, bytes);
        bytes[length++] = 0;
        return task.Memory.Write(a.A0, bytes[..length]) == length ? length : -Errno.EFAULT;
    }

    /// <summary>int chdir(const char *path)</summary>
    public static long Chdir(Task task, in SyscallArguments a)
    {
        int result = Find(task, a.A0, out DirectoryNode? directory);
        if (result == 0)
            task.Process.FileSystem.SetCurrent(directory!);
        return result;
    }

    /// <summary>int fchdir(int fd)</summary>
    public static long Fchdir(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsClosed)
            return -Errno.EBADF;
        if (use.File.Directory is not { } directory)
            return -Errno.ENOTDIR;
        int result = use.File.Access(AtFlags.X_OK, effective: true);
        if (result < 0)
            return result;
        directory.AddReference();
        task.Process.FileSystem.SetCurrent(directory);
        return 0;
    }

    /// <summary>int chroot(const char *path): for root only, as without CAP_SYS_CHROOT.</summary>
    public static long Chroot(Task task, in SyscallArguments a)
    {
        int result = Find(task, a.A0, out DirectoryNode? directory);
        if (result < 0)
            return result;
        if (task.Host.Identity.EffectiveUserId != 0)
        {
            directory!.Release();
            return -Errno.EPERM;
        }
        task.Process.FileSystem.SetRoot(directory!);
        return 0;
    }

    private static int Find(Task task, ulong address, out DirectoryNode? directory)
    {
        directory = null;
        int result = PathArgument.Get(task, AtFlags.AT_FDCWD, address, out PathArgument path);
        if (result < 0)
            return result;
        using (path)
            return path.Vfs.FindDirectory(path.Context, path.Start, path.Path, out directory);
    }

    private static long Read(Task task, in SyscallArguments a, bool old)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File.Directory is null)
            return -Errno.ENOTDIR;
        int size = (int)Math.Min((uint)a.A2, MaxBuffer);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(size, 1));
        try
        {
            long position = use.File.Seek(0, FcntlCommands.SEEK_CUR);
            int length = use.File.ReadDirectory(buffer.AsSpan(0, size));
            if (length <= 0)
                return length;
            Span<byte> records = buffer.AsSpan(0, length);
            if (old)
                ToOldLayout(records);
            if (task.Memory.Write(a.A1, records) == length)
                return length;
            // The entries were not delivered: the next call gives them again.
            _ = use.File.Seek(position, FcntlCommands.SEEK_SET);
            return -Errno.EFAULT;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The old records are as long as the new ones: the type moves from before the name to the last byte.</summary>
    private static void ToOldLayout(Span<byte> records)
    {
        while (!records.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[16..]);
            Span<byte> record = records[..length];
            byte type = record[NameOffset];
            record[NameOffset64..].CopyTo(record[NameOffset..]);
            record[^1] = type;
            records = records[length..];
        }
    }
}
