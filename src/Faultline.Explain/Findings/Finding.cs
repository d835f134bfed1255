namespace Faultline.Explain.Findings;

/// <summary>
/// What a rule concluded, in the order in which a person wants to read it. A rule that cannot tell yields no finding: it
/// never guesses a cause.
/// </summary>
internal sealed record Finding
{
    /// <summary>Stable and unique among rules, in lower case with hyphens: <c>rip-inside-instruction</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One line, without a full stop.</summary>
    public required string Title { get; init; }

    /// <summary>What was observed, as a sentence or two that anyone can check against <see cref="Evidence"/>.</summary>
    public required string Observed { get; init; }

    /// <summary>The cause, and in which layer (compiler, linker, loader, kernel, hardware) it lies.</summary>
    public required string Cause { get; init; }

    /// <summary>What the cause was concluded from, the strongest first.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>How sure the rule is.</summary>
    public Confidence Confidence { get; init; } = Confidence.Likely;

    /// <summary>What to do about it, one step an item; empty when nothing more specific than the cause can be said.</summary>
    public IReadOnlyList<string> WhatToDo { get; init; } = [];
}
