namespace Faultline.Memory;

/// <summary>The sparse tables that the processor reads without a lock: reservations of host address space, touched where used.</summary>
internal sealed unsafe class FlatTables : IDisposable
{
    /// <summary>Pages of the whole user half: 2^35 entries, 256 GiB of host address space a table.</summary>
    public const ulong FullPages = GuestPage.CanonicalEnd >> GuestPage.Shift;

    /// <summary>
    /// Full-size sets that may exist at once: 93.5 TiB of the 128 TiB a Linux process has on x86-64. The rest is for the host's own heaps,
    /// which end the process when they are refused memory; an address space without tables is merely slower.
    /// </summary>
    public const int MaxPairs = 176;

    private static int s_pairs;

    /// <summary>Bit of <see cref="Home"/>: loads may go to the page's home.</summary>
    public const byte HomeLoads = 1;

    /// <summary>Bit of <see cref="Home"/>: stores may.</summary>
    public const byte HomeStores = 2;

    /// <summary>Bit of <see cref="Home"/>: loads may go to the page's home and to that of the next page, which follows it, so that one that begins here may end there.</summary>
    public const byte PairLoads = 4;

    /// <summary>Bit of <see cref="Home"/>: stores may.</summary>
    public const byte PairStores = 8;

    /// <summary>From a bit for a page to that for it and the next.</summary>
    private const int PairShift = 2;

    private readonly ulong _homeMask;

    /// <summary>Bits of a page's number below those that are turned over: where they are all ones, the next page's home is elsewhere, and the page counts as away from home.</summary>
    private readonly ulong _runMask;

    /// <summary>Reserves the tables; where the host refuses, <see cref="PageLimit"/> is 0 and they are null.</summary>
    /// <param name="pages">Entries in each.</param>
    /// <param name="homeMask">See <see cref="PageHomes.Mask"/>; 0 when no page has a home.</param>
    public FlatTables(ulong pages, ulong homeMask = 0)
    {
        if (pages == 0 || sizeof(nuint) < 8)
            return;
        byte* all = Interlocked.Increment(ref s_pairs) <= MaxPairs ? HostMemory.Reserve(SizeOf(pages)) : null;
        if (all is null)
        {
            Interlocked.Decrement(ref s_pairs);
            return;
        }
        Read = (long*)all;
        Write = Read + pages;
        Home = (byte*)(Write + pages);
        PageLimit = pages;
        _homeMask = homeMask;
        _runMask = ((homeMask & (~homeMask + 1)) >> GuestPage.Shift) - 1;
    }

    /// <summary>Both entries and the byte for each page; and bytes that are 0 for a page behind the last, so that whoever looks at two pages need not ask whether there is a second.</summary>
    private static nuint SizeOf(ulong pages) => (nuint)(pages * (2 * sizeof(long) + sizeof(byte)) + GuestPage.Size);

    /// <summary>Entries for loads.</summary>
    public long* Read { get; private set; }

    /// <summary>Entries for stores.</summary>
    public long* Write { get; private set; }

    /// <summary>For each page whether its frame is at home, and for what: see <see cref="HomeLoads"/>.</summary>
    public byte* Home { get; private set; }

    /// <summary>Entries in each.</summary>
    public ulong PageLimit { get; private set; }

    /// <summary>How often a page lost its right to stores at home: what was found out about several pages before may not be so any more.</summary>
    public long StoresTaken { get; private set; }

    /// <summary>Sets a page's entries; a null pointer means the slow path.</summary>
    public void Set(ulong page, byte* forLoads, byte* forStores)
    {
        if (page >= PageLimit)
            return;
        long guest = (long)(page << GuestPage.Shift);
        Read[page] = forLoads is null ? 0 : (long)forLoads - guest;
        Write[page] = forStores is null ? 0 : (long)forStores - guest;
        if (_homeMask != 0)
        {
            byte* home = (byte*)((ulong)guest ^ _homeMask);
            bool isFollowed = ((page + 1) & _runMask) != 0;
            SetHome(page, isFollowed ? (forLoads == home ? HomeLoads : 0) | (forStores == home ? HomeStores : 0) : 0);
        }
    }

    /// <summary>Says what a page at home is good for, and what follows for it and its neighbours as pairs.</summary>
    private void SetHome(ulong page, int bits)
    {
        if ((Home[page] & ~bits & HomeStores) != 0)
            StoresTaken++;
        // The byte behind that of the last page is 0.
        Home[page] = WithPair(bits, Home[page + 1]);
        if (page == 0 || Home[page - 1] == 0)
            return;
        byte before = WithPair(Home[page - 1], bits);
        if (Home[page - 1] != before)
            Home[page - 1] = before;
    }

    private static byte WithPair(int bits, int next)
    {
        bits &= HomeLoads | HomeStores;
        return (byte)(bits | (bits & next) << PairShift);
    }

    /// <summary>Sends stores to a page through the slow path again.</summary>
    /// <returns>Whether they did not go there before.</returns>
    public bool ClearWrite(ulong page)
    {
        if (page >= PageLimit || Write[page] == 0)
            return false;
        Write[page] = 0;
        SetHome(page, Home[page] & HomeLoads);
        return true;
    }

    /// <summary>Gives the host memory behind entries that are all 0 back, where they fill whole host pages.</summary>
    public void Discard(ulong page, ulong count)
    {
        if (page >= PageLimit)
            return;
        HostMemory.Discard((byte*)(Read + page), (nuint)(count * sizeof(long)));
        HostMemory.Discard((byte*)(Write + page), (nuint)(count * sizeof(long)));
        HostMemory.Discard(Home + page, (nuint)count);
    }

    /// <summary>Gives the reservations back.</summary>
    public void Dispose()
    {
        if (Read is null)
            return;
        HostMemory.Free((byte*)Read, SizeOf(PageLimit));
        Interlocked.Decrement(ref s_pairs);
        Read = null;
        Write = null;
        Home = null;
        PageLimit = 0;
    }
}
