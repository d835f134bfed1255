using Faultline.Memory;

namespace Faultline.Linux.Mm;

/// <summary>
/// The object behind a shared anonymous mapping (Linux makes an unlinked tmpfs file): frames that every address space which maps it sees.
/// </summary>
internal sealed unsafe class AnonymousShared(FramePool frames) : IPageSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, nint> _pages = [];
    private int _references;

    /// <inheritdoc/>
    public int Fill(ulong offset, Span<byte> destination)
    {
        lock (_lock)
        {
            for (int at = 0; at < destination.Length; at += GuestPage.Size)
            {
                if (_pages.TryGetValue(offset + (ulong)at, out nint frame))
                    new ReadOnlySpan<byte>((void*)frame, GuestPage.Size).CopyTo(destination.Slice(at, GuestPage.Size));
            }
        }
        return destination.Length;
    }

    /// <inheritdoc/>
    public byte* SharedPage(ulong offset, bool forWrite)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(offset, out nint frame))
                return (byte*)frame;
            byte* fresh = frames.Allocate();
            if (fresh is not null)
                _pages.Add(offset, (nint)fresh);
            return fresh;
        }
    }

    /// <inheritdoc/>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <inheritdoc/>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        lock (_lock)
        {
            foreach (nint frame in _pages.Values)
                frames.Release((byte*)frame);
            _pages.Clear();
        }
    }
}
