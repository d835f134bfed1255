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
            foreach (Mapping mapping in _mappings)
            {
                mapping.Source?.AddReference();
                child._mappings.Add(mapping);
            }
            ulong last = GuestPage.CanonicalEnd >> GuestPage.Shift;
            for (ulong page = _pages.NextPresent(0, last); page < last; page = _pages.NextPresent(page + 1, last))
            {
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
}
