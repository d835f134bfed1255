namespace Faultline.Explain.Images;

/// <summary>A symbol of an image.</summary>
internal sealed record ImageSymbol
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it starts, in link-time addresses (in a relocatable file: the source's own).</summary>
    public required ulong Address { get; init; }

    /// <summary>Its size in bytes as the symbol table has it; 0 when the source has none.</summary>
    public ulong Size { get; init; }

    /// <summary>
    /// Bytes to the next symbol of the same section: what kallsyms calls the size, and a report prints after the slash; 0 when
    /// it cannot be told.
    /// </summary>
    public ulong Extent { get; init; }

    /// <summary>Whether it is code.</summary>
    public bool IsFunction { get; init; }

    /// <summary>The section's name; null when the source has none.</summary>
    public string? Section { get; init; }
}
