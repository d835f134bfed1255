namespace Faultline.Memory;

/// <summary>
/// Where the frames of an address space's private pages lie when they can choose: at the guest address with some bits turned over. The address of such a page's bytes follows
/// from the guest address without a look-up, so that translated code has it while the look whether it may is still under way.
/// </summary>
/// <remarks>
/// Host memory is reserved a window at a time, where the guest touches it. What the host refuses, what is shared, and what a fork or a move has left elsewhere has
/// frames of the pool or of another place; only the flat tables know where. Used under the address space's lock.
/// </remarks>
internal sealed unsafe class PageHomes : IDisposable
{
    /// <summary>Turned over in every address space: guest programs lie at the bottom, at 0x5555..., and at the top of the user half, their homes between.</summary>
    private const ulong Common = 1UL << 45;

    /// <summary>Lowest of the bits that differ from one address space to the next, and their number.</summary>
    private const int ApartShift = 36;
    private const int ApartBits = 9;

    /// <summary>
    /// Frames of a window that may be stale: 4 MiB, as in the pool. To clear them for the next use costs a tenth of the host's page fault, so what programs give back in a loop
    /// is kept; beyond that, memory goes back to the host.
    /// </summary>
    private const int StaleLimit = 1024;

    /// <summary>Windows of one address space, and of all: a host process can hold only some 65,000 mappings.</summary>
    private const int MaxWindows = 1024;
    private const int MaxWindowsInAll = 8192;

    private static int s_made;
    private static int s_windows;

    /// <summary>Windows by the upper bits of their guest addresses; null where the host refused.</summary>
    private readonly Dictionary<ulong, HomeWindow?> _windows = [];
    private readonly FramePool _frames;

    /// <summary>Makes one without windows.</summary>
    /// <param name="frames">Where frames in use are counted.</param>
    public PageHomes(FramePool frames)
    {
        _frames = frames;
        uint number = (uint)Interlocked.Increment(ref s_made);
        Mask = Common ^ ((ulong)(number & ((1 << ApartBits) - 1)) << ApartShift);
    }

    /// <summary>Bits of a guest address that are turned over.</summary>
    public ulong Mask { get; }

    /// <summary>Frames that are free and do not read as zero.</summary>
    public int Stale
    {
        get
        {
            int stale = 0;
            foreach ((ulong _, HomeWindow? window) in _windows)
                stale += window?.Stale ?? 0;
            return stale;
        }
    }

    /// <summary>Where a page's frame should be.</summary>
    public byte* HomeOf(ulong page) => (byte*)((page << GuestPage.Shift) ^ Mask);

    /// <summary>Up to so many zeroed frames, for a page and those behind it, at home; null when the first is not to be had there.</summary>
    public byte* Take(ulong page, int wanted, out int count)
    {
        count = 0;
        if (WindowOf(page) is not { } window)
            return null;
        byte* home = HomeOf(page);
        int free = window.CountFree(home, wanted);
        if (free == 0 || (count = _frames.CountIn(free)) == 0)
            return null;
        window.Take(home, count);
        return home;
    }

    /// <summary>Pages whose frames at home, if they had them, were released: keeps their memory for the next time, or gives it back.</summary>
    public void Retire(ulong page, ulong count)
    {
        while (count > 0)
        {
            const ulong PerWindow = 1UL << HomeWindow.Shift - GuestPage.Shift;
            ulong here = Math.Min(count, PerWindow - (page & (PerWindow - 1)));
            if (_windows.TryGetValue(KeyOf(page), out HomeWindow? window) && window is not null)
            {
                if (window.Stale > StaleLimit)
                    window.Discard(HomeOf(page), (int)here);
            }
            page += here;
            count -= here;
        }
    }

    /// <summary>Gives the windows up.</summary>
    public void Dispose()
    {
        foreach (HomeWindow? window in _windows.Values)
        {
            if (window is null)
                continue;
            window.Leave();
            Interlocked.Decrement(ref s_windows);
        }
        _windows.Clear();
    }

    private HomeWindow? WindowOf(ulong page)
    {
        if (_windows.TryGetValue(KeyOf(page), out HomeWindow? window) || _windows.Count == MaxWindows)
            return window;
        if (Interlocked.Increment(ref s_windows) <= MaxWindowsInAll)
            window = HomeWindow.Reserve((byte*)(KeyOf(page) << HomeWindow.Shift ^ Mask));
        if (window is null)
            Interlocked.Decrement(ref s_windows);
        _windows.Add(KeyOf(page), window);
        return window;
    }

    private static ulong KeyOf(ulong page) => page >> (HomeWindow.Shift - GuestPage.Shift);
}
