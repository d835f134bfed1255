namespace Faultline.Memory;

/// <summary>
/// A range of pages that behave alike: what a page <em>should</em> be. Immutable; a change replaces it. Named after Linux's VMA.
/// </summary>
internal sealed record Mapping
{
    /// <summary>First address, page aligned.</summary>
    public required ulong Start { get; init; }

    /// <summary>Address after the last, page aligned.</summary>
    public required ulong End { get; init; }

    /// <summary>What the guest may do.</summary>
    public required PageProtection Protection { get; init; }

    /// <summary>What <c>mprotect</c> may raise the protection to (a shared mapping of a file opened read-only cannot become writable).</summary>
    public PageProtection MaxProtection { get; init; } = PageProtection.Read | PageProtection.Write | PageProtection.Execute;

    /// <summary>The object behind the pages, or null for anonymous private memory.</summary>
    public IPageSource? Source { get; init; }

    /// <summary>Offset of <see cref="Start"/> in <see cref="Source"/>, in bytes.</summary>
    public ulong Offset { get; init; }

    /// <summary>Stores reach the object (MAP_SHARED).</summary>
    public bool Shared { get; init; }

    /// <summary>Grows towards lower addresses when touched below (MAP_GROWSDOWN); the initial stack is one.</summary>
    public bool GrowsDown { get; init; }

    /// <summary>What <c>/proc/PID/maps</c> shows in its last column: a path, <c>[heap]</c>, <c>[stack]</c> or nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>A copy of the address space does not have it (MADV_DONTFORK).</summary>
    public bool IsNotForked { get; init; }

    /// <summary>A copy of the address space has it empty (MADV_WIPEONFORK).</summary>
    public bool IsWipedOnFork { get; init; }

    /// <summary>It stays as it is, for good (mseal).</summary>
    public bool IsSealed { get; init; }

    /// <summary>Opaque value of the kernel's for this mapping (the file description it came from); kept across splits.</summary>
    public object? Tag { get; init; }

    /// <summary>Bytes covered.</summary>
    public ulong Length => End - Start;

    /// <summary>Whether an address lies within.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;

    /// <summary>The part of this mapping between two page-aligned addresses within it.</summary>
    public Mapping Slice(ulong start, ulong end) => this with { Start = start, End = end, Offset = Source is null ? Offset : Offset + (start - Start) };

    /// <summary>Whether <paramref name="next"/> continues this mapping so exactly that the two are one to the guest.</summary>
    public bool IsContinuedBy(Mapping next) =>
        next.Start == End && next.Protection == Protection && next.MaxProtection == MaxProtection && next.Shared == Shared
        && next.GrowsDown == GrowsDown && ReferenceEquals(next.Source, Source) && ReferenceEquals(next.Tag, Tag)
        && next.IsNotForked == IsNotForked && next.IsWipedOnFork == IsWipedOnFork && next.IsSealed == IsSealed && next.Name == Name && (Source is null || next.Offset == Offset + Length);
}
