using Faultline.Linux.Abi;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;

namespace Faultline.Linux.Mm;

// mprotect(2) (mm/mprotect.c).
internal sealed partial class ProcessMemory
{
    /// <summary>Changes protection mapping by mapping; what came before a hole or a refusal stays changed, as on Linux.</summary>
    public int Protect(ulong start, ulong length, int protection)
    {
        int grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP);
        protection &= ~(PROT_GROWSDOWN | PROT_GROWSUP);
        if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || !GuestPage.IsAligned(start))
            return -Errno.EINVAL;
        if (length == 0)
            return 0;
        ulong end = start + GuestPage.Ceiling(length);
        if (end <= start)
            return -Errno.ENOMEM;
        if ((protection & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)) != 0)
            return -Errno.EINVAL;

        PageProtection wanted = (PageProtection)(protection & (PROT_READ | PROT_WRITE | PROT_EXEC));
        lock (_lock)
        {
            Mapping? mapping = Space.FindOrNext(start);
            if (mapping is null)
                return -Errno.ENOMEM;
            if (grows == PROT_GROWSDOWN)
            {
                if (mapping.Start >= end)
                    return -Errno.ENOMEM;
                start = mapping.Start;
                if (!mapping.GrowsDown)
                    return -Errno.EINVAL;
            }
            else if (mapping.Start > start)
            {
                return -Errno.ENOMEM;
            }
            else if (grows == PROT_GROWSUP)
            {
                // No mapping of x86-64 grows upwards.
                return -Errno.EINVAL;
            }

            if (IsSealed(start, end))
                return -Errno.EPERM;
            while (true)
            {
                if ((wanted & ~mapping.MaxProtection) != 0)
                    return -Errno.EACCES;
                ulong stop = Math.Min(end, mapping.End);
                bool splits = start > mapping.Start || stop < mapping.End;
                if (splits && mapping.Protection != wanted && Space.MappingCount >= MemoryLayout.MaxMapCount)
                    return -Errno.ENOMEM;
                Space.Protect(start, stop, wanted);
                start = stop;
                if (start >= end)
                    return 0;
                mapping = Space.Find(start);
                if (mapping is null)
                    return -Errno.ENOMEM;
            }
        }
    }
}
