using Faultline.Linux.Abi;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;

namespace Faultline.Linux.Mm;

// madvise(2), mincore(2), mlock(2) (mm/madvise.c, mm/mincore.c, mm/mlock.c).
internal sealed partial class ProcessMemory
{
    /// <summary>
    /// Gives advice about a range. Holes are passed over and reported with ENOMEM at the end, as Linux does.
    /// </summary>
    public int Advise(ulong start, ulong length, int advice)
    {
        if (!IsAdvice(advice) || !GuestPage.IsAligned(start))
            return -Errno.EINVAL;
        ulong rounded = GuestPage.Ceiling(length);
        if (length != 0 && rounded == 0)
            return -Errno.EINVAL;
        ulong end = start + rounded;
        if (end < start)
            return -Errno.EINVAL;
        if (end == start)
            return 0;

        int hole = 0;
        lock (_lock)
        {
            if (_hasSealed && advice is MADV_DONTNEED or MADV_DONTNEED_LOCKED or MADV_FREE or MADV_REMOVE or MADV_DONTFORK or MADV_WIPEONFORK && IsDiscardRefused(start, end))
                return -Errno.EPERM;
            while (start < end)
            {
                Mapping? mapping = Space.FindOrNext(start);
                if (mapping is null || mapping.Start >= end)
                    return -Errno.ENOMEM;
                if (mapping.Start > start)
                {
                    hole = -Errno.ENOMEM;
                    start = mapping.Start;
                }
                ulong stop = Math.Min(end, mapping.End);
                int error = AdviseMapping(mapping, start, stop, advice);
                if (error != 0)
                    return error;
                start = stop;
            }
        }
        return hole;
    }

    /// <summary>Whether each page of a range is in memory, one byte per page with bit 0 set. -ENOMEM when part of it is not mapped.</summary>
    public int Resident(ulong start, Span<byte> pages)
    {
        lock (_lock)
        {
            if (!Space.IsMapped(start, start + (ulong)pages.Length * GuestPage.Size))
                return -Errno.ENOMEM;
            for (int i = 0; i < pages.Length; i++)
            {
                ulong address = start + (ulong)i * GuestPage.Size;
                // Pages of files are taken to be in the page cache: the host's cache cannot be asked page by page.
                pages[i] = Space.IsPresent(address) || Space.Find(address) is { Source: not null } ? (byte)1 : (byte)0;
            }
        }
        return 0;
    }

    /// <summary>
    /// Makes a range resident, as mlock does. Nothing here is ever paged out, so that is all there is to locking.
    /// </summary>
    public int Lock(ulong start, ulong length, bool populate)
    {
        ulong end = GuestPage.Ceiling(length + (start & GuestPage.Mask)) + GuestPage.Floor(start);
        start = GuestPage.Floor(start);
        if (end < start)
            return -Errno.EINVAL;
        if (end == start)
            return 0;
        lock (_lock)
        {
            if (!Space.IsMapped(start, end))
                return -Errno.ENOMEM;
            if (populate)
                Populate(start, Math.Min(end, start + PopulateLimit), forWrite: false);
        }
        return 0;
    }

    /// <summary>Whether a range is mapped without holes.</summary>
    public bool IsMapped(ulong start, ulong end)
    {
        lock (_lock)
            return Space.IsMapped(start, end);
    }

    private static bool IsAdvice(int advice) => advice is >= MADV_NORMAL and <= MADV_DONTNEED or >= MADV_FREE and <= MADV_COLLAPSE;

    private int AdviseMapping(Mapping mapping, ulong start, ulong end, int advice)
    {
        switch (advice)
        {
            case MADV_DONTNEED:
            case MADV_DONTNEED_LOCKED:
                Space.Discard(start, end);
                return 0;
            case MADV_FREE:
                // Freeing is the kernel's choice; keeping the contents is always allowed.
                return mapping.Source is null && !mapping.Shared ? 0 : -Errno.EINVAL;
            case MADV_REMOVE:
                return mapping.Source is null || !mapping.Shared ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
            case MADV_WIPEONFORK:
                if (mapping.Source is not null || mapping.Shared)
                    return -Errno.EINVAL;
                Space.Update(start, end, change => change with { IsWipedOnFork = true });
                return 0;
            case MADV_KEEPONFORK:
                Space.Update(start, end, change => change with { IsWipedOnFork = false });
                return 0;
            case MADV_DONTFORK:
                Space.Update(start, end, change => change with { IsNotForked = true });
                return 0;
            case MADV_DOFORK:
                Space.Update(start, end, change => change with { IsNotForked = false });
                return 0;
            case MADV_POPULATE_READ:
            case MADV_POPULATE_WRITE:
                return Populate(start, end, advice == MADV_POPULATE_WRITE) switch
                {
                    MemoryFault.None => 0,
                    MemoryFault.Protection => -Errno.EINVAL,
                    MemoryFault.BeyondObject => -Errno.EFAULT,
                    _ => -Errno.ENOMEM,
                };
            default:
                // Hints about paging, huge pages, merging and dumping: nothing here depends on them.
                return 0;
        }
    }
}
