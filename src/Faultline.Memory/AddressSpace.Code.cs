namespace Faultline.Memory;

// Tracking of pages that code was decoded from.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>Code was decoded from a shared mapping once: stores through other mappings of its object matter.</summary>
    private bool _sharedCode;

    /// <summary>
    /// Marks a page as holding decoded code: from now on a store to it, and any change of its mapping or protection, calls
    /// <see cref="ICodeObserver.CodeChanged"/> first. The page must be present: fetch from it before.
    /// </summary>
    /// <returns>False when the page is not present any more.</returns>
    public bool MarkCode(ulong page)
    {
        bool couldStore;
        lock (_lock)
        {
            nuint entry = _pages[page];
            if (entry == 0)
                return false;
            if (((PageFlags)entry & PageFlags.Code) != 0)
                return true;
            _pages.Set(page, entry | (nuint)PageFlags.Code);
            couldStore = _tables.ClearWrite(page);
            if (FindLocked(page << GuestPage.Shift) is { Shared: true, Source: not null } mapping)
            {
                _sharedCode = true;
                for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
                    couldStore |= _tables.ClearWrite(alias);
            }
        }
        // A store that another thread has looked up already must be in the bytes that are about to be decoded.
        if (couldStore)
            WaitForOthers();
        return true;
    }

    /// <returns>Whether the page held code.</returns>
    private bool NotifyCode(ulong page)
    {
        nuint entry = _pages[page];
        if (((PageFlags)entry & PageFlags.Code) == 0)
            return false;
        _pages.Set(page, entry & ~(nuint)PageFlags.Code);
        foreach (AddressSpaceUser user in _users)
            user.Observer?.CodeChanged(page);
        return true;
    }

    /// <summary>A store to a page of a shared mapping is one to every page that shows the same part of the object, as compilers that keep code twice do.</summary>
    private bool NotifyCodeOfAliases(Mapping mapping, ulong page)
    {
        bool any = false;
        for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
            any |= NotifyCode(alias);
        return any;
    }

    private bool AliasHoldsCode(Mapping mapping, ulong page)
    {
        for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
        {
            if (((PageFlags)_pages[alias] & PageFlags.Code) != 0)
                return true;
        }
        return false;
    }

    /// <summary>The next page, from a position in the list of mappings on, that shows what a page of a shared mapping shows; that page itself is one.</summary>
    private ulong? NextAlias(Mapping mapping, ulong page, ref int index)
    {
        ulong offset = mapping.Offset + ((page << GuestPage.Shift) - mapping.Start);
        while (index < _mappings.Count)
        {
            Mapping other = _mappings[index++];
            if (other.Shared && ReferenceEquals(other.Source, mapping.Source) && offset >= other.Offset && offset - other.Offset < other.Length)
                return (other.Start + (offset - other.Offset)) >> GuestPage.Shift;
        }
        return null;
    }
}
