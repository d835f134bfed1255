using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Proc;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>listmount(2), statmount(2), open_tree(2) without cloning, and ustat(2): asking about mounts (fs/namespace.c, fs/statfs.c).</summary>
internal static class MountQueries
{
    private const ulong LSMT_ROOT = ulong.MaxValue;
    private const ulong LISTMOUNT_REVERSE = 1;

    private const ulong STATMOUNT_SB_BASIC = 1;
    private const ulong STATMOUNT_MNT_BASIC = 2;
    private const ulong STATMOUNT_PROPAGATE_FROM = 4;
    private const ulong STATMOUNT_MNT_ROOT = 8;
    private const ulong STATMOUNT_MNT_POINT = 0x10;
    private const ulong STATMOUNT_FS_TYPE = 0x20;

    /// <summary>Bytes of struct statmount before its strings, and where its fields are (linux/mount.h).</summary>
    private const int StatmountSize = 512;
    private const int MaskAt = 8, DeviceAt = 16, MagicAt = 24, TypeAt = 36, IdAt = 40, ParentAt = 48, OldIdAt = 56, OldParentAt = 60, RootAt = 104, PointAt = 108;

    /// <summary>Most bytes of strings a caller may offer.</summary>
    private const ulong LargestBuffer = int.MaxValue;

    private const uint OPEN_TREE_CLONE = 1;

    /// <summary>ssize_t listmount(const struct mnt_id_req *req, u64 *mnt_ids, size_t nr_mnt_ids, unsigned int flags)</summary>
    public static long Listmount(Task task, in SyscallArguments a)
    {
        if ((a.A3 & ~LISTMOUNT_REVERSE) != 0 || (uint)a.A3 != a.A3)
            return -Errno.EINVAL;
        if (a.A2 > 1_000_000)
            return -Errno.EOVERFLOW;
        if (!Transfer.IsUserRange(a.A1, a.A2 * 8))
            return -Errno.EFAULT;
        int error = ReadRequest(task, a.A0, out ulong id, out ulong after);
        if (error < 0)
            return error;
        List<(ulong Number, ulong Parent, FileSystem FileSystem)> mounts = MountText.Numbered(task.Process.FileSystem.Vfs);
        if (id != LSMT_ROOT && !mounts.Exists(mount => mount.Number == id))
            return -Errno.ENOENT;
        ulong root = mounts[0].Number;
        bool backwards = a.A3 != 0;
        if (backwards)
            mounts.Reverse();
        ulong count = 0;
        foreach ((ulong number, _, FileSystem fileSystem) in mounts)
        {
            bool isListed = id is LSMT_ROOT ? number != root : IsBelow(mounts, fileSystem, id) && number != id;
            if (!isListed || (after != 0 && (backwards ? number >= after : number <= after)) || count == a.A2)
                continue;
            if (!task.Memory.TryWrite(a.A1 + (count * 8), number))
                return -Errno.EFAULT;
            count++;
        }
        return (long)count;
    }

    /// <summary>int statmount(const struct mnt_id_req *req, struct statmount *buf, size_t bufsize, unsigned int flags)</summary>
    public static long Statmount(Task task, in SyscallArguments a)
    {
        if (a.A3 != 0)
            return -Errno.EINVAL;
        int error = ReadRequest(task, a.A0, out ulong id, out ulong wanted);
        if (error < 0)
            return error;
        List<(ulong Number, ulong Parent, FileSystem FileSystem)> mounts = MountText.Numbered(task.Process.FileSystem.Vfs);
        int index = mounts.FindIndex(mount => mount.Number == id);
        if (index < 0)
            return -Errno.ENOENT;
        byte[] answer = Describe(mounts[index], wanted);
        int fixedPart = (int)Math.Min(Math.Min(a.A2, LargestBuffer), StatmountSize);
        if (answer.Length > StatmountSize && (ulong)answer.Length > a.A2)
            return -Errno.EOVERFLOW;
        int length = answer.Length > StatmountSize ? answer.Length : fixedPart;
        return task.Memory.Write(a.A1, answer.AsSpan(0, length)) == length ? 0 : -Errno.EFAULT;
    }

