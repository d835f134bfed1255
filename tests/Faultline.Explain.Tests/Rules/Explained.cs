using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Reports.Text;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

/// <summary>Runs every rule over a text, as the command does.</summary>
internal static class Explained
{
    /// <summary>The findings of all reports of a text, and those of its loose values.</summary>
    public static IReadOnlyList<Finding> Text(string text, params ISymbolSource[] images)
    {
        ReportLine[] lines = [.. text.Split('\n').Select((line, i) => new ReportLine(i + 1, LinePrefix.Strip(i + 1, line).Text))];
        IReadOnlyList<CrashReport> reports = ReportFinder.Find(text);
        List<Finding> findings = [];
        foreach (CrashReport report in reports)
            findings.AddRange(RuleRegistry.Evaluate(new ExplainContext { Report = report, AllReports = reports, Images = images, Text = lines }));
        findings.AddRange(RuleRegistry.EvaluateText(lines, findings));
        return findings;
    }

    /// <summary>A fixture's text.</summary>
    public static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    /// <summary>Every fixture, by its path below Fixtures.</summary>
    public static IEnumerable<string> Fixtures()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "Fixtures");
        return Directory.EnumerateFiles(root, "*.txt", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal);
    }
}
