namespace Faultline.Explain.Reports;

/// <summary>Finds every report in a text.</summary>
internal static class ReportFinder
{
    /// <summary>Finds the reports of a text, in the order of their first lines.</summary>
    public static IReadOnlyList<CrashReport> Find(string text) => [];
}
