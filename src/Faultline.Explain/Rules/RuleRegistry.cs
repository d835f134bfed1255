using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>All rules, in the order in which they are asked.</summary>
internal static class RuleRegistry
{
    /// <summary>The rules. A new rule is one line here.</summary>
    public static IReadOnlyList<IRule> All { get; } =
    [
        new RipInsideInstructionRule(),
        new KcfiRule(),
        new BadCallRule(),
        new ZeroCodeRule(),
        new PoisonRule(),
        new NullOffsetRule(),
        new SignExtensionRule(),
        new RelocationOverflowRule(),
        new StackRule(),
        new ListRule(),
        new SlabRule(),
        new PoisonDumpRule(),
        new SyscallFrameRule(),
        new ThunkRule(),
        new SharedPageRule(),
    ];

    /// <summary>Those that go by what stands outside reports.</summary>
    private static IReadOnlyList<IRule> OfText { get; } = [new SignExtensionRule(), new SyscallFrameRule(), new StatedZerosRule(), new SharedPageRule()];

    /// <summary>Asks every rule about one report.</summary>
    /// <returns>The findings, the surest first; in the order of the rules where they are equally sure.</returns>
    public static IReadOnlyList<Finding> Evaluate(ExplainContext context) => Evaluate(All, context);

    /// <summary>
    /// Asks the rules that need no report about a text, whether or not it has one: what someone noted or printed as <c>name = 0x1</c>, said of segments, or
    /// read in a debugger. Call it once for a text, after the reports; findings whose id a report of the text has already are left out.
    /// </summary>
    /// <param name="text">The lines of the input without prefixes.</param>
    /// <param name="known">Findings of the text's reports.</param>
    public static IReadOnlyList<Finding> EvaluateText(IReadOnlyList<ReportLine> text, IReadOnlyList<Finding> known)
    {
        IReadOnlyList<NamedValue> values = LooseValues.Read(text);
        if (text.Count == 0)
            return [];
        CrashReport report = new()
        {
            Kind = ReportKind.RegisterDump,
            Title = "values in the text",
            FirstLine = text[0].Number,
            LastLine = text[^1].Number,
            Lines = text,
            Values = values,
        };
        IReadOnlyList<Finding> findings = Evaluate(OfText, new ExplainContext { Report = report, Text = text });
        // A report's own line about segments goes by where it crashed and says more.
        return [.. findings.Where(f => !known.Any(k => k.Id == f.Id || (k.Id == "segment-overlap" && f.Id == "segments-share-host-page")))];
    }

    /// <summary>Asks these rules about one report.</summary>
    /// <returns>The findings: causes before explanations, the surest first.</returns>
    public static IReadOnlyList<Finding> Evaluate(IReadOnlyList<IRule> rules, ExplainContext context)
    {
        List<Finding> findings = [];
        foreach (IRule rule in rules)
            findings.AddRange(rule.Evaluate(context));
        HashSet<string> explanations = [.. rules.SelectMany(rule => rule.Descriptions).Where(d => d.IsExplanation).Select(d => d.Id)];
        // OrderBy is stable.
        return [.. findings.OrderBy(finding => explanations.Contains(finding.Id)).ThenByDescending(finding => finding.Confidence)];
    }
}
