namespace Faultline.Memory.Tests;

/// <summary>
/// A pool, address spaces of it and sources for one test. Disposing it proves that every frame was released exactly once and that the
/// references of every source balance.
/// </summary>
internal sealed class Room : ICodeObserver, IDisposable
{
    public const PageProtection R = PageProtection.Read;
    public const PageProtection RW = PageProtection.Read | PageProtection.Write;
    public const PageProtection RX = PageProtection.Read | PageProtection.Execute;
    public const PageProtection RWX = RW | PageProtection.Execute;
    public const ulong Base = 0x1000_0000;
    public const ulong P = GuestPage.Size;

    private readonly List<AddressSpace> _spaces = [];
    private readonly List<CountingSource> _sources = [];
    private readonly bool _flat;

    public Room(bool flat, long frameLimit = long.MaxValue)
    {
        _flat = flat;
        Pool = new FramePool { FrameLimit = frameLimit };
        Space = NewSpace();
        Space.Join(new AddressSpaceUser(this, () => { }));
    }

    public FramePool Pool { get; }

    public AddressSpace Space { get; }

    /// <summary>Pages that <see cref="Space"/> reported changed code for, in order.</summary>
    public List<ulong> Changed { get; } = [];

    public AddressSpace NewSpace()
    {
        AddressSpace space = new(Pool, _flat);
        _spaces.Add(space);
        return space;
    }

    public AddressSpace Fork(AddressSpace parent)
    {
        AddressSpace child = parent.Fork();
        _spaces.Add(child);
        return child;
    }

    public CountingSource NewSource(ulong length)
    {
        CountingSource source = new(length);
        _sources.Add(source);
        return source;
    }

    public void Map(ulong start, ulong length, PageProtection protection = RW, CountingSource? source = null, ulong offset = 0, bool shared = false, bool growsDown = false, string name = "") =>
        Space.Map(new Mapping
        {
            Start = start,
            End = start + length,
            Protection = protection,
            Source = source,
            Offset = offset,
            Shared = shared,
            GrowsDown = growsDown,
            Name = name,
        });

    /// <summary>Ranges mapped, as text.</summary>
    public string Ranges() => string.Join(' ', Space.Snapshot().Select(m => $"{(m.Start - Base) / P}-{(m.End - Base) / P}{Text(m.Protection)}"));

    public void CodeChanged(ulong page) => Changed.Add(page);

    public void Dispose()
    {
        foreach (AddressSpace space in _spaces)
            space.Dispose();
        Assert.Equal(0, Pool.FramesInUse);
        foreach (CountingSource source in _sources)
        {
            Assert.Equal(0, source.References);
            Assert.True(source.Lowest >= 0);
            Assert.True(source.AlwaysZeroed);
        }
        Pool.Dispose();
    }

    private static string Text(PageProtection protection) =>
        ((protection & R) != 0 ? "r" : "-") + ((protection & PageProtection.Write) != 0 ? "w" : "-") + ((protection & PageProtection.Execute) != 0 ? "x" : "-");
}
