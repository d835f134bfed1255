using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>A report with all that could be worked out about it: what every printer prints.</summary>
internal sealed record ExplainedReport
{
    /// <summary>The report and what it was explained with.</summary>
    public required ExplainContext Context { get; init; }

    /// <summary>The report.</summary>
    public CrashReport Report => Context.Report;

    /// <summary>What the rules concluded, in the order in which to read it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Where the processor was; null when the report does not say.</summary>
    public PlaceView? Place { get; init; }

    /// <summary>The general registers.</summary>
    public IReadOnlyList<RegisterView> Registers { get; init; } = [];

    /// <summary>The code around the instruction pointer.</summary>
    public CodeListing Code { get; init; } = CodeListing.Empty;

    /// <summary>The call trace.</summary>
    public IReadOnlyList<PlaceView> Trace { get; init; } = [];

    /// <summary>How many symbols the images agree with, as a sentence; null without images.</summary>
    public string? SymbolSummary { get; init; }
}
