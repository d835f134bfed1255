namespace Faultline.Explain.Reports;

/// <summary>One line of a report.</summary>
/// <param name="Number">Its number in the input, from 1 (the first of them where wrapped lines were joined).</param>
/// <param name="Text">Its text without prefixes.</param>
internal readonly record struct ReportLine(int Number, string Text);
