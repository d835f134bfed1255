namespace Faultline.Memory.Tests;

/// <summary>
/// What an address space must look like from outside, kept as simply as possible: one record a page of a small arena. Shared objects are one
/// dictionary of bytes for all models of a test.
/// </summary>
internal sealed class MemoryModel(Dictionary<(CountingSource Source, ulong Offset), byte> shared)
{
    private readonly Dictionary<ulong, Page> _pages = [];

    /// <summary>One mapped page. Only bytes that were stored since the last fill are kept.</summary>
    private sealed record Page(PageProtection Protection, CountingSource? Source, ulong Offset, bool Shared, Dictionary<int, byte> Stored);

    public void Map(ulong first, ulong count, PageProtection protection, CountingSource? source, ulong offset, bool isShared)
    {
        for (ulong i = 0; i < count; i++)
            _pages[first + i] = new Page(protection, source, source is null ? 0 : offset + i * GuestPage.Size, isShared, []);
    }

    public void Unmap(ulong first, ulong count)
    {
        for (ulong i = 0; i < count; i++)
            _pages.Remove(first + i);
    }

    public void Protect(ulong first, ulong count, PageProtection protection)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (_pages.TryGetValue(first + i, out Page? page))
                _pages[first + i] = page with { Protection = protection };
        }
    }

    public void Discard(ulong first, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (_pages.TryGetValue(first + i, out Page? page))
                page.Stored.Clear();
        }
    }

    public void Move(ulong first, ulong count, ulong target)
    {
        Unmap(target, count);
        for (ulong i = 0; i < count; i++)
        {
            if (_pages.Remove(first + i, out Page? page))
                _pages[target + i] = page;
        }
    }

    public MemoryModel Fork()
    {
        MemoryModel child = new(shared);
        foreach ((ulong number, Page page) in _pages)
            child._pages.Add(number, page with { Stored = new(page.Stored) });
        return child;
    }

    /// <summary>The fault of an access, or none.</summary>
    public MemoryFault Check(ulong address, MemoryAccess access)
    {
        if (!_pages.TryGetValue(address >> GuestPage.Shift, out Page? page))
            return MemoryFault.NotMapped;
        bool allowed = access switch
        {
            MemoryAccess.Read => page.Protection != PageProtection.None,
            MemoryAccess.Write => page.Protection.HasFlag(PageProtection.Write),
            _ => page.Protection.HasFlag(PageProtection.Execute),
        };
        if (!allowed)
            return MemoryFault.Protection;
        return page.Source is not null && page.Offset >= GuestPage.Ceiling(page.Source.Length) ? MemoryFault.BeyondObject : MemoryFault.None;
    }

    public byte Load(ulong address)
    {
        Page page = _pages[address >> GuestPage.Shift];
        int within = (int)(address & GuestPage.Mask);
        if (page.Source is null)
            return page.Stored.GetValueOrDefault(within);
        ulong offset = page.Offset + (ulong)within;
        byte original = offset < page.Source.Length ? CountingSource.ByteAt(offset) : (byte)0;
        return page.Shared ? shared.GetValueOrDefault((page.Source, offset), original) : page.Stored.GetValueOrDefault(within, original);
    }

    public void Store(ulong address, byte value)
    {
        Page page = _pages[address >> GuestPage.Shift];
        int within = (int)(address & GuestPage.Mask);
        if (page.Shared && page.Source is not null)
            shared[(page.Source, page.Offset + (ulong)within)] = value;
        else
            page.Stored[within] = value;
    }

    /// <summary>Whether a mapping list covers exactly these pages in these ways.</summary>
    public void AssertSame(Mapping[] mappings)
    {
        int seen = 0;
        ulong end = 0;
        foreach (Mapping mapping in mappings)
        {
            Assert.True(mapping.Start >= end && mapping.Start < mapping.End);
            end = mapping.End;
            for (ulong at = mapping.Start; at < mapping.End; at += GuestPage.Size, seen++)
            {
                Assert.True(_pages.TryGetValue(at >> GuestPage.Shift, out Page? page));
                Assert.Equal(page.Protection, mapping.Protection);
                Assert.Same(page.Source, mapping.Source);
                Assert.Equal(page.Shared, mapping.Shared);
                if (page.Source is not null)
                    Assert.Equal(page.Offset, mapping.Offset + (at - mapping.Start));
            }
        }
        Assert.Equal(_pages.Count, seen);
    }
}
