namespace Faultline.Memory;

// Tracking of pages that code was decoded from.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>
    /// Marks a page as holding decoded code: from now on a store to it, and any change of its mapping or protection, calls
    /// <see cref="ICodeObserver.CodeChanged"/> first. The page must be present: fetch from it before.
    /// </summary>
    /// <returns>False when the page is not present any more.</returns>
    public bool MarkCode(ulong page)
    {
        lock (_lock)
        {
            nuint entry = _pages[page];
            if (entry == 0)
                return false;
            if (((PageFlags)entry & PageFlags.Code) == 0)
            {
                _pages.Set(page, entry | (nuint)PageFlags.Code);
                _tables.ClearWrite(page);
            }
            return true;
        }
    }

    private void NotifyCode(ulong page)
    {
        nuint entry = _pages[page];
        if (((PageFlags)entry & PageFlags.Code) == 0)
            return;
        _pages.Set(page, entry & ~(nuint)PageFlags.Code);
        CodeObserver?.CodeChanged(page);
    }
}
