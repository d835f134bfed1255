namespace Faultline.Elf.Layout;

/// <summary>How the bytes at one address came to be: provenance by the steps of a plan.</summary>
internal sealed record AddressHistory
{
    /// <summary>The address, link-time.</summary>
    public required ulong Address { get; init; }

    /// <summary>The PT_LOAD that the address belongs to (the last one where they overlap); null between segments.</summary>
    public required LoadSegment? Segment { get; init; }

    /// <summary>The section, or an empty string.</summary>
    public required string Section { get; init; }

    /// <summary>Where its byte lies in the file; null where the segment is zero-filled, and between segments.</summary>
    public required ulong? FileOffset { get; init; }

    /// <summary>What the segment has from there on, as far as it reaches; empty between segments.</summary>
    public required byte[] Expected { get; init; }

    /// <summary>What is there when all steps are done; empty where nothing is mapped.</summary>
    public required byte[] Loaded { get; init; }

    /// <summary>The steps that wrote the address, in order, each with the bytes that it left.</summary>
    public required IReadOnlyList<(LoadStep Step, byte[] Left)> Writers { get; init; }

    /// <summary>Whether the loader left other bytes than the segment has.</summary>
    public bool IsDestroyed => Segment is not null && !Loaded.AsSpan(0, Math.Min(Loaded.Length, Expected.Length)).SequenceEqual(Expected.AsSpan(0, Math.Min(Loaded.Length, Expected.Length)));
}
