namespace Faultline.Memory;

/// <summary>
/// What ended address spaces have left: their flat tables, which hold zeros again, and the windows of their homes. A short process costs the host fewer mappings and page
/// faults when it gets those of the one before. Thread-safe.
/// </summary>
internal sealed class SpaceReserve : IDisposable
{
    /// <summary>How many are kept: enough for a shell, a pipeline, a build.</summary>
    private const int MaxKept = 3;

    /// <summary>Frames of host memory that may stay behind the homes of one, and leaves of its directory, each of which has touched at most three host pages of tables.</summary>
    private const int MaxStaleFrames = 1024;
    private const int MaxLeaves = 64;

    private readonly Lock _lock = new();
    private readonly Stack<(FlatTables Tables, PageHomes? Homes)> _kept = new();
    private bool _disposed;

    /// <summary>Takes a pair if there is one; otherwise makes one.</summary>
    /// <param name="frames">Where the homes' frames are counted: the pool that this belongs to.</param>
    public (FlatTables Tables, PageHomes? Homes) Take(FramePool frames)
    {
        lock (_lock)
        {
            if (_kept.TryPop(out (FlatTables, PageHomes?) kept))
                return kept;
        }
        PageHomes? homes = OperatingSystem.IsWindows() ? null : new PageHomes(frames);
        FlatTables tables = new(FlatTables.FullPages, homes?.Mask ?? 0);
        // Without tables nothing says who is at home.
        if (tables.PageLimit == 0)
            homes = null;
        return (tables, homes);
    }

    /// <summary>Keeps a pair whose address space has ended, or gives it back to the host.</summary>
    /// <param name="tables">Tables whose entries are all 0.</param>
    /// <param name="homes">Homes none of whose frames the address space refers to; others may.</param>
    /// <param name="leaves">Leaves that its directory had.</param>
    public void Return(FlatTables tables, PageHomes? homes, int leaves)
    {
        if (tables.PageLimit != 0 && leaves <= MaxLeaves && (homes?.Stale ?? 0) <= MaxStaleFrames)
        {
            lock (_lock)
            {
                if (!_disposed && _kept.Count < MaxKept)
                {
                    _kept.Push((tables, homes));
                    return;
                }
            }
        }
        homes?.Dispose();
        tables.Dispose();
    }

    /// <summary>Gives all back to the host.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_kept.TryPop(out (FlatTables Tables, PageHomes? Homes) kept))
            {
                kept.Homes?.Dispose();
                kept.Tables.Dispose();
            }
        }
    }
}
