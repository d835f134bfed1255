namespace Faultline.Explain.Reports;

/// <summary>What was found in a text.</summary>
/// <param name="Reports">The reports, in the order of their first lines.</param>
/// <param name="LineCount">How many lines were read.</param>
/// <param name="IsComplete">Whether the text was read to its end; false when it has more reports than are kept.</param>
/// <param name="Text">The text's first lines without prefixes, as far as <see cref="ReportFinder.MaxText"/> reaches.</param>
internal sealed record ReportScan(IReadOnlyList<CrashReport> Reports, int LineCount, bool IsComplete, IReadOnlyList<ReportLine> Text);
