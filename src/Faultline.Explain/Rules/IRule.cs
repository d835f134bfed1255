using Faultline.Explain.Findings;

namespace Faultline.Explain.Rules;

/// <summary>
/// Knows one cause. A rule keeps no state, never throws for what a report or an image says, and yields nothing where it
/// cannot tell.
/// </summary>
internal interface IRule
{
    /// <summary>Its name, which begins every <see cref="Finding.Id"/> that it yields.</summary>
    string Id { get; }

    /// <summary>Every kind of finding that it makes.</summary>
    IReadOnlyList<FindingDescription> Descriptions { get; }

    /// <summary>What the rule concludes about one report.</summary>
    IEnumerable<Finding> Evaluate(ExplainContext context);
}
