namespace Faultline.Memory;

// Tracking of pages that code was decoded from.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>Code was decoded from a shared mapping once: stores through other mappings of its object matter.</summary>
    private bool _sharedCode;

    /// <summary>Stores to pages of code that wait until no other thread runs what was there. Changed atomically.</summary>
    private int _storesToCode;

    /// <summary>Pages that have been marked while stores to them that were looked up before may not have been made. Changed atomically.</summary>
    private int _marksToSettle;

    /// <summary>
    /// Pages whose code has changed while other threads may still run what was there, with the number of the change: until these have passed, a store to such a page waits as the first one does.
    /// A thread that stored without being noticed would go on with the old code of what it stored.
    /// </summary>
    private readonly Dictionary<ulong, long> _changing = [];
    private long _changes;

    /// <summary>
    /// Marks a page as holding decoded code: from now on a store to it, and any change of its mapping or protection, calls
    /// <see cref="ICodeObserver.CodeChanged"/> first. The page must be present: fetch from it before.
    /// </summary>
    /// <returns>False when the page is not present any more.</returns>
    public bool MarkCode(ulong page) => MarkCode(page, null, out _);

    /// <summary>
    /// The same for a page that a fetch has found. Between the two another thread may have taken the page or the right to execute away, and nobody was told, since it was not marked: then
    /// it is not marked now, and is to be looked up again.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="found">Where the fetch has found it; null to mark whatever is there.</param>
    /// <param name="waited">It was not marked, and other threads had to be waited for: the page may be another by now, or somewhere else.</param>
    /// <returns>False when the page is not there any more, or not to be executed.</returns>
    public bool MarkCode(ulong page, byte* found, out bool waited)
    {
        waited = false;
        bool couldStore;
        while (true)
        {
            bool isMarked;
            lock (_lock)
            {
                if (_pages[page] == 0 || (found is not null && !IsFetchedFrom(page, found)))
                    return false;
                isMarked = ((PageFlags)_pages[page] & PageFlags.Code) != 0;
                if (isMarked && _marksToSettle == 0)
                    return true;
                if (!isMarked && _storesToCode == 0)
                {
                    couldStore = TakeStores(page) && _users.Length > 1;
                    if (couldStore)
                        _ = Interlocked.Increment(ref _marksToSettle);
                    break;
                }
            }
            waited = true;
            // Another thread has marked it and still waits as below. Or a store to code waits: were pages marked again meanwhile, it would begin again and again.
            AddressSpaceUser.SpinUntilZero(ref isMarked ? ref _marksToSettle : ref _storesToCode);
        }
        // A store that another thread has looked up already must be in the bytes that are about to be decoded.
        if (couldStore)
        {
            waited = true;
            WaitForOthers();
            Interlocked.Decrement(ref _marksToSettle);
        }
        return true;
    }

    private bool IsFetchedFrom(ulong page, byte* frame) =>
        FrameOf(_pages[page]) == frame && FindLocked(page << GuestPage.Shift) is { } mapping && Allows(mapping.Protection, MemoryAccess.Execute);

    /// <summary>Marks a present page.</summary>
    /// <returns>Whether stores to it could be made without being noticed.</returns>
    private bool TakeStores(ulong page)
    {
        _pages.Set(page, _pages[page] | (nuint)PageFlags.Code);
        bool couldStore = _tables.ClearWrite(page);
        if (FindLocked(page << GuestPage.Shift) is { Shared: true, Source: not null } mapping)
        {
            _sharedCode = true;
            for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
                couldStore |= _tables.ClearWrite(alias);
        }
        return couldStore;
    }

    /// <returns>Whether the page held code.</returns>
    private bool NotifyCode(ulong page)
    {
        nuint entry = _pages[page];
        if (((PageFlags)entry & PageFlags.Code) == 0)
            return false;
        _pages.Set(page, entry & ~(nuint)PageFlags.Code);
        if (_users.Length > 1)
            _changing[page] = ++_changes;
        foreach (AddressSpaceUser user in _users)
            user.Observer?.CodeChanged(page);
        return true;
    }

    /// <summary>Whether stores to a page must be noticed: it holds code, or other threads may still run the code that it held.</summary>
    private bool HoldsCode(ulong page) => ((PageFlags)_pages[page] & PageFlags.Code) != 0 || IsChanging(page);

    private bool IsChanging(ulong page) => _changing.Count != 0 && _changing.ContainsKey(page);

    /// <summary>All threads have passed since a change: nobody runs what was there before it.</summary>
    private void SettleChanges(long last)
    {
        foreach ((ulong page, long change) in _changing)
        {
            if (change <= last)
                _changing.Remove(page);
        }
    }

    /// <summary>A store to a page of a shared mapping is one to every page that shows the same part of the object, as compilers that keep code twice do.</summary>
    private bool NotifyCodeOfAliases(Mapping mapping, ulong page)
    {
        bool any = false;
        for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
            any |= NotifyCode(alias) || IsChanging(alias);
        return any;
    }

    private bool AliasHoldsCode(Mapping mapping, ulong page)
    {
        for (int i = 0; NextAlias(mapping, page, ref i) is { } alias;)
        {
            if (HoldsCode(alias))
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
