using Faultline.Explain.Findings;

namespace Faultline.Explain.Decode;

/// <summary>A value taken apart.</summary>
internal sealed record Decoded
{
    /// <summary>What it is and the value, on one line: <c>CR0 = 0x80050033</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The manual and section, or the header, that says so.</summary>
    public string Source { get; init; } = "";

    /// <summary>Its parts, in the order in which a reader wants them.</summary>
    public IReadOnlyList<DecodedField> Fields { get; init; } = [];

    /// <summary>Names of the flags that are clear; a register's alone.</summary>
    public IReadOnlyList<string> Clear { get; init; } = [];

    /// <summary>What the value as a whole says, and what is wrong with it; a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Values inside this one that are decoded in their own right.</summary>
    public IReadOnlyList<Decoded> Parts { get; init; } = [];

    /// <summary>What rules conclude from it.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