    /// <summary>int open_tree(int dirfd, const char *path, unsigned int flags): without OPEN_TREE_CLONE the place itself, as with O_PATH.</summary>
    public static long OpenTree(Task task, in SyscallArguments a)
    {
        const uint recursive = 0x8000;
        uint flags = (uint)a.A2;
        const uint known = AtFlags.AT_EMPTY_PATH | AtFlags.AT_NO_AUTOMOUNT | recursive | AtFlags.AT_SYMLINK_NOFOLLOW | OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC;
        if ((flags & ~known) != 0 || (flags & (recursive | OPEN_TREE_CLONE)) == recursive)
            return -Errno.EINVAL;
        if ((flags & OPEN_TREE_CLONE) != 0)
            return -Errno.EPERM;
        int result = PathArgument.Get(task, a.Int0, a.A1, out PathArgument path, (flags & AtFlags.AT_EMPTY_PATH) != 0);
        if (result < 0)
            return result;
        int how = OpenFlags.O_PATH | ((flags & AtFlags.AT_SYMLINK_NOFOLLOW) != 0 ? OpenFlags.O_NOFOLLOW : 0);
        OpenFile? file;
        using (path)
        {
            result = path.File is { } present
                ? present.Reopen(OpenFlags.O_PATH, out file)
                : path.Vfs.Open(path.Context, path.Start, path.Path, how, 0, out file);
        }
        return result < 0 ? result : task.Process.Files.Add(file!, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /// <summary>int ustat(dev_t dev, struct ustat *ubuf): free blocks and inodes of the file system on a device.</summary>
    public static long Ustat(Task task, in SyscallArguments a)
    {
        foreach (FileSystem fileSystem in task.Process.FileSystem.Vfs.FileSystems())
        {
            if (fileSystem.Stat(fileSystem.Root, "", out FileStatus status) < 0
                || (uint)FileStatus.EncodeDevice(status.DeviceMajor, status.DeviceMinor) != (uint)a.A0)
                continue;
            int result = fileSystem.StatFileSystem(fileSystem.Root, "", out FileSystemStatus space);
            if (result < 0)
                return result;
            Span<byte> answer = stackalloc byte[32];
            answer.Clear();
            BinaryPrimitives.WriteInt32LittleEndian(answer, (int)space.BlocksFree);
            BinaryPrimitives.WriteUInt64LittleEndian(answer[8..], (ulong)space.FilesFree);
            return task.Memory.Write(a.A1, answer) == answer.Length ? 0 : -Errno.EFAULT;
        }
        return -Errno.EINVAL;
    }

    /// <summary>struct mnt_id_req: size, spare, mount, parameter, and since 6.11 a namespace.</summary>
    private static int ReadRequest(Task task, ulong address, out ulong id, out ulong parameter)
    {
        const uint first = 24, second = 32;
        (id, parameter) = (0, 0);
        if (!task.Memory.TryRead(address, out uint size))
            return -Errno.EFAULT;
        if (size > 4096)
            return -Errno.E2BIG;
        if (size < first)
            return -Errno.EINVAL;
        Span<byte> bytes = stackalloc byte[(int)size];
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return -Errno.EFAULT;
        if (size > second && bytes[(int)second..].ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != 0)
            return -Errno.EINVAL;
        id = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        parameter = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        // Another mount namespace than the caller's: there is none.
        return size >= second && BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) != 0 ? -Errno.ENOENT : 0;
    }

    private static bool IsBelow(List<(ulong Number, ulong Parent, FileSystem FileSystem)> mounts, FileSystem fileSystem, ulong id)
    {
        for (Mount? at = fileSystem.MountedAt; at is not null; at = at.Parent.FileSystem.MountedAt)
        {
            if (mounts.Exists(mount => mount.Number == id && ReferenceEquals(mount.FileSystem, at.Parent.FileSystem)))
                return true;
        }
        return false;
    }

    private static byte[] Describe((ulong Number, ulong Parent, FileSystem FileSystem) mount, ulong wanted)
    {
        FileSystem fileSystem = mount.FileSystem;
        byte[] answer = new byte[StatmountSize];
        List<byte> text = [];
        ulong given = wanted & (STATMOUNT_SB_BASIC | STATMOUNT_MNT_BASIC | STATMOUNT_PROPAGATE_FROM);
        if ((wanted & STATMOUNT_SB_BASIC) != 0)
        {
            _ = fileSystem.Stat(fileSystem.Root, "", out FileStatus status);
            _ = fileSystem.StatFileSystem(fileSystem.Root, "", out FileSystemStatus space);
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(DeviceAt), status.DeviceMajor);
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(DeviceAt + 4), status.DeviceMinor);
            BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(MagicAt), space.Type);
        }
        if ((wanted & STATMOUNT_MNT_BASIC) != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(IdAt), mount.Number);
            BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(ParentAt), mount.Parent);
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(OldIdAt), (uint)mount.Number);
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(OldParentAt), (uint)mount.Parent);
        }
        AddText(STATMOUNT_FS_TYPE, TypeAt, fileSystem.TypeName);
        AddText(STATMOUNT_MNT_ROOT, RootAt, "/");
        AddText(STATMOUNT_MNT_POINT, PointAt, fileSystem.MountPath);
        BinaryPrimitives.WriteUInt32LittleEndian(answer, (uint)(StatmountSize + text.Count));
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(MaskAt), given);
        return [.. answer, .. text];

        void AddText(ulong bit, int offset, string value)
        {
            if ((wanted & bit) == 0)
                return;
            given |= bit;
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(offset), (uint)text.Count);
            text.AddRange(KernelText.ToBytes(value));
            text.Add(0);
        }
    }
}
