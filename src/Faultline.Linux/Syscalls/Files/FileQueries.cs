using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>name_to_handle_at(2), cachestat(2), file_getattr(2) and file_setattr(2) (fs/fhandle.c, mm/filemap.c, fs/file_attr.c).</summary>
internal static class FileQueries
{
    private const int AT_HANDLE_FID = 0x200;

    /// <summary>Longest handle (MAX_HANDLE_SZ), and the length of those made here: inode and device.</summary>
    private const uint LongestHandle = 128;
    private const uint HandleSize = 16;

    /// <summary>Where the bytes of a struct file_handle start, after its length and type.</summary>
    private const ulong HandleBytes = 8;

    /// <summary>FILEID_INO64_GEN.</summary>
    private const int HandleType = 0x81;

    /// <summary>Bytes of struct cachestat.</summary>
    private const int CachestatSize = 40;

    /// <summary>Bytes of struct file_attr.</summary>
    private const int FileAttributeSize = 24;

    /// <summary>STATX_ATTR_ bits with the FS_XFLAG_ bits that say the same.</summary>
    private static readonly (ulong Attribute, ulong Flag)[] _flags = [(0x10, 0x08), (0x20, 0x10), (0x40, 0x80), (0x200000, 0x8000)];

    /// <summary>int name_to_handle_at(int dirfd, const char *path, struct file_handle *handle, int *mount_id, int flags)</summary>
    public static long NameToHandleAt(Task task, in SyscallArguments a)
    {
        int flags = a.Int4;
        if ((flags & ~(AtFlags.AT_SYMLINK_FOLLOW | AtFlags.AT_EMPTY_PATH | AT_HANDLE_FID)) != 0)
            return -Errno.EINVAL;
        int result = FindStatus(task, a.Int0, a.A1, (flags & AtFlags.AT_SYMLINK_FOLLOW) != 0, (flags & AtFlags.AT_EMPTY_PATH) != 0, out FileStatus status);
        if (result < 0)
            return result;
        if (!task.Memory.TryRead(a.A2, out uint room))
            return -Errno.EFAULT;
        if (room > LongestHandle)
            return -Errno.EINVAL;
        if (!task.Memory.TryWrite(a.A3, (int)status.MountId))
            return -Errno.EFAULT;
        bool fits = room >= HandleSize;
        Span<byte> handle = stackalloc byte[(int)(HandleBytes + HandleSize)];
        BinaryPrimitives.WriteUInt32LittleEndian(handle, HandleSize);
        BinaryPrimitives.WriteInt32LittleEndian(handle[4..], HandleType);
        BinaryPrimitives.WriteUInt64LittleEndian(handle[8..], status.Inode);
        BinaryPrimitives.WriteUInt64LittleEndian(handle[16..], FileStatus.EncodeDevice(status.DeviceMajor, status.DeviceMinor));
        int length = fits ? handle.Length : (int)HandleBytes;
        if (task.Memory.Write(a.A2, handle[..length]) != length)
            return -Errno.EFAULT;
        return fits ? 0 : -Errno.EOVERFLOW;
    }

    /// <summary>int cachestat(unsigned int fd, struct cachestat_range *range, struct cachestat *stat, unsigned int flags): all pages of a file count as cached.</summary>
    public static long Cachestat(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (!task.Memory.TryRead(a.A1, out ulong offset) || !task.Memory.TryRead(a.A1 + 8, out ulong length))
            return -Errno.EFAULT;
        if ((uint)a.A3 != 0)
            return -Errno.EINVAL;
        ulong pages = 0;
        if (use.File.Stat(out FileStatus status) == 0 && status.IsRegular)
        {
            ulong end = length == 0 || offset + length < offset ? ulong.MaxValue : offset + length;
            ulong last = Math.Min(GuestPage.Ceiling((ulong)status.Size), end > ulong.MaxValue - GuestPage.Size ? ulong.MaxValue - GuestPage.Size : GuestPage.Ceiling(end));
            ulong first = offset & ~(GuestPage.Size - 1UL);
            pages = last > first ? (last - first) / GuestPage.Size : 0;
        }
        Span<byte> answer = stackalloc byte[CachestatSize];
        answer.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(answer, pages);
        return task.Memory.Write(a.A2, answer) == answer.Length ? 0 : -Errno.EFAULT;
    }

    /// <summary>int file_getattr(int dirfd, const char *path, struct file_attr *attr, size_t size, unsigned int at_flags)</summary>
    public static long FileGetattr(Task task, in SyscallArguments a)
    {
        int error = CheckAttributeCall(a);
        if (error == 0)
            error = FindStatus(task, a.Int0, a.A1, (a.Int4 & AtFlags.AT_SYMLINK_NOFOLLOW) == 0, (a.Int4 & AtFlags.AT_EMPTY_PATH) != 0, out FileStatus status) is < 0 and int bad
                ? bad : WriteAttribute(task, a, status);
        return error;
    }

    /// <summary>int file_setattr(int dirfd, const char *path, const struct file_attr *attr, size_t size, unsigned int at_flags): what is set already may be set.</summary>
    public static long FileSetattr(Task task, in SyscallArguments a)
    {
        int error = CheckAttributeCall(a);
        if (error < 0)
            return error;
        byte[] bytes = new byte[a.A3];
        if (task.Memory.Read(a.A2, bytes) != bytes.Length)
            return -Errno.EFAULT;
        if (bytes.AsSpan(FileAttributeSize).ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        error = FindStatus(task, a.Int0, a.A1, (a.Int4 & AtFlags.AT_SYMLINK_NOFOLLOW) == 0, (a.Int4 & AtFlags.AT_EMPTY_PATH) != 0, out FileStatus status);
        if (error < 0)
            return error;
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Flags(status) && !bytes.AsSpan(8, FileAttributeSize - 8).ContainsAnyExcept((byte)0) ? 0 : -Errno.EOPNOTSUPP;
    }

    private static int CheckAttributeCall(in SyscallArguments a)
    {
        if ((a.Int4 & ~(AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_EMPTY_PATH)) != 0)
            return -Errno.EINVAL;
        return a.A3 > 4096 ? -Errno.E2BIG : a.A3 < FileAttributeSize ? -Errno.EINVAL : 0;
    }

    private static int WriteAttribute(Task task, in SyscallArguments a, in FileStatus status)
    {
        if (status.AttributesMask == 0)
            return -Errno.EOPNOTSUPP;
        byte[] bytes = new byte[a.A3];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Flags(status));
        return task.Memory.Write(a.A2, bytes) == bytes.Length ? 0 : -Errno.EFAULT;
    }

    private static ulong Flags(in FileStatus status)
    {
        ulong flags = 0;
        foreach ((ulong attribute, ulong flag) in _flags)
            flags |= (status.Attributes & attribute) != 0 ? flag : 0;
        return flags;
    }

    private static int FindStatus(Task task, int directory, ulong address, bool follow, bool allowEmpty, out FileStatus status)
    {
        status = default;
        int result = PathArgument.Get(task, directory, address, out PathArgument path, allowEmpty);
        if (result < 0)
            return result;
        using (path)
            return path.File is { } file ? file.Stat(out status) : path.Vfs.Stat(path.Context, path.Start, path.Path, follow, out status);
    }
}
