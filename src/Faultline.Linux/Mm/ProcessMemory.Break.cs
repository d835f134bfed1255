using Faultline.Linux.Abi.Processes;
using Faultline.Memory;

namespace Faultline.Linux.Mm;

// brk(2) (mm/mmap.c).
internal sealed partial class ProcessMemory
{
    /// <summary>The name of the heap in /proc/self/maps.</summary>
    public const string HeapName = "[heap]";

    /// <summary>Moves the program break.</summary>
    /// <returns>The break afterwards: the old one when it could not be moved, as the system call reports it.</returns>
    public ulong SetBreak(ulong address)
    {
        lock (_lock)
        {
            if (address < BreakStart || address > MemoryLayout.TaskSize)
                return Break;
            ulong data = Limits[Resource.RLIMIT_DATA].rlim_cur;
            if (data != Rlimit64.RLIM64_INFINITY && address - BreakStart + (Image.EndData - Image.StartData) > data)
                return Break;

            ulong oldEnd = GuestPage.Ceiling(Break);
            ulong newEnd = GuestPage.Ceiling(address);
            if (newEnd < oldEnd)
            {
                Space.Unmap(newEnd, oldEnd);
            }
            else if (newEnd > oldEnd)
            {
                // One page is kept free above the heap, and the guard gap below a stack.
                if (newEnd > MemoryLayout.TaskSize - GuestPage.Size || !IsFreeWithGap(oldEnd, newEnd + GuestPage.Size))
                    return Break;
                if (Space.MappingCount > MemoryLayout.MaxMapCount || !MayExpand(newEnd - oldEnd, isData: true) || !MayCommit(newEnd - oldEnd))
                    return Break;
                Space.Map(new Mapping
                {
                    Start = oldEnd,
                    End = newEnd,
                    Protection = PageProtection.Read | PageProtection.Write,
                    Name = HeapName,
                });
            }
            return Break = address;
        }
    }
}
