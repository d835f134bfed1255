using Faultline.Linux.Abi;
using Faultline.Memory;

namespace Faultline.Linux.Mm;

// mseal(2) (mm/mseal.c): mappings that may not be unmapped, moved, replaced or protected otherwise.
internal sealed partial class ProcessMemory
{
    private bool _hasSealed;

    /// <summary>Seals a range.</summary>
    /// <returns>0, -EINVAL, or -ENOMEM when part of it is not mapped.</returns>
    public int Seal(ulong start, ulong length, ulong flags)
    {
        ulong rounded = GuestPage.Ceiling(length);
        if (flags != 0 || !GuestPage.IsAligned(start) || (length != 0 && rounded == 0))
            return -Errno.EINVAL;
        ulong end = start + rounded;
        if (end < start)
            return -Errno.EINVAL;
        if (end == start)
            return 0;
        lock (_lock)
        {
            if (!Space.IsMapped(start, end))
                return -Errno.ENOMEM;
            Space.Update(start, end, mapping => mapping with { IsSealed = true });
            _hasSealed = true;
        }
        return 0;
    }

    /// <summary>Whether any page of a range is sealed; with the lock held.</summary>
    private bool IsSealed(ulong start, ulong end) => _hasSealed && Exists(start, end, mapping => mapping.IsSealed);

    /// <summary>Advice that destroys contents is refused where they are anonymous, sealed and not writable (is_ro_anon).</summary>
    private bool IsDiscardRefused(ulong start, ulong end) =>
        Exists(start, end, mapping => mapping.IsSealed && mapping.Source is null && (mapping.Protection & PageProtection.Write) == 0);

    private bool Exists(ulong start, ulong end, Func<Mapping, bool> matches)
    {
        for (Mapping? mapping = Space.FindOrNext(start); mapping is not null && mapping.Start < end; mapping = Space.FindOrNext(mapping.End))
        {
            if (matches(mapping))
                return true;
        }
        return false;
    }
}
