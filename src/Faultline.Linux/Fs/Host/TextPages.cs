using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Pages of host files that guests execute, read once for all processes: a frame that several address spaces show, and that whoever stores to it copies first. What is kept is
/// found by the file's identity, size and times, so that a file that has changed is read anew. Thread-safe.
/// </summary>
internal sealed unsafe class TextPages(FramePool frames, IHostClock clock)
{
    /// <summary>Frames kept at most, 128 MiB; then all are forgotten. Those in use stay with who uses them.</summary>
    private const int MaxFrames = 32768;

    /// <summary>Pages read at once.</summary>
    private const int Cluster = 16;

    /// <summary>
    /// A file that changed so shortly ago, in nanoseconds, may change again without a trace in its times, which have the grain of the host's clock tick (or of two seconds, on
    /// some file systems): it is not kept.
    /// </summary>
    private const long Settled = 3_000_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Dictionary<ulong, nint>> _files = [];
    private int _count;

    /// <summary>What a file is known by here; null for one that has changed too recently.</summary>
    public Key? KeyOf(in FileStatus status)
    {
        long settled = clock.Realtime - Settled;
        return status.Modified.ToNanoseconds() > settled || status.Changed.ToNanoseconds() > settled
            ? null
            : new Key(status.DeviceMajor, status.DeviceMinor, status.Inode, status.Size, status.Modified, status.Changed);
    }

    /// <summary>The frame with a page of a file, with a reference that becomes the caller's; null when there is none.</summary>
    /// <param name="key">The file.</param>
    /// <param name="source">Reads it.</param>
    /// <param name="offset">Byte offset of the page.</param>
    public byte* Take(in Key key, IPageSource source, ulong offset)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(key, out Dictionary<ulong, nint>? pages))
                _files.Add(key, pages = []);
            if (!pages.TryGetValue(offset, out nint frame))
            {
                Read(pages, source, offset & ~(ulong)((Cluster * GuestPage.Size) - 1));
                if (!pages.TryGetValue(offset, out frame))
                    return null;
            }
            frames.AddReference((byte*)frame);
            return (byte*)frame;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (Dictionary<ulong, nint> pages in _files.Values)
            {
                foreach (nint frame in pages.Values)
                    frames.Release((byte*)frame);
            }
            _files.Clear();
            _count = 0;
        }
    }

    private void Read(Dictionary<ulong, nint> pages, IPageSource source, ulong start)
    {
        if (_count + Cluster > MaxFrames)
        {
            Clear();
            return;
        }
        byte* run = frames.AllocateRun(Cluster, out int count);
        if (run is null)
            return;
        int backed = source.Fill(start, new Span<byte>(run, count * GuestPage.Size)) / GuestPage.Size;
        for (int i = 0; i < count; i++)
        {
            byte* frame = run + ((long)i * GuestPage.Size);
            if (i < backed && pages.TryAdd(start + ((ulong)i * GuestPage.Size), (nint)frame))
                _count++;
            else
                frames.Release(frame);
        }
    }

    /// <summary>A file in one state.</summary>
    internal readonly record struct Key(uint Major, uint Minor, ulong Inode, long Size, FileTime Modified, FileTime Changed)
    {
        /// <summary>Whether two are the same; by hand, for the reason given at <see cref="FileTime.Equals(FileTime)"/>.</summary>
        public bool Equals(Key other) => Inode == other.Inode && Major == other.Major && Minor == other.Minor && Size == other.Size && Modified.Equals(other.Modified) && Changed.Equals(other.Changed);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Inode, Size, Modified.Seconds, Modified.Nanoseconds);
    }
}
