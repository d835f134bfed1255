using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>A text explained.</summary>
/// <param name="Source">What the text is called: a file's name, or <c>standard input</c>.</param>
/// <param name="Scan">How it was read.</param>
/// <param name="Reports">Its reports.</param>
/// <param name="TextFindings">What was concluded from values that stand outside reports.</param>
internal sealed record Explanation(string Source, ReportScan Scan, IReadOnlyList<ExplainedReport> Reports, IReadOnlyList<Finding> TextFindings);
