namespace Faultline.Elf.Layout;

/// <summary>A part of a segment over which a later step of a plan put something of another segment.</summary>
internal sealed record LoadDamage
{
    /// <summary>Whose bytes they were.</summary>
    public required LoadSegment Segment { get; init; }

    /// <summary>The step that took them.</summary>
    public required LoadStep Step { get; init; }

    /// <summary>First address, link-time.</summary>
    public required ulong From { get; init; }

    /// <summary>Just past the last one.</summary>
    public required ulong To { get; init; }

    /// <summary>How many of the first <see cref="LoadHistory.MostCompared"/> bytes have another value than the segment gave them; 0 when only their protection changes.</summary>
    public required ulong Differing { get; init; }

    /// <summary>The first of them.</summary>
    public required ulong FirstDifference { get; init; }

    /// <summary>What the segment has from there on, some bytes.</summary>
    public required byte[] Before { get; init; }

    /// <summary>What the plan leaves there.</summary>
    public required byte[] After { get; init; }

    /// <summary>The sections of the range, in order.</summary>
    public required IReadOnlyList<string> Sections { get; init; }

    /// <summary>Where <see cref="FirstDifference"/> lies in the file; null in the part that is zero-filled.</summary>
    public ulong? FileOffset => FirstDifference < Segment.FileEnd ? Segment.Offset + (FirstDifference - Segment.Address) : null;
}
