namespace Faultline.Memory;

// The slow path: the one place where policy lives.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>Linux keeps this much free below a stack.</summary>
    private const ulong StackGuardGap = 256 * GuestPage.Size;

    /// <summary>Pages filled at once: neighbours are likely next, and a run of frames is contiguous in host memory.</summary>
    private const int FillCluster = 16;

    /// <summary>
    /// The host address of one guest byte for an access, filling, copying and notifying as the page needs. The rest of its page follows;
    /// what lies beyond the page does not.
    /// </summary>
    /// <returns>Null when the access faults; <paramref name="fault"/> says why.</returns>
    public byte* Resolve(ulong address, MemoryAccess access, out MemoryFault fault)
    {
        byte* host = ResolveOnce(address, access, out fault, out Duty duty);
        int waits = 0;
        // Only stores wait here: who resolves a load, or a store before a load, may hold on to what it has got. Whoever waits looks again, since it held nothing meanwhile.
        while (duty != Duty.None)
        {
            if (duty == Duty.WaitAndRetry)
            {
                // Other threads have been told that this code changes: none may run what it was when the store is made.
                waits++;
                WaitForOthers();
            }
            else
            {
                FinishChange();
            }
            host = ResolveOnce(address, access, out fault, out duty);
        }
        if (waits != 0)
            Interlocked.Add(ref _storesToCode, -waits);
        return host;
    }

    /// <summary>
    /// Stores all bytes of an operand, or none of them when one would fault: no other thread can take a page away between the look-up of the first and the store to the last.
    /// </summary>
    /// <param name="address">Where; it may cross pages.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="fault">Why nothing was stored.</param>
    /// <returns>How many bytes come before the first that faults; all when they have been stored.</returns>
    public int WriteWhole(ulong address, ReadOnlySpan<byte> source, out MemoryFault fault)
    {
        int waits = 0;
        while (true)
        {
            int done = WriteWholeOnce(address, source, out fault, out Duty duty);
            if (duty == Duty.WaitAndRetry)
            {
                waits++;
                WaitForOthers();
                continue;
            }
            if (waits != 0)
                Interlocked.Add(ref _storesToCode, -waits);
            if (duty == Duty.Finish)
                FinishChange();
            return done;
        }
    }

    private int WriteWholeOnce(ulong address, ReadOnlySpan<byte> source, out MemoryFault fault, out Duty duty)
    {
        lock (_lock)
        {
            Duty last = Duty.None;
            for (int done = 0; done < source.Length;)
            {
                ulong at = address + (ulong)done;
                _ = ResolveOnce(at, MemoryAccess.Write, out fault, out duty);
                if (duty == Duty.WaitAndRetry)
                    return done;
                if (duty == Duty.Finish)
                    last = duty;
                duty = last;
                if (fault != MemoryFault.None)
                    return done;
                done += GuestPage.Size - (int)(at & GuestPage.Mask);
            }
            duty = last;
            // Nothing can change with the lock held: every page is as it was found.
            return Write(address, source, out fault);
        }
    }

    /// <summary>What is left to do when a page has been resolved, without the lock.</summary>
    private enum Duty
    {
        None,

        /// <summary>Others run what the store changes: wait for them and begin again. It has been counted in <see cref="_storesToCode"/>.</summary>
        WaitAndRetry,

        /// <summary>A frame was replaced: wait for those who may load from the old one, then free it, and look again.</summary>
        Finish,
    }

    private byte* ResolveOnce(ulong address, MemoryAccess access, out MemoryFault fault, out Duty duty)
    {
        duty = Duty.None;
        if (address >= GuestPage.CanonicalEnd)
        {
            // The upper half is the kernel's: canonical, present or not, and never the user's.
            fault = address >= ulong.MaxValue - GuestPage.CanonicalEnd + 1 ? MemoryFault.NotMapped : MemoryFault.NonCanonical;
            return null;
        }

        lock (_lock)
        {
            Mapping? mapping = FindLocked(address) ?? GrowStack(address);
            if (mapping is null)
            {
                fault = MemoryFault.NotMapped;
                return null;
            }
            if (!Allows(mapping.Protection, access))
            {
                fault = MemoryFault.Protection;
                return null;
            }

            ulong page = address >> GuestPage.Shift;
            nuint entry = _pages[page];
            if (entry == 0)
            {
                fault = Fill(mapping, page, access == MemoryAccess.Write);
                if (fault != MemoryFault.None)
                    return null;
                entry = _pages[page];
            }
            if (access == MemoryAccess.Write)
            {
                bool changes = NotifyCode(page) || IsChanging(page);
                if (_sharedCode && mapping is { Shared: true, Source: not null })
                    changes |= NotifyCodeOfAliases(mapping, page);
                if (changes && _users.Length > 1)
                {
                    duty = Duty.WaitAndRetry;
                    Interlocked.Increment(ref _storesToCode);
                    fault = MemoryFault.None;
                    return null;
                }
                entry = _pages[page];
                if (((PageFlags)entry & PageFlags.CopyOnWrite) != 0)
                {
                    if (!TakeCopy(mapping, page, ref entry))
                    {
                        fault = MemoryFault.OutOfMemory;
                        return null;
                    }
                    if (_retiring is not null)
                        duty = Duty.Finish;
                }
            }

            Install(mapping, page, entry);
            fault = MemoryFault.None;
            return FrameOf(entry) + (address & GuestPage.Mask);
        }
    }

    private static byte* FrameOf(nuint entry) => (byte*)(entry & ~(nuint)GuestPage.Mask);

    /// <summary>x86-64 without protection keys: anything accessible is readable.</summary>
    private static bool Allows(PageProtection protection, MemoryAccess access) => access switch
    {
        MemoryAccess.Read => protection != PageProtection.None,
        MemoryAccess.Write => (protection & PageProtection.Write) != 0,
        _ => (protection & PageProtection.Execute) != 0,
    };

    private Mapping? GrowStack(ulong address)
    {
        int index = IndexAfter(address);
        if (index >= _mappings.Count || !_mappings[index].GrowsDown)
            return null;
        Mapping stack = _mappings[index];
        ulong start = GuestPage.Floor(address);
        if (stack.End - start > StackLimit)
            return null;
        // A neighbour below keeps the gap unless it is no access at all or a stack itself, as in Linux's expand_downwards.
        if (index > 0 && _mappings[index - 1] is { GrowsDown: false } below && below.Protection != PageProtection.None
            && start - below.End < StackGuardGap)
            return null;
        if (stack.Source is null)
            return _mappings[index] = stack with { Start = start };
        ulong growth = stack.Start - start;
        return growth > stack.Offset ? null : _mappings[index] = stack with { Start = start, Offset = stack.Offset - growth };
    }

    /// <summary>Gives a page, and as many of its neighbours as are cheap, a frame.</summary>
    private MemoryFault Fill(Mapping mapping, ulong page, bool forWrite)
    {
        if (mapping is { Shared: true, Source: { } shared })
        {
            byte* host = shared.SharedPage(mapping.Offset + ((page << GuestPage.Shift) - mapping.Start), forWrite);
            if (host is null)
                return MemoryFault.BeyondObject;
            _pages.Set(page, (nuint)host);
            return MemoryFault.None;
        }

        if (mapping is { Source: { } text, Protection: var protection } && (protection & (PageProtection.Execute | PageProtection.Write)) == PageProtection.Execute)
        {
            byte* common = text.TakeFrame(mapping.Offset + ((page << GuestPage.Shift) - mapping.Start));
            if (common is not null)
            {
                _pages.Set(page, (nuint)common | (nuint)(PageFlags.Owned | PageFlags.CopyOnWrite));
                return MemoryFault.None;
            }
        }

        // Files are read in an aligned window around the page; anonymous memory is given ahead of it.
        ulong first = page;
        if (mapping.Source is not null)
        {
            first = Math.Max(page & ~(ulong)(FillCluster - 1), mapping.Start >> GuestPage.Shift);
            while (first < page && HasEntryBetween(first, page))
                first++;
        }
        ulong last = Math.Min(mapping.End >> GuestPage.Shift, first + FillCluster);
        ulong present = _pages.NextPresent(page + 1, last);
        int wanted = (int)(Math.Min(last, present) - first);

        byte* run = TakeRun(first, wanted, out int count, out PageFlags flags);
        if (run is null)
            return MemoryFault.OutOfMemory;
        if (first + (ulong)count <= page)
        {
            // The run is too short to reach the page: start over with the page alone.
            ReleaseRun(run, 0, count, flags);
            first = page;
            run = TakeRun(page, 1, out count, out flags);
            if (run is null)
                return MemoryFault.OutOfMemory;
        }

        int backed = count;
        if (mapping.Source is { } source)
        {
            ulong offset = mapping.Offset + ((first << GuestPage.Shift) - mapping.Start);
            backed = source.Fill(offset, new Span<byte>(run, count * GuestPage.Size)) / GuestPage.Size;
            ReleaseRun(run, backed, count, flags);
            if (first + (ulong)backed <= page)
            {
                ReleaseRun(run, 0, backed, flags);
                return MemoryFault.BeyondObject;
            }
        }
        for (int i = 0; i < backed; i++)
        {
            nuint entry = (nuint)(run + (long)i * GuestPage.Size) | (nuint)flags;
            _pages.Set(first + (ulong)i, entry);
            Install(mapping, first + (ulong)i, entry);
        }
        return MemoryFault.None;
    }

    /// <summary>
    /// Gives the page behind that of an address a frame if nobody has touched it yet, so that accesses at home that may reach into it need no look at where they end. The guest sees no more
    /// of it than of any page that is filled ahead.
    /// </summary>
    /// <param name="address">In a page that has a frame; for any other nothing is done.</param>
    public void FillNext(ulong address)
    {
        lock (_lock)
        {
            ulong page = (address >> GuestPage.Shift) + 1;
            if (page >= _tables.PageLimit || _pages[page - 1] == 0 || _pages[page] != 0
                || FindLocked(page << GuestPage.Shift) is not { Shared: false, Protection: not PageProtection.None } mapping)
                return;
            if (Fill(mapping, page, forWrite: false) == MemoryFault.None)
                Install(mapping, page, _pages[page]);
        }
    }

    private bool HasEntryBetween(ulong first, ulong page) => _pages.NextPresent(first, page) < page;

    /// <summary>Frames for a page and those behind it: at home if they can be there.</summary>
    /// <param name="page">The first page.</param>
    /// <param name="wanted">How many, at least 1.</param>
    /// <param name="count">How many there are: at least 1 unless the result is null.</param>
    /// <param name="flags">What their entries have to say.</param>
    private byte* TakeRun(ulong page, int wanted, out int count, out PageFlags flags)
    {
        count = 0;
        flags = PageFlags.Owned | PageFlags.Home;
        byte* home = _homes is null ? null : _homes.Take(page, wanted, out count);
        if (home is not null)
            return home;
        flags = PageFlags.Owned;
        return _frames.AllocateRun(wanted, out count);
    }

    private void ReleaseRun(byte* run, int from, int to, PageFlags flags)
    {
        for (int i = from; i < to; i++)
            ReleaseFrame((nuint)(run + (long)i * GuestPage.Size) | (nuint)flags);
    }

    /// <summary>Adds a reference to the frame of an owning entry.</summary>
    private void AddReference(nuint entry)
    {
        if (((PageFlags)entry & PageFlags.Home) != 0)
            HomeWindow.AddReference(FrameOf(entry));
        else
            _frames.AddReference(FrameOf(entry));
    }

    /// <summary>Drops the reference that an owning entry holds.</summary>
    private void ReleaseFrame(nuint entry)
    {
        if (((PageFlags)entry & PageFlags.Home) != 0)
            HomeWindow.Release(FrameOf(entry), _frames);
        else
            _frames.Release(FrameOf(entry));
    }

    private bool IsExclusive(nuint entry) => ((PageFlags)entry & PageFlags.Home) != 0 ? HomeWindow.IsExclusive(FrameOf(entry)) : _frames.IsExclusive(FrameOf(entry));

    /// <summary>Makes a shared private frame this address space's own.</summary>
    private bool TakeCopy(Mapping mapping, ulong page, ref nuint entry)
    {
        if (IsExclusive(entry))
        {
            entry &= ~(nuint)PageFlags.CopyOnWrite;
            _pages.Set(page, entry);
            return true;
        }

        byte* copy = TakeRun(page, 1, out _, out PageFlags flags);
        if (copy is null)
            return false;
        nuint old = entry;
        Buffer.MemoryCopy(FrameOf(old), copy, GuestPage.Size, GuestPage.Size);
        entry = (nuint)copy | (nuint)flags;
        _pages.Set(page, entry);
        // Other threads must stop loading from the old frame before it can become someone else's.
        Install(mapping, page, entry);
        Release(old);
        return true;
    }

    /// <summary>Caches a present page in the flat tables as far as its mapping and flags allow.</summary>
    private void Install(Mapping mapping, ulong page, nuint entry)
    {
        byte* frame = FrameOf(entry);
        bool stores = (mapping.Protection & PageProtection.Write) != 0 && ((PageFlags)entry & (PageFlags.CopyOnWrite | PageFlags.Code)) == 0 && !IsChanging(page);
        if (stores && _sharedCode && mapping is { Shared: true, Source: not null })
            stores = !AliasHoldsCode(mapping, page);
        _tables.Set(page, mapping.Protection == PageProtection.None ? null : frame, stores ? frame : null);
    }
}
