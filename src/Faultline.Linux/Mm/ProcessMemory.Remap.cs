using Faultline.Linux.Abi;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;

namespace Faultline.Linux.Mm;

// mremap(2) (mm/mremap.c).
internal sealed partial class ProcessMemory
{
    /// <summary>Resizes or moves a mapping.</summary>
    public long Remap(ulong address, ulong oldLength, ulong newLength, int flags, ulong newAddress)
    {
        if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0
            || (flags & (MREMAP_FIXED | MREMAP_MAYMOVE)) == MREMAP_FIXED
            || ((flags & MREMAP_DONTUNMAP) != 0 && ((flags & MREMAP_MAYMOVE) == 0 || oldLength != newLength))
            || !GuestPage.IsAligned(address))
            return -Errno.EINVAL;
        oldLength = GuestPage.Ceiling(oldLength);
        newLength = GuestPage.Ceiling(newLength);
        if (newLength == 0)
            return -Errno.EINVAL;

        lock (_lock)
        {
            if (Space.Find(address) is not { } mapping)
                return -Errno.EFAULT;
            if (IsSealed(address, address + Math.Max(oldLength, GuestPage.Size)) || ((flags & MREMAP_FIXED) != 0 && IsSealed(newAddress, newAddress + newLength)))
                return -Errno.EPERM;
            if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0)
                return RemapTo(mapping, address, oldLength, newLength, flags, newAddress);

            if (oldLength >= newLength)
            {
                int error = oldLength == newLength ? 0 : Unmap(address + newLength, oldLength - newLength);
                return error != 0 ? error : (long)address;
            }

            int refusal = CheckResize(mapping, address, oldLength, newLength);
            if (refusal != 0)
                return refusal;
            ulong grow = newLength - oldLength;
            ulong end = address + oldLength;
            if (oldLength != 0 && mapping.End == end && end <= MemoryLayout.TaskSize - grow && IsFreeWithGap(end, end + grow))
            {
                Space.Map(Continue(mapping, end, grow));
                return (long)address;
            }
            if ((flags & MREMAP_MAYMOVE) == 0)
                return -Errno.ENOMEM;
            long place = FindPlace(0, newLength, mapping.Shared ? MAP_SHARED : MAP_PRIVATE);
            return Errno.IsError(place) ? place : MoveTo(mapping, address, oldLength, newLength, (ulong)place, keepOld: false);
        }
    }

    private long RemapTo(Mapping mapping, ulong address, ulong oldLength, ulong newLength, int flags, ulong newAddress)
    {
        if (!GuestPage.IsAligned(newAddress) || newLength > MemoryLayout.TaskSize || newAddress > MemoryLayout.TaskSize - newLength)
            return -Errno.EINVAL;
        if (address + oldLength > newAddress && newAddress + newLength > address)
            return -Errno.EINVAL;
        if (Space.MappingCount + 2 >= MemoryLayout.MaxMapCount - 3)
            return -Errno.ENOMEM;
        if ((flags & MREMAP_FIXED) != 0)
            Space.Unmap(newAddress, newAddress + newLength);
        if (oldLength > newLength)
        {
            int error = Unmap(address + newLength, oldLength - newLength);
            if (error != 0)
                return error;
            oldLength = newLength;
            // The trimmed mapping has another end.
            mapping = Space.Find(address)!;
        }
        int refusal = CheckResize(mapping, address, oldLength, newLength);
        if (refusal != 0)
            return refusal;
        long place = FindPlace(newAddress, newLength, (flags & MREMAP_FIXED) != 0 ? MAP_FIXED : 0);
        return Errno.IsError(place)
            ? place
            : MoveTo(mapping, address, oldLength, newLength, (ulong)place, keepOld: (flags & MREMAP_DONTUNMAP) != 0);
    }

    /// <summary>vma_to_resize.</summary>
    private int CheckResize(Mapping mapping, ulong address, ulong oldLength, ulong newLength)
    {
        // An old length of 0 makes a second mapping of shared memory; private memory cannot be duplicated.
        if (oldLength == 0 && !mapping.Shared)
            return -Errno.EINVAL;
        if (oldLength > mapping.End - address)
            return -Errno.EFAULT;
        if (newLength > oldLength)
        {
            ulong offset = mapping.Offset + (address - mapping.Start);
            if (offset + newLength < offset)
                return -Errno.EINVAL;
            bool isData = !mapping.Shared && (mapping.Protection & PageProtection.Write) != 0;
            if (!MayExpand(newLength - oldLength, isData) || (isData && !MayCommit(newLength - oldLength)))
                return -Errno.ENOMEM;
        }
        return 0;
    }

    private long MoveTo(Mapping mapping, ulong address, ulong oldLength, ulong newLength, ulong target, bool keepOld)
    {
        if (Space.MappingCount >= MemoryLayout.MaxMapCount - 3)
            return -Errno.ENOMEM;
        Mapping whole = mapping with { Start = address, Offset = mapping.Offset + (mapping.Source is null ? 0 : address - mapping.Start) };
        if (oldLength != 0)
            Space.Move(address, address + oldLength, target);
        if (newLength > oldLength)
        {
            Space.Map(whole with
            {
                Start = target + oldLength,
                End = target + newLength,
                Offset = whole.Source is null ? 0 : whole.Offset + oldLength,
            });
        }
        if (keepOld)
            Space.Map(whole with { End = address + oldLength });
        return (long)target;
    }

    private static Mapping Continue(Mapping mapping, ulong end, ulong length) => mapping with
    {
        Start = end,
        End = end + length,
        Offset = mapping.Source is null ? 0 : mapping.Offset + (end - mapping.Start),
    };
}
