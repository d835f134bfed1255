namespace Faultline.Memory;

// Changing what pages should be.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>How many mappings there are (Linux limits them to vm.max_map_count).</summary>
    public int MappingCount
    {
        get
        {
            lock (_lock)
                return _mappings.Count;
        }
    }

    /// <summary>Adds a mapping, replacing whatever was in its range (MAP_FIXED).</summary>
    public void Map(Mapping mapping)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mapping.Start, mapping.End);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mapping.End, GuestPage.CanonicalEnd);
        if (!GuestPage.IsAligned(mapping.Start) || !GuestPage.IsAligned(mapping.End))
            throw new ArgumentException("a mapping is whole pages", nameof(mapping));
        bool takesAway;
        lock (_lock)
        {
            // First the reference: what is removed may hold the only other one.
            mapping.Source?.AddReference();
            int index = RemoveRange(mapping.Start, mapping.End);
            _mappings.Insert(index, mapping);
            MergeAround(index);
            // Asked with the lock held: another thread's change may end this one's retirement before the others have been waited for.
            takesAway = _retiring is not null;
        }
        if (takesAway)
            FinishChange();
    }

    /// <summary>Removes every mapping, or part of one, in a range of whole pages.</summary>
    public void Unmap(ulong start, ulong end)
    {
        if (start >= end)
            return;
        lock (_lock)
            RemoveRange(start, end);
        FinishChange();
    }

    /// <summary>Changes the protection of everything mapped in a range; holes are left alone.</summary>
    public void Protect(ulong start, ulong end, PageProtection protection)
    {
        bool takesAway = false;
        lock (_lock)
        {
            int index = SplitAt(start);
            int stop = SplitAt(end);
            for (int i = index; i < stop; i++)
            {
                takesAway |= (_mappings[i].Protection & ~protection) != 0;
                _mappings[i] = _mappings[i] with { Protection = protection };
            }
            InvalidateTables(start >> GuestPage.Shift, end >> GuestPage.Shift);
            MergeRange(index, stop);
        }
        if (takesAway)
            FinishChange();
    }

    /// <summary>Replaces each mapping in a range by what <paramref name="change"/> makes of it; its range and source must stay.</summary>
    public void Update(ulong start, ulong end, Func<Mapping, Mapping> change)
    {
        lock (_lock)
        {
            int index = SplitAt(start);
            int stop = SplitAt(end);
            for (int i = index; i < stop; i++)
                _mappings[i] = change(_mappings[i]);
            MergeRange(index, stop);
        }
    }

    /// <summary>
    /// Drops the private contents of a range (MADV_DONTNEED, or a file that became shorter): the next touch fills anew.
    /// </summary>
    public void Discard(ulong start, ulong end)
    {
        lock (_lock)
            DropPages(start >> GuestPage.Shift, end >> GuestPage.Shift);
        FinishChange();
    }

    /// <summary>Moves the mappings of a range, with their pages, to another that does not overlap it (mremap).</summary>
    public void Move(ulong start, ulong end, ulong target)
    {
        ulong length = end - start;
        if (start >= end || target > GuestPage.CanonicalEnd - length || (target < end && start < target + length))
            throw new ArgumentOutOfRangeException(nameof(target), "the ranges overlap or leave the user half");
        lock (_lock)
        {
            RemoveRange(target, target + length);
            int index = SplitAt(start);
            int stop = SplitAt(end);
            List<Mapping> moved = _mappings.GetRange(index, stop - index);
            _mappings.RemoveRange(index, stop - index);

            ulong first = start >> GuestPage.Shift, last = end >> GuestPage.Shift;
            InvalidateTables(first, last);
            for (ulong page = _pages.NextPresent(first, last); page < last; page = _pages.NextPresent(page + 1, last))
            {
                _pages.Set(page - first + (target >> GuestPage.Shift), MoveHome(_pages[page], page - first + (target >> GuestPage.Shift)));
                _pages.Set(page, 0);
            }
            _homes?.Retire(first, last - first);
            foreach (Mapping mapping in moved)
            {
                Mapping there = mapping with { Start = mapping.Start - start + target, End = mapping.End - start + target };
                int at = IndexAfter(there.Start);
                _mappings.Insert(at, there);
                MergeAround(at);
            }
            TrimIfSparse();
        }
        FinishChange();
    }

    /// <summary>The entry for a page that was another's: its bytes go to the new home where they can, so that access to them stays fast.</summary>
    private nuint MoveHome(nuint entry, ulong page)
    {
        if (_homes is null || ((PageFlags)entry & (PageFlags.Home | PageFlags.CopyOnWrite)) != PageFlags.Home)
            return entry;
        byte* home = _homes.Take(page, 1, out _);
        if (home is null)
            return entry;
        Buffer.MemoryCopy(FrameOf(entry), home, GuestPage.Size, GuestPage.Size);
        Release(entry);
        return (nuint)home | entry & (nuint)GuestPage.Mask;
    }

    /// <summary>The mapping that covers an address, or null.</summary>
    public Mapping? Find(ulong address)
    {
        lock (_lock)
            return FindLocked(address);
    }

    /// <summary>The mapping that covers an address, else the first above it, or null.</summary>
    public Mapping? FindOrNext(ulong address)
    {
        lock (_lock)
        {
            int index = IndexAfter(address);
            if (index > 0 && _mappings[index - 1].Contains(address))
                return _mappings[index - 1];
            return index < _mappings.Count ? _mappings[index] : null;
        }
    }

    /// <summary>All mappings in address order, as they are now.</summary>
    public Mapping[] Snapshot()
    {
        lock (_lock)
            return [.. _mappings];
    }

    /// <summary>Whether every page of a range is mapped.</summary>
    public bool IsMapped(ulong start, ulong end)
    {
        lock (_lock)
        {
            while (start < end)
            {
                if (FindLocked(start) is not { } mapping)
                    return false;
                start = mapping.End;
            }
            return true;
        }
    }

    /// <summary>Whether the page of an address has a frame already (mincore).</summary>
    public bool IsPresent(ulong address)
    {
        lock (_lock)
            return address < GuestPage.CanonicalEnd && _pages[address >> GuestPage.Shift] != 0;
    }

    /// <summary>Whether no page of a range is mapped.</summary>
    public bool IsFree(ulong start, ulong end)
    {
        lock (_lock)
        {
            int index = IndexAfter(start);
            return (index == 0 || _mappings[index - 1].End <= start) && (index == _mappings.Count || _mappings[index].Start >= end);
        }
    }

    /// <summary>
    /// The highest free range of a length below <paramref name="high"/>, or 0 when there is none at or above <paramref name="low"/>.
    /// </summary>
    public ulong FindFreeTopDown(ulong length, ulong low, ulong high, ulong alignment = GuestPage.Size)
    {
        lock (_lock)
        {
            int index = IndexAfter(high);
            ulong gapEnd = index < _mappings.Count ? Math.Min(high, GuardedStart(_mappings[index])) : high;
            while (true)
            {
                ulong gapStart = index > 0 ? Math.Max(low, _mappings[index - 1].End) : low;
                if (gapEnd > gapStart && gapEnd - gapStart >= length)
                {
                    ulong candidate = (gapEnd - length) & ~(alignment - 1);
                    if (candidate >= gapStart)
                        return candidate;
                }
                if (index == 0)
                    return 0;
                index--;
                gapEnd = Math.Min(gapEnd, GuardedStart(_mappings[index]));
                if (gapEnd <= low)
                    return 0;
            }
        }
    }

    /// <summary>The lowest free range of a length at or above <paramref name="low"/>, or 0 when there is none below <paramref name="high"/>.</summary>
    public ulong FindFreeBottomUp(ulong length, ulong low, ulong high)
    {
        lock (_lock)
        {
            int index = IndexAfter(low);
            ulong candidate = index > 0 ? Math.Max(low, _mappings[index - 1].End) : low;
            for (; ; index++)
            {
                ulong gapEnd = index < _mappings.Count ? Math.Min(high, GuardedStart(_mappings[index])) : high;
                if (gapEnd > candidate && gapEnd - candidate >= length)
                    return candidate;
                if (index >= _mappings.Count || gapEnd >= high)
                    return 0;
                candidate = _mappings[index].End;
            }
        }
    }

    /// <summary>Linux keeps 256 pages free below a stack (stack_guard_gap).</summary>
    private static ulong GuardedStart(Mapping mapping) =>
        mapping.GrowsDown ? mapping.Start - Math.Min(mapping.Start, StackGuardGap) : mapping.Start;

    /// <summary>Index of the first mapping that starts after an address.</summary>
    private int IndexAfter(ulong address)
    {
        int low = 0, high = _mappings.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_mappings[middle].Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private Mapping? FindLocked(ulong address)
    {
        int index = IndexAfter(address);
        return index > 0 && _mappings[index - 1].Contains(address) ? _mappings[index - 1] : null;
    }

    /// <summary>Makes an address a boundary between mappings and returns the index of the first mapping at or after it.</summary>
    private int SplitAt(ulong address)
    {
        int index = IndexAfter(address);
        if (index == 0)
            return 0;
        Mapping mapping = _mappings[index - 1];
        if (mapping.Start == address)
            return index - 1;
        if (mapping.End <= address)
            return index;
        _mappings[index - 1] = mapping.Slice(mapping.Start, address);
        _mappings.Insert(index, mapping.Slice(address, mapping.End));
        mapping.Source?.AddReference();
        return index;
    }

    private int RemoveRange(ulong start, ulong end)
    {
        int index = SplitAt(start);
        int stop = SplitAt(end);
        DropPages(start >> GuestPage.Shift, end >> GuestPage.Shift);
        for (int i = index; i < stop; i++)
            Release(_mappings[i].Source);
        _mappings.RemoveRange(index, stop - index);
        return index;
    }

    private void MergeAround(int index)
    {
        TryMerge(index);
        if (index > 0)
            TryMerge(index - 1);
    }

    private void MergeRange(int index, int stop)
    {
        for (int i = stop; i >= Math.Max(index, 1); i--)
            TryMerge(i - 1);
    }

    private void TryMerge(int index)
    {
        if (index + 1 >= _mappings.Count || !_mappings[index].IsContinuedBy(_mappings[index + 1]))
            return;
        _mappings[index + 1].Source?.Release();
        _mappings[index] = _mappings[index] with { End = _mappings[index + 1].End };
        _mappings.RemoveAt(index + 1);
    }

    /// <summary>Forgets the frames of a range of pages and releases those that are owned.</summary>
    private void DropPages(ulong first, ulong last)
    {
        ReleasePages(first, last);
        TrimIfSparse();
    }

    /// <param name="first">The first page.</param>
    /// <param name="last">The page behind the last.</param>
    /// <param name="keep">Whether memory at home is soon given up altogether.</param>
    private void ReleasePages(ulong first, ulong last, bool keep = false)
    {
        ulong runStart = first, run = 0;
        for (ulong page = _pages.NextPresent(first, last); page < last; page = _pages.NextPresent(page + 1, last))
        {
            NotifyCode(page);
            nuint entry = _pages[page];
            _tables.Set(page, null, null);
            _pages.Set(page, 0);
            if (((PageFlags)entry & PageFlags.Owned) != 0)
                Release(entry);
            if (page != runStart + run)
            {
                Retire(runStart, run);
                runStart = page;
                run = 0;
            }
            run++;
        }
        Retire(runStart, run);

        void Retire(ulong page, ulong count)
        {
            if (keep || count == 0)
                return;
            if (Retiring is { } retiring)
                retiring.Homes.Add((page, count));
            else
                _homes?.Retire(page, count);
        }
    }

    /// <summary>Keeps what is spent on directory and tables in proportion to the pages that are present.</summary>
    private void TrimIfSparse()
    {
        if (_pages.WantsTrim)
            _pages.Trim(_tables);
    }

    /// <summary>Sends the next access to each page of a range through the slow path, where its new protection is looked up.</summary>
    private void InvalidateTables(ulong first, ulong last)
    {
        for (ulong page = _pages.NextPresent(first, last); page < last; page = _pages.NextPresent(page + 1, last))
        {
            NotifyCode(page);
            _tables.Set(page, null, null);
        }
    }
}
