namespace Faultline.Memory;

/// <summary>
/// One guest address space: mappings, the pages behind them, and the flat tables through which the processor reaches them.
/// </summary>
/// <remarks>
/// Three layers. The mapping list says what a page should be. The <see cref="PageDirectory"/> says which frame it has. The two flat tables
/// cache that for loads and for stores. Only the tables are read without the lock; everything else is guarded by <see cref="_lock"/>.
/// Lock order: address space, then frame pool. Page sources are called with the lock held and must not call back.
/// </remarks>
internal sealed unsafe partial class AddressSpace : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FramePool _frames;
    private readonly PageDirectory _pages = new();
    private readonly List<Mapping> _mappings = [];
    private readonly FlatTables _tables;
    private readonly PageHomes? _homes;
    private readonly bool _wantsTables;
    private bool _disposed;

    /// <summary>Makes an empty address space.</summary>
    /// <param name="frames">Where its private pages come from; not owned.</param>
    /// <param name="flatTables">False keeps to the two-level directory alone, as on hosts that refuse large reservations.</param>
    public AddressSpace(FramePool frames, bool flatTables = true)
    {
        _frames = frames;
        _wantsTables = flatTables;
        (_tables, _homes) = flatTables ? frames.Spaces.Take(frames) : (new FlatTables(0), null);
    }

    /// <summary>The pool that private pages come from.</summary>
    public FramePool Frames => _frames;

    /// <summary>
    /// Entry per guest page for loads: host address minus guest address, or 0 for the slow path. Valid for pages below <see cref="PageLimit"/>.
    /// </summary>
    public long* ReadTable => _tables.Read;

    /// <summary>The same for stores.</summary>
    public long* WriteTable => _tables.Write;

    /// <summary>
    /// A byte per guest page, for pages below <see cref="PageLimit"/>: bit 0 when loads, bit 1 when stores may go to the guest address with the bits of
    /// <see cref="HomeMask"/> turned over; bits 2 and 3 when the same is so of the next page, too. Where a bit is clear, the flat tables know more.
    /// </summary>
    public byte* HomeTable => _tables.Home;

    /// <summary>See <see cref="HomeTable"/>; 0 where no page has a home.</summary>
    public ulong HomeMask => _homes?.Mask ?? 0;

    /// <summary>How many pages the flat tables cover; pages at or above it take the slow path. 0 where there are no flat tables.</summary>
    public ulong PageLimit => _tables.PageLimit;

    /// <summary>How far a grows-down mapping may reach below its end, in bytes (RLIMIT_STACK).</summary>
    public ulong StackLimit { get; set; } = 8 << 20;

    /// <summary>Free frames at home whose memory the host has not got back, for tests of what memory they take.</summary>
    public int StaleFrames
    {
        get
        {
            lock (_lock)
                return _homes?.Stale ?? 0;
        }
    }

    /// <summary>Leaves of the page directory (2 MiB of guest memory each) that are allocated, for tests of what memory it takes.</summary>
    public int DirectoryLeaves
    {
        get
        {
            lock (_lock)
                return _pages.LeafCount;
        }
    }

    /// <summary>Releases every page, mapping and table.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            int leaves = _pages.LeafCount;
            ReleasePages(0, GuestPage.CanonicalEnd >> GuestPage.Shift, keep: true);
            // Nobody runs here any more.
            _users = [];
            Settle();
            foreach (Mapping mapping in _mappings)
                mapping.Source?.Release();
            _mappings.Clear();
            _pages.Dispose();
            _frames.Spaces.Return(_tables, _homes, leaves);
            _disposed = true;
        }
    }
}
