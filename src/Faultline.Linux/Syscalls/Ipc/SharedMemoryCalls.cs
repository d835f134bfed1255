using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Ipc;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;
using static Faultline.Linux.Ipc.IpcLimits;

namespace Faultline.Linux.Syscalls.Ipc;

/// <summary>shmget(2), shmat(2), shmdt(2), shmctl(2) (ipc/shm.c).</summary>
internal static class SharedMemoryCalls
{
    private const int SHM_HUGETLB = 0x800;
    private const int SHM_RDONLY = 0x1000;
    private const int SHM_RND = 0x2000;
    private const int SHM_REMAP = 0x4000;
    private const int SHM_EXEC = 0x8000;
    private const int SHM_LOCK = 11;
    private const int SHM_UNLOCK = 12;
    private const int SHM_STAT = 13;
    private const int SHM_INFO = 14;
    private const int SHM_STAT_ANY = 15;
    private const uint SHM_LOCKED = 0x400;
    private const int StatusSize = 112;

    /// <summary>int shmget(key_t key, size_t size, int shmflg)</summary>
    public static long Shmget(Task task, in SyscallArguments a)
    {
        (ulong size, int flags) = (a.A1, a.Int2);
        return task.Kernel.Ipc.Segments.Get(task, a.Int0, flags, present => size > present.Size ? -Errno.EINVAL : 0, () =>
        {
            if (size is < 1 or > SHMMAX)
                return (null, -Errno.EINVAL);
            // Memory is taken as it is touched; what can never be is refused.
            if (size > (ulong)task.Kernel.MemoryTotal)
                return (null, -Errno.ENOMEM);
            return (flags & SHM_HUGETLB) != 0 ? (null, -Errno.ENOMEM) : (new SharedSegment(task.Kernel, size, task.Process.Pid), 0);
        });
    }

    /// <summary>void *shmat(int shmid, const void *shmaddr, int shmflg)</summary>
    public static long Shmat(Task task, in SyscallArguments a)
    {
        (ulong address, int flags) = (a.A1, a.Int2);
        if (a.Int0 < 0)
            return -Errno.EINVAL;
        if (!GuestPage.IsAligned(address))
        {
            if ((flags & SHM_RND) == 0)
                return -Errno.EINVAL;
            address &= ~(GuestPage.Size - 1UL);
        }
        if (address == 0 && (flags & SHM_REMAP) != 0)
            return -Errno.EINVAL;
        IpcTable<SharedSegment> table = task.Kernel.Ipc.Segments;
        SharedSegment? segment;
        lock (table.Lock)
        {
            int error = table.Find(a.Int0, out segment);
            uint wanted = 0x124u | ((flags & SHM_RDONLY) == 0 ? 0x92u : 0) | ((flags & SHM_EXEC) != 0 ? 0x49u : 0);
            error = error == 0 ? segment!.Check(task, wanted) : error;
            if (error != 0)
                return error;
            // Holds it while it is being mapped.
            segment!.AddReference();
        }
        int protection = PROT_READ | ((flags & SHM_RDONLY) == 0 ? PROT_WRITE : 0) | ((flags & SHM_EXEC) != 0 ? PROT_EXEC : 0);
        int how = address == 0 ? 0 : (flags & SHM_REMAP) != 0 ? MAP_FIXED : MAP_FIXED_NOREPLACE;
        long result = task.Process.Mm.Map(new MapRequest
        {
            Address = address,
            Length = segment.Size,
            Protection = protection,
            Flags = MAP_SHARED | how,
            IsShared = true,
            Source = segment,
            Name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/SYSV{segment.Key:x8}"),
            Tag = segment,
            MaxProtection = (flags & SHM_RDONLY) != 0 ? PageProtection.Read | PageProtection.Execute : PageProtection.Read | PageProtection.Write | PageProtection.Execute,
        });
        segment.Release();
        return result == -Errno.EEXIST ? -Errno.EINVAL : result;
    }

