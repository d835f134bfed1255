using Faultline.Explain.Findings;

namespace Faultline.Explain.Rules;

/// <summary>What is the same in every finding of one kind; docs/findings.md lists them.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="When">When it is made, and what it does not claim; sentences for the list.</param>
internal sealed record FindingDescription(string Id, string Title, string When)
{
    /// <summary>Whether it explains how to read the report and names no cause: such findings come last, however certain.</summary>
    public bool IsExplanation { get; init; }

    /// <summary>Makes a finding of this kind.</summary>
    public Finding Make(Confidence confidence, string observed, string cause, IEnumerable<Evidence> evidence, params IReadOnlyList<string> whatToDo) => new()
    {
        Id = Id,
        Title = Title,
        Observed = observed,
        Cause = cause,
        Confidence = confidence,
        Evidence = [.. evidence],
        WhatToDo = whatToDo,
    };
}
