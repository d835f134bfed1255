using Faultline.Explain.Findings;

namespace Faultline.Explain.Rules;

/// <summary>All rules, in the order in which they are asked.</summary>
internal static class RuleRegistry
{
    /// <summary>The rules. A new rule is one line here.</summary>
    public static IReadOnlyList<IRule> All { get; } =
    [
    ];

    /// <summary>Asks every rule about one report.</summary>
    /// <returns>The findings, the surest first; in the order of the rules where they are equally sure.</returns>
    public static IReadOnlyList<Finding> Evaluate(ExplainContext context) => Evaluate(All, context);

    /// <summary>Asks these rules about one report.</summary>
    /// <returns>The findings, the surest first.</returns>
    public static IReadOnlyList<Finding> Evaluate(IReadOnlyList<IRule> rules, ExplainContext context)
    {
        List<Finding> findings = [];
        foreach (IRule rule in rules)
            findings.AddRange(rule.Evaluate(context));
        // OrderBy is stable.
        return [.. findings.OrderByDescending(finding => finding.Confidence)];
    }
}
