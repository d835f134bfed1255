using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Dev;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;

namespace Faultline.Linux.Syscalls;

/// <summary>brk, the mmap family and the advice calls.</summary>
internal static class MemoryCalls
{
    private const PageProtection All = PageProtection.Read | PageProtection.Write | PageProtection.Execute;

    /// <summary>Sizes of huge pages that there would be, as the exponents of mmap's flags; 0 is the default of 2 MiB.</summary>
    private const int Huge2Megabytes = 21;

    private const int Huge1Gigabyte = 30;

    /// <summary>Flags that MAP_SHARED_VALIDATE accepts (LEGACY_MAP_MASK, and MAP_HUGE_2MB, MAP_HUGE_1GB); MAP_SYNC needs persistent memory.</summary>
    private const int LegacyFlags = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_GROWSDOWN | MAP_LOCKED
        | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_ABOVE4G
        | ((Huge2Megabytes | Huge1Gigabyte) << MAP_HUGE_SHIFT);

    /// <summary>mincore's answers are copied out in pieces of this many pages.</summary>
    private const int MincorePiece = 4096;

    public static long Brk(Task task, in SyscallArguments a) => (long)task.Process.Mm.SetBreak(a.A0);

    public static long Mmap(Task task, in SyscallArguments a)
    {
        int protection = a.Int2, flags = a.Int3;
        if (!GuestPage.IsAligned(a.A5))
            return -Errno.EINVAL;
        OpenFile? file = null;
        if ((flags & MAP_ANONYMOUS) == 0)
        {
            file = task.Process.Files.Get(a.Int4);
            if (file is null || file.IsPath)
                return -Errno.EBADF;
            if ((flags & MAP_HUGETLB) != 0)
                return -Errno.EINVAL;
        }
        if (a.A1 == 0)
            return -Errno.EINVAL;
        bool isHuge = file is null && (flags & MAP_HUGETLB) != 0;
        if (isHuge && ((flags >> MAP_HUGE_SHIFT) & MAP_HUGE_MASK) is not (0 or Huge2Megabytes or Huge1Gigabyte))
            return -Errno.EINVAL;

        int type = flags & MAP_TYPE;
        // The place comes before the object.
        if ((flags & MAP_FIXED_NOREPLACE) != 0 && GuestPage.IsAligned(a.A0) && a.A1 <= MemoryLayout.TaskSize && a.A0 <= MemoryLayout.TaskSize - a.A1
            && !task.Process.Mm.Space.IsFree(a.A0, a.A0 + GuestPage.Ceiling(a.A1)))
            return -Errno.EEXIST;
        int error = file is null ? CheckAnonymous(type, flags) : CheckFile(file, type, flags, protection);
        if (error != 0)
            return error;
        // There are no huge pages set aside, as on a kernel where vm.nr_hugepages is 0.
        if (isHuge)
            return -Errno.ENOMEM;
        bool shared = type is MAP_SHARED or MAP_SHARED_VALIDATE;
        IPageSource? source = null;
        if (file is not null)
        {
            source = file.PageSource(shared, out int refusal);
            if (source is null)
                return -refusal;
            if (shared && source is ZeroPages)
                source = null;
        }
        return task.Process.Mm.Map(new MapRequest
        {
            Address = a.A0,
            Length = a.A1,
            Protection = protection,
            Flags = flags,
            IsShared = shared,
            Source = source,
            Offset = file is null ? 0 : a.A5,
            MaxProtection = shared && file is { CanWrite: false } ? All & ~PageProtection.Write : All,
            Name = file is null ? "" : file.MappedPath,
            Tag = file,
            IsCompat = task.IsCompatCall,
            MayMapLow = task.Credentials.IsPrivileged,
        });
    }

    /// <summary>remap_file_pages(2): maps another part of a shared mapping's object over some of its pages, as Linux has done since 4.0.</summary>
    public static long RemapFilePages(Task task, in SyscallArguments a)
    {
        ulong start = a.A0 & ~(GuestPage.Size - 1UL), size = a.A1 & ~(GuestPage.Size - 1UL);
        if (a.A2 != 0 || start + size <= start || a.A3 + (size >> GuestPage.Shift) < a.A3)
            return -Errno.EINVAL;
        Mapping? mapping = task.Process.Mm.Space.Find(start);
        if (mapping is not { Shared: true } || mapping.Source is null)
            return -Errno.EINVAL;
        for (Mapping? next = mapping; next.End < start + size;)
        {
            Mapping? following = task.Process.Mm.Space.Find(next.End);
            if (following is null || following.Source != mapping.Source || following.Protection != mapping.Protection)
                return -Errno.EINVAL;
            next = following;
        }
        int protection = ((mapping.Protection & PageProtection.Read) != 0 ? PROT_READ : 0) | ((mapping.Protection & PageProtection.Write) != 0 ? PROT_WRITE : 0)
            | ((mapping.Protection & PageProtection.Execute) != 0 ? PROT_EXEC : 0);
        long result = task.Process.Mm.Map(new MapRequest
        {
            Address = start,
            Length = size,
            Protection = protection,
            Flags = MAP_SHARED | MAP_FIXED | (a.Int4 & MAP_NONBLOCK),
            IsShared = true,
            Source = mapping.Source,
            Offset = a.A3 << GuestPage.Shift,
            MaxProtection = mapping.MaxProtection,
            Name = mapping.Name,
            Tag = mapping.Tag,
        });
        return Math.Min(result, 0);
    }

