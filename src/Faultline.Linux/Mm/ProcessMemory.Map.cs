using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;

namespace Faultline.Linux.Mm;

// mmap and munmap (mm/mmap.c, arch/x86/kernel/sys_x86_64.c).
internal sealed partial class ProcessMemory
{
    /// <summary>Largest part of a mapping that MAP_POPULATE fills at once; the rest is filled when touched.</summary>
    private const ulong PopulateLimit = 256UL << 20;

    /// <summary>Maps an object or anonymous memory.</summary>
    /// <param name="request">What is asked; see its fields.</param>
    /// <returns>The address, or a negative errno.</returns>
    public long Map(in MapRequest request)
    {
        int flags = request.Flags;
        ulong address = request.Address;
        if ((flags & MAP_FIXED_NOREPLACE) != 0)
            flags |= MAP_FIXED;
        if ((flags & MAP_FIXED) == 0 && address != 0 && address < MemoryLayout.MinimumAddress)
            address = MemoryLayout.MinimumAddress;
        ulong length = GuestPage.Ceiling(request.Length);
        if (length == 0)
            return -Errno.ENOMEM;
        if (request.Offset + length < request.Offset)
            return -Errno.EOVERFLOW;

        lock (_lock)
        {
            if (Space.MappingCount > MemoryLayout.MaxMapCount)
                return -Errno.ENOMEM;
            long place = FindPlace(address, length, flags, request.IsCompat);
            if (Errno.IsError(place))
                return place;
            ulong start = (ulong)place, end = start + length;
            if (start < MemoryLayout.MinimumAddress && !request.MayMapLow)
                return -Errno.EPERM;
            if ((flags & MAP_FIXED_NOREPLACE) != 0 && !Space.IsFree(start, end))
                return -Errno.EEXIST;
            if ((flags & MAP_FIXED) != 0 && IsSealed(start, end))
                return -Errno.EPERM;
            if (!MayExpand(length, IsPrivateWritable(request)))
                return -Errno.ENOMEM;
            if ((flags & MAP_NORESERVE) == 0 && (IsPrivateWritable(request) || (request.IsShared && request.Source is null)) && !MayCommit(length))
                return -Errno.ENOMEM;

            IPageSource? source = request.Source;
            if (source is null && request.IsShared)
                source = new AnonymousShared(Space.Frames);
            Space.Map(new Mapping
            {
                Start = start,
                End = end,
                Protection = (PageProtection)(request.Protection & (PROT_READ | PROT_WRITE | PROT_EXEC)),
                MaxProtection = request.MaxProtection,
                Source = source,
                Offset = source is null ? 0 : request.Offset,
                Shared = request.IsShared,
                GrowsDown = (flags & MAP_GROWSDOWN) != 0,
                Name = request.Name,
                Tag = request.Tag,
            });
            if ((flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE || (flags & MAP_LOCKED) != 0)
                Populate(start, Math.Min(end, start + PopulateLimit), (request.Protection & PROT_WRITE) != 0);
            return (long)start;
        }
    }

    /// <summary>munmap(2).</summary>
    public int Unmap(ulong address, ulong length)
    {
        if (!GuestPage.IsAligned(address) || length > MemoryLayout.TaskSize || address > MemoryLayout.TaskSize - length)
            return -Errno.EINVAL;
        ulong end = address + GuestPage.Ceiling(length);
        if (end == address)
            return -Errno.EINVAL;
        lock (_lock)
        {
            if (IsSealed(address, end))
                return -Errno.EPERM;
            // A hole in the middle of a mapping makes two of it.
            if (Space.MappingCount >= MemoryLayout.MaxMapCount && Space.Find(address) is { } inside && inside.Start < address && inside.End > end)
                return -Errno.ENOMEM;
            Space.Unmap(address, end);
        }
        return 0;
    }

    /// <summary>Touches every page of a range, stopping at the first that faults.</summary>
    /// <returns>The fault, or None.</returns>
    private unsafe MemoryFault Populate(ulong start, ulong end, bool forWrite)
    {
        for (ulong page = start; page < end; page += GuestPage.Size)
        {
            if (Space.Resolve(page, forWrite ? MemoryAccess.Write : MemoryAccess.Read, out MemoryFault fault) is null)
                return fault;
        }
        return MemoryFault.None;
    }

    /// <summary>get_unmapped_area: a free range for a length, the hint when that is free.</summary>
    private long FindPlace(ulong address, ulong length, int flags, bool isCompat = false)
    {
        if (length > MemoryLayout.TaskSize)
            return -Errno.ENOMEM;
        if ((flags & MAP_FIXED) != 0)
        {
            if (address > MemoryLayout.TaskSize - length)
                return -Errno.ENOMEM;
            return GuestPage.IsAligned(address) ? (long)address : -Errno.EINVAL;
        }

        // The flag means nothing to 32-bit calls (arch_get_unmapped_area_topdown).
        bool low = (flags & MAP_32BIT) != 0 && !isCompat;
        if (address != 0)
        {
            ulong hint = GuestPage.Ceiling(address);
            ulong limit = low ? 0x8000_0000 : MemoryLayout.TaskSize;
            if (length <= limit && hint <= limit - length && hint >= MemoryLayout.MinimumAddress && IsFreeWithGap(hint, hint + length))
                return (long)hint;
        }

        ulong found;
        if (isCompat)
        {
            found = IsLegacyLayout ? 0 : Space.FindFreeTopDown(length, MemoryLayout.MinimumAddress, CompatMmapBase);
            if (found == 0)
                found = Space.FindFreeBottomUp(length, MemoryLayout.CompatLegacyBase, MemoryLayout.CompatTaskSize);
        }
        else if (low)
        {
            found = Space.FindFreeBottomUp(length, 0x4000_0000, 0x8000_0000);
        }
        else
        {
            ulong lowest = (flags & MAP_ABOVE4G) != 0 ? 1UL << 32 : MemoryLayout.MinimumAddress;
            found = IsLegacyLayout ? 0 : Space.FindFreeTopDown(length, lowest, MmapBase);
            if (found == 0)
                found = Space.FindFreeBottomUp(length, MemoryLayout.LegacyBase, MemoryLayout.TaskSize);
        }
        return found == 0 ? -Errno.ENOMEM : (long)found;
    }

    /// <summary>Free, and not within the guard gap of a stack above (vm_start_gap).</summary>
    private bool IsFreeWithGap(ulong start, ulong end)
    {
        if (!Space.IsFree(start, end))
            return false;
        return Space.FindOrNext(end) is not { GrowsDown: true } next || next.Start - Math.Min(next.Start, 256 * GuestPage.Size) >= end;
    }

    private static bool IsPrivateWritable(in MapRequest request) => !request.IsShared && (request.Protection & PROT_WRITE) != 0;

    /// <summary>may_expand_vm: RLIMIT_AS for everything, RLIMIT_DATA for private writable memory.</summary>
    private bool MayExpand(ulong length, bool isData)
    {
        ulong total = Limits[Resource.RLIMIT_AS].rlim_cur;
        ulong data = isData ? Limits[Resource.RLIMIT_DATA].rlim_cur : Rlimit64.RLIM64_INFINITY;
        if (total == Rlimit64.RLIM64_INFINITY && data == Rlimit64.RLIM64_INFINITY)
            return true;

        ulong allBytes = 0, dataBytes = 0;
        foreach (Mapping mapping in Space.Snapshot())
        {
            allBytes += mapping.Length;
            if (!mapping.Shared && !mapping.GrowsDown && (mapping.Protection & PageProtection.Write) != 0)
                dataBytes += mapping.Length;
        }
        return Fits(allBytes, length, total) && Fits(dataBytes, length, data);
    }

    /// <summary>vm.overcommit_memory 0: only a single request larger than the machine is refused (__vm_enough_memory).</summary>
    public bool MayCommit(ulong length) => length <= _commitLimit;

    private static bool Fits(ulong have, ulong more, ulong limit) => have <= limit && more <= limit - have;
}
