namespace Faultline.Memory;

/// <summary>
/// Hands out zeroed 4 KiB frames of host memory with a reference count each. Frames lie in chunks aligned to their own size, so that a
/// frame's counter is found from its address alone. Thread-safe.
/// </summary>
internal sealed unsafe class FramePool : IDisposable
{
    /// <summary>Bytes of a chunk and its alignment: large, because a host process may hold only some 65,000 mappings.</summary>
    private const int ChunkSize = 32 << 20;
    private const int FramesPerChunk = ChunkSize / GuestPage.Size;

    /// <summary>The counters (one int a frame) occupy the first frames of their chunk.</summary>
    private const int FirstFrame = FramesPerChunk * sizeof(int) / GuestPage.Size;

    /// <summary>Free frames kept for single allocations before runs draw on them as well: 4 MiB.</summary>
    private const int ReuseThreshold = 1024;

    private readonly Lock _lock = new();
    private readonly List<(nint Reservation, nint Chunk)> _chunks = [];
    private readonly Stack<nint> _free = new();
    private byte* _current;
    private int _next = FramesPerChunk;
    private long _inUse;
    private bool _disposed;

    /// <summary>Tables and homes of address spaces that have ended.</summary>
    public SpaceReserve Spaces { get; } = new();

    /// <summary>Frames handed out and not yet released.</summary>
    public long FramesInUse => Interlocked.Read(ref _inUse);

    /// <summary>Bytes of host memory that have been set aside for frames, in use or not; they are kept for reuse.</summary>
    public long ReservedBytes
    {
        get
        {
            lock (_lock)
                return (long)_chunks.Count * ChunkSize;
        }
    }

    /// <summary>The most frames that may be in use at once; an allocation beyond it fails.</summary>
    public long FrameLimit { get; init; } = long.MaxValue;

    /// <summary>A zeroed frame with one reference, or null when the host or the limit refuses.</summary>
    public byte* Allocate() => AllocateRun(1, out _);

    /// <summary>
    /// Up to <paramref name="wanted"/> zeroed frames that follow one another in host memory, each with one reference.
    /// </summary>
    /// <param name="wanted">How many, at least 1.</param>
    /// <param name="count">How many there are: at least 1 unless the result is null.</param>
    public byte* AllocateRun(int wanted, out int count)
    {
        byte* frame;
        bool recycled = false;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            count = 0;
            long room = FrameLimit - _inUse;
            if (room <= 0)
                return null;
            if ((wanted == 1 || _free.Count >= ReuseThreshold) && _free.TryPop(out nint popped))
            {
                frame = (byte*)popped;
                recycled = true;
                count = 1;
            }
            else
            {
                if (_next == FramesPerChunk && !AddChunk())
                {
                    if (!_free.TryPop(out popped))
                        return null;
                    frame = (byte*)popped;
                    recycled = true;
                    count = 1;
                }
                else
                {
                    count = (int)Math.Min(Math.Min(wanted, FramesPerChunk - _next), room);
                    frame = _current + (long)_next * GuestPage.Size;
                    _next += count;
                }
            }
            _inUse += count;
        }

        for (int i = 0; i < count; i++)
            *Counter(frame + (long)i * GuestPage.Size) = 1;
        if (recycled)
            new Span<byte>(frame, GuestPage.Size).Clear();
        return frame;
    }

    /// <summary>Counts frames in use that lie elsewhere (see <see cref="PageHomes"/>).</summary>
    /// <returns>How many of them the limit allows.</returns>
    public int CountIn(int wanted)
    {
        lock (_lock)
        {
            int count = (int)Math.Clamp(FrameLimit - _inUse, 0, wanted);
            _inUse += count;
            return count;
        }
    }

    /// <summary>Frames that lie elsewhere are not in use any more.</summary>
    public void CountOut(int count)
    {
        lock (_lock)
            _inUse -= count;
    }

    /// <summary>Adds a reference to a frame of this pool (a second address space shares it).</summary>
    public void AddReference(byte* frame) => Interlocked.Increment(ref *Counter(frame));

    /// <summary>Whether a frame has exactly one owner, so that a store needs no copy.</summary>
    public bool IsExclusive(byte* frame) => Volatile.Read(ref *Counter(frame)) == 1;

    /// <summary>Drops a reference; the last one returns the frame to the pool.</summary>
    public void Release(byte* frame)
    {
        if (Interlocked.Decrement(ref *Counter(frame)) != 0)
            return;
        lock (_lock)
        {
            _inUse--;
            _free.Push((nint)frame);
        }
    }

    /// <summary>Frees all host memory; no frame may be touched afterwards.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            Spaces.Dispose();
            foreach ((nint reservation, _) in _chunks)
                HostMemory.Free((byte*)reservation, ChunkSize * 2);
            _chunks.Clear();
            _free.Clear();
        }
    }

    private static int* Counter(byte* frame)
    {
        nuint chunk = (nuint)frame & ~(nuint)(ChunkSize - 1);
        return (int*)chunk + (((nuint)frame - chunk) >> GuestPage.Shift);
    }

    private bool AddChunk()
    {
        // Twice the size, so that an aligned chunk lies within; the untouched rest costs address space only.
        byte* reservation = HostMemory.Reserve(ChunkSize * 2);
        if (reservation is null)
            return false;
        _current = (byte*)(((nuint)reservation + ChunkSize - 1) & ~(nuint)(ChunkSize - 1));
        _chunks.Add(((nint)reservation, (nint)_current));
        _next = FirstFrame;
        return true;
    }
}
