namespace Faultline.Memory;

// Runs of pages at home that can be loaded from and stored to, for whoever would rather ask once than at each access.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>Pages of a window below and above those that were asked for, at most.</summary>
    private const int MaxWindow = 256;

    /// <summary>How often pages are looked at again because the address space may have changed while others were waited for.</summary>
    private const int MaxWindowTries = 8;

    private const byte LoadsAndStores = FlatTables.HomeLoads | FlatTables.HomeStores;

    /// <summary>
    /// How often stores at home to a page were taken away. As long as the number is the same, what <see cref="TryFindWindow"/> found is so; and what was so when a thread came to
    /// <see cref="AddressSpaceUser.Pass"/> last may be relied on until the next time, as any access that has been looked up.
    /// </summary>
    public long StoresTaken => _tables.StoresTaken;

    /// <summary>
    /// Finds the pages around an address that are at home and allow loads and stores. Those that nobody has touched yet, or that are shared with a copy of the address space, are given a frame
    /// where they must be among them: the guest sees no more of it than of any page that is filled ahead. Stacks do not grow by it. It may wait for other threads, which may change anything
    /// meanwhile.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="below">Bytes below it that must be among them.</param>
    /// <param name="above">Bytes from it on that must be.</param>
    /// <param name="low">Where they begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="stamp"><see cref="StoresTaken"/> at that time.</param>
    /// <returns>False when not all of the pages that must be are.</returns>
    public bool TryFindWindow(ulong address, ulong below, ulong above, out ulong low, out ulong end, out long stamp)
    {
        low = end = 0;
        stamp = 0;
        ulong limit = PageLimit << GuestPage.Shift;
        if (HomeMask == 0 || below + above == 0 || address > limit || address < below || limit - address < above)
            return false;
        for (int tries = 0; tries < MaxWindowTries; tries++)
        {
            bool found;
            lock (_lock)
            {
                stamp = StoresTaken;
                found = TryFillWindow(address - below, address + above - 1, out low, out end);
                if (_retiring is null)
                    return found;
            }
            // A frame was replaced: others may still load from the old one.
            FinishChange();
            if (!found)
                return false;
        }
        return false;
    }

    private bool TryFillWindow(ulong lowest, ulong highest, out ulong low, out ulong end)
    {
        low = end = 0;
        ulong first = lowest >> GuestPage.Shift, last = highest >> GuestPage.Shift;
        for (ulong page = first; page <= last; page++)
        {
            if (!IsInWindow(page) && !TryFillForStores(page))
                return false;
        }
        for (int i = 0; i < MaxWindow && first > 0 && IsInWindow(first - 1); i++)
            first--;
        for (int i = 0; i < MaxWindow && last + 1 < PageLimit && IsInWindow(last + 1); i++)
            last++;
        low = first << GuestPage.Shift;
        end = (last + 1) << GuestPage.Shift;
        return true;
    }

    private bool IsInWindow(ulong page) => (_tables.Home[page] & LoadsAndStores) == LoadsAndStores;

    /// <summary>Gives a page of private anonymous memory a frame of its own at home, if that is all it lacks.</summary>
    private bool TryFillForStores(ulong page)
    {
        if (FindLocked(page << GuestPage.Shift) is not { Shared: false, Source: null } mapping || (mapping.Protection & PageProtection.Write) == 0)
            return false;
        if (_pages[page] == 0 && Fill(mapping, page, forWrite: true) != MemoryFault.None)
            return false;
        nuint entry = _pages[page];
        if (((PageFlags)entry & PageFlags.CopyOnWrite) != 0)
        {
            // Where the shared frame has the home, the copy would be elsewhere.
            bool isAtHome = (ulong)FrameOf(entry) == ((page << GuestPage.Shift) ^ HomeMask);
            if ((isAtHome && !IsExclusive(entry)) || !TakeCopy(mapping, page, ref entry))
                return false;
        }
        Install(mapping, page, entry);
        return IsInWindow(page);
    }
}
