namespace Faultline.Explain.Reports;

/// <summary>Consecutive lines of a hexadecimal dump of memory.</summary>
internal sealed record MemoryDump
{
    /// <summary>The address of the first byte as printed; null where the dump prints offsets or nothing.</summary>
    public ulong? Address { get; init; }

    /// <summary>What the lines were headed with (<c>Object</c>, <c>Redzone</c>, <c>pagealloc: memory corruption</c>); empty without.</summary>
    public string Label { get; init; } = "";

    /// <summary>The bytes.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The first line of the dump in the input, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The last one, inclusive.</summary>
    public required int LastLine { get; init; }
}
