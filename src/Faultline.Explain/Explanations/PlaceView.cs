using Faultline.Explain.Images;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>A place in code as a report prints it, with what the images know of it.</summary>
internal sealed record PlaceView
{
    /// <summary>The line of the trace; null for an instruction pointer.</summary>
    public TraceEntry? Entry { get; init; }

    /// <summary>The symbol: the report's, or where that has an address alone, the image's.</summary>
    public SymbolReference? Symbol { get; init; }

    /// <summary>The address, where the report prints one.</summary>
    public ulong? Address { get; init; }

    /// <summary>The address in the image that the source was looked up with.</summary>
    public ulong? LinkAddress { get; init; }

    /// <summary>Whether an image agrees.</summary>
    public SymbolCheck Check { get; init; }

    /// <summary>What to say about <see cref="Check"/>; null when there is nothing to say.</summary>
    public string? CheckText { get; init; }

    /// <summary>The source, innermost inlined function first.</summary>
    public IReadOnlyList<SourceFrame> Source { get; init; } = [];

    /// <summary>The symbol, or the address, or a question mark.</summary>
    public string Text => Symbol?.ToString() ?? (Address is { } address ? $"0x{address:x}" : "?");
}
