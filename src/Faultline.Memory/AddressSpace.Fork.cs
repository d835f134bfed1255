namespace Faultline.Memory;

// Copying a whole address space.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>
    /// A copy with the same mappings and contents: private frames are shared and copied by whoever stores first, shared mappings stay shared.
    /// </summary>
    public AddressSpace Fork()
    {
        AddressSpace child = new(_frames, _wantsTables) { StackLimit = StackLimit };
        lock (_lock)
        {
            Mapping? left = null;
            foreach (Mapping mapping in _mappings)
            {
                if (mapping.IsNotForked || mapping.IsWipedOnFork)
                    left ??= mapping;
                if (mapping.IsNotForked)
                    continue;
                mapping.Source?.AddReference();
                child._mappings.Add(mapping);
            }
            ulong last = GuestPage.CanonicalEnd >> GuestPage.Shift;
            for (ulong page = _pages.NextPresent(0, last); page < last; page = _pages.NextPresent(page + 1, last))
            {
                if (left is not null && page >= left.End >> GuestPage.Shift)
                    left = NextLeftBehind(page);
                if (left is not null && page >= left.Start >> GuestPage.Shift && page < left.End >> GuestPage.Shift)
                    continue;
                nuint entry = _pages[page];
                if (((PageFlags)entry & PageFlags.Owned) != 0)
                {
                    AddReference(entry);
                    entry |= (nuint)PageFlags.CopyOnWrite;
                    _pages.Set(page, entry);
                    _tables.ClearWrite(page);
                }
                child._pages.Set(page, entry & ~(nuint)PageFlags.Code);
            }
        }
        // A store that another thread has looked up before must be made before anyone copies its page.
        WaitForOthers();
        return child;
    }

    /// <summary>The first mapping from a page on whose pages a copy does not get.</summary>
    private Mapping? NextLeftBehind(ulong page)
    {
        foreach (Mapping mapping in _mappings)
        {
            if (mapping.End >> GuestPage.Shift > page && (mapping.IsNotForked || mapping.IsWipedOnFork))
                return mapping;
        }
        return null;
    }
}