    /// <summary>int shmdt(const void *shmaddr): unmaps what is left of the attachment that began there.</summary>
    public static long Shmdt(Task task, in SyscallArguments a)
    {
        ulong address = a.A0;
        if (!GuestPage.IsAligned(address))
            return -Errno.EINVAL;
        SharedSegment? segment = null;
        foreach (Mapping mapping in task.Process.Mm.Space.Snapshot())
        {
            if (mapping.Source is not SharedSegment found || mapping.Start < address || mapping.Start - mapping.Offset != address)
                continue;
            segment ??= found;
            if (ReferenceEquals(segment, found))
                _ = task.Process.Mm.Unmap(mapping.Start, mapping.Length);
        }
        return segment is null ? -Errno.EINVAL : 0;
    }

    /// <summary>int shmctl(int shmid, int op, struct shmid_ds *buf)</summary>
    public static long Shmctl(Task task, in SyscallArguments a)
    {
        (int id, int command) = (a.Int0, a.Int1);
        if (id < 0 || command < 0)
            return -Errno.EINVAL;
        IpcTable<SharedSegment> table = task.Kernel.Ipc.Segments;
        Span<byte> wanted = stackalloc byte[StatusSize];
        if (command == IPC_SET && task.Memory.Read(a.A2, wanted) != wanted.Length)
            return -Errno.EFAULT;
        if (command is IPC_INFO or SHM_INFO)
            return Info(task, table, command, a.A2);
        byte[] answer;
        long result = 0;
        lock (table.Lock)
        {
            SharedSegment? segment = null;
            int error = 0;
            if (command is SHM_STAT or SHM_STAT_ANY)
                error = (segment = table.At(id)) is null ? -Errno.EINVAL : 0;
            else if (command is IPC_STAT or IPC_SET or IPC_RMID or SHM_LOCK or SHM_UNLOCK)
                error = table.Find(id, out segment);
            if (segment is null)
                return error == 0 ? -Errno.EINVAL : error;
            switch (command)
            {
                case IPC_STAT or SHM_STAT or SHM_STAT_ANY:
                    error = command == SHM_STAT_ANY ? 0 : segment.Check(task, 0x124);
                    if (error != 0)
                        return error;
                    result = command == IPC_STAT ? 0 : segment.Id;
                    answer = Status(segment);
                    break;
                case IPC_SET:
                    error = segment.CheckOwner(task);
                    if (error != 0)
                        return error;
                    segment.ReadPermissions(wanted);
                    segment.ChangeTime = task.Host.Clock.Realtime / 1_000_000_000;
                    return 0;
                case SHM_LOCK or SHM_UNLOCK:
                    segment.Mode = command == SHM_LOCK ? segment.Mode | SHM_LOCKED : segment.Mode & ~SHM_LOCKED;
                    return segment.CheckOwner(task);
                default:
                    error = segment.CheckOwner(task);
                    if (error == 0)
                        segment.MarkRemoved();
                    return error;
            }
        }
        return task.Memory.Write(a.A2, answer) == answer.Length ? result : -Errno.EFAULT;
    }

    private static byte[] Status(SharedSegment segment)
    {
        byte[] bytes = new byte[StatusSize];
        segment.WritePermissions(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), segment.Size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), segment.Attached == 0 && segment.DetachTime == 0 ? 0 : segment.AttachTime);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(64), segment.DetachTime);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(72), segment.ChangeTime);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(80), segment.CreatorPid);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(84), segment.LastPid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(88), segment.Attached);
        return bytes;
    }

    private static long Info(Task task, IpcTable<SharedSegment> table, int command, ulong address)
    {
        byte[] bytes = new byte[command == IPC_INFO ? 72 : 48];
        int highest;
        lock (table.Lock)
        {
            highest = table.HighestIndex;
            if (command == IPC_INFO)
            {
                ReadOnlySpan<ulong> limits = [SHMMAX, 1, SHMMNI, SHMMNI, SHMALL];
                for (int i = 0; i < limits.Length; i++)
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), limits[i]);
            }
            else
            {
                ulong pages = 0;
                foreach (SharedSegment segment in table.Objects)
                    pages += GuestPage.Ceiling(segment.Size) / GuestPage.Size;
                BinaryPrimitives.WriteInt32LittleEndian(bytes, table.Count);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), pages);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), pages);
            }
        }
        return task.Memory.Write(address, bytes) == bytes.Length ? highest : -Errno.EFAULT;
    }
}