    public static long Munmap(Task task, in SyscallArguments a) => task.Process.Mm.Unmap(a.A0, a.A1);

    public static long Mprotect(Task task, in SyscallArguments a) => task.Process.Mm.Protect(a.A0, a.A1, a.Int2);

    public static long Mremap(Task task, in SyscallArguments a)
    {
        // The flags are an unsigned long in the call: high bits count as unknown flags.
        if (a.A3 > int.MaxValue)
            return -Errno.EINVAL;
        return task.Process.Mm.Remap(a.A0, a.A1, a.A2, a.Int3, a.A4);
    }

    public static long Madvise(Task task, in SyscallArguments a) => task.Process.Mm.Advise(a.A0, a.A1, a.Int2);

    public static long Mincore(Task task, in SyscallArguments a)
    {
        if (!GuestPage.IsAligned(a.A0))
            return -Errno.EINVAL;
        if (a.A1 > MemoryLayout.TaskSize || a.A0 > MemoryLayout.TaskSize - a.A1)
            return -Errno.ENOMEM;
        ulong pages = GuestPage.Ceiling(a.A1) >> GuestPage.Shift;
        byte[] piece = new byte[(int)Math.Min(pages, MincorePiece)];
        for (ulong done = 0; done < pages; done += (ulong)piece.Length)
        {
            Span<byte> now = piece.AsSpan(0, (int)Math.Min(pages - done, (ulong)piece.Length));
            int error = task.Process.Mm.Resident(a.A0 + (done << GuestPage.Shift), now);
            if (error != 0)
                return error;
            if (task.Memory.Write(a.A2 + done, now) != now.Length)
                return -Errno.EFAULT;
        }
        return 0;
    }

    public static long Msync(Task task, in SyscallArguments a)
    {
        int flags = a.Int2;
        ulong start = a.A0;
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || !GuestPage.IsAligned(start)
            || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
            return -Errno.EINVAL;
        ulong end = start + GuestPage.Ceiling(a.A1);
        if (end < start)
            return -Errno.ENOMEM;
        bool hole = false;
        while (start < end)
        {
            Mapping? mapping = task.Process.Mm.Space.FindOrNext(start);
            if (mapping is null || mapping.Start >= end)
                return -Errno.ENOMEM;
            hole |= mapping.Start > start;
            // Stores of a shared mapping are in the host's page cache already.
            if ((flags & MS_SYNC) != 0 && mapping is { Shared: true, Tag: OpenFile file } && file.Sync(dataOnly: true) is < 0 and int error)
                return error;
            start = mapping.End;
        }
        return hole ? -Errno.ENOMEM : 0;
    }

    public static long Mlock(Task task, in SyscallArguments a) => task.Process.Mm.Lock(a.A0, a.A1, populate: true);

    public static long Mlock2(Task task, in SyscallArguments a) =>
        (a.Int2 & ~MLOCK_ONFAULT) != 0 ? -Errno.EINVAL : task.Process.Mm.Lock(a.A0, a.A1, populate: (a.Int2 & MLOCK_ONFAULT) == 0);

    public static long Munlock(Task task, in SyscallArguments a) => task.Process.Mm.Lock(a.A0, a.A1, populate: false);

    public static long Mlockall(Task task, in SyscallArguments a) =>
        a.Int0 == 0 || (a.Int0 & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0 || a.Int0 == MCL_ONFAULT ? -Errno.EINVAL : 0;

    public static long Munlockall(Task task, in SyscallArguments a) => 0;

    private static int CheckAnonymous(int type, int flags) => type switch
    {
        MAP_SHARED when (flags & MAP_GROWSDOWN) != 0 => -Errno.EINVAL,
        MAP_SHARED or MAP_PRIVATE => 0,
        _ => -Errno.EINVAL,
    };

    private static int CheckFile(OpenFile file, int type, int flags, int protection)
    {
        switch (type)
        {
            case MAP_SHARED_VALIDATE when (flags & ~(LegacyFlags | MAP_TYPE)) != 0:
                return -Errno.EOPNOTSUPP;
            case MAP_SHARED:
            case MAP_SHARED_VALIDATE:
                if ((protection & PROT_WRITE) != 0 && !file.CanWrite)
                    return -Errno.EACCES;
                break;
            case MAP_PRIVATE:
                break;
            default:
                return -Errno.EINVAL;
        }
        if (!file.CanRead)
            return -Errno.EACCES;
        return (flags & MAP_GROWSDOWN) != 0 ? -Errno.EINVAL : 0;
    }
}
