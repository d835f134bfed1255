namespace Faultline.Memory;

/// <summary>The two sparse tables that the processor reads without a lock: reservations of host address space, touched where used.</summary>
internal sealed unsafe class FlatTables : IDisposable
{
    /// <summary>Pages of the whole user half: 2^35 entries, 256 GiB of host address space a table.</summary>
    public const ulong FullPages = GuestPage.CanonicalEnd >> GuestPage.Shift;

    /// <summary>
    /// Full-size pairs that may exist at once: 96 TiB of the 128 TiB a Linux process has on x86-64. The rest is for the host's own heaps,
    /// which end the process when they are refused memory; an address space without tables is merely slower.
    /// </summary>
    public const int MaxPairs = 192;

    private static int s_pairs;

    /// <summary>Reserves both tables; where the host refuses, <see cref="PageLimit"/> is 0 and both are null.</summary>
    public FlatTables(ulong pages)
    {
        if (pages == 0 || sizeof(nuint) < 8)
            return;
        byte* both = Interlocked.Increment(ref s_pairs) <= MaxPairs ? HostMemory.Reserve((nuint)(pages * sizeof(long) * 2)) : null;
        if (both is null)
        {
            Interlocked.Decrement(ref s_pairs);
            return;
        }
        Read = (long*)both;
        Write = Read + pages;
        PageLimit = pages;
    }

    /// <summary>Entries for loads.</summary>
    public long* Read { get; private set; }

    /// <summary>Entries for stores.</summary>
    public long* Write { get; private set; }

    /// <summary>Entries in each.</summary>
    public ulong PageLimit { get; private set; }

    /// <summary>Sets a page's entries; a null pointer means the slow path.</summary>
    public void Set(ulong page, byte* forLoads, byte* forStores)
    {
        if (page >= PageLimit)
            return;
        long guest = (long)(page << GuestPage.Shift);
        Read[page] = forLoads is null ? 0 : (long)forLoads - guest;
        Write[page] = forStores is null ? 0 : (long)forStores - guest;
    }

    /// <summary>Sends stores to a page through the slow path again.</summary>
    public void ClearWrite(ulong page)
    {
        if (page < PageLimit)
            Write[page] = 0;
    }

    /// <summary>Gives the host memory behind entries that are all 0 back, where they fill whole host pages.</summary>
    public void Discard(ulong page, ulong count)
    {
        if (page >= PageLimit)
            return;
        HostMemory.Discard((byte*)(Read + page), (nuint)(count * sizeof(long)));
        HostMemory.Discard((byte*)(Write + page), (nuint)(count * sizeof(long)));
    }

    /// <summary>Gives the reservations back.</summary>
    public void Dispose()
    {
        if (Read is null)
            return;
        HostMemory.Free((byte*)Read, (nuint)(PageLimit * sizeof(long) * 2));
        Interlocked.Decrement(ref s_pairs);
        Read = null;
        Write = null;
        PageLimit = 0;
    }
}
