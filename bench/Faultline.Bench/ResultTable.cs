using System.Globalization;
using System.Text;

namespace Faultline.Bench;

/// <summary>The comparison as Markdown.</summary>
internal static class ResultTable
{
    private const string None = "-";

    /// <summary>The two heading lines of a table of rows.</summary>
    public static string Heading(IReadOnlyList<Runner> runners)
    {
        StringBuilder names = new("| group | program |");
        StringBuilder rule = new("| --- | --- |");
        foreach (Runner runner in runners)
        {
            names.Append(runner.Name == Runner.Native ? " native s |" : $" {runner.Name} s | × |");
            rule.Append(runner.Name == Runner.Native ? " ---: |" : " ---: | ---: |");
        }
        foreach (string other in Others(runners))
        {
            names.Append($" faultline / {other} |");
            rule.Append(" ---: |");
        }
        return $"{names}\n{rule}";
    }

    /// <summary>One row.</summary>
    public static string Line(Row row, IReadOnlyList<Runner> runners)
    {
        StringBuilder text = new($"| {row.Workload.Group} | {row.Workload.Name} |");
        foreach (Runner runner in runners)
        {
            text.Append($" {(row.Problems.ContainsKey(runner.Name) ? "error" : Number(row.Median(runner.Name), "F3"))} |");
            if (runner.Name != Runner.Native)
                text.Append($" {Number(row.Ratio(runner.Name, Runner.Native), "F1")} |");
        }
        foreach (string other in Others(runners))
            text.Append($" {Number(row.Ratio(Runner.Faultline, other), "F2")} |");
        return text.ToString();
    }

    /// <summary>Geometric means of the ratios by group and over all, of programs that ran everywhere.</summary>
    public static string Means(IReadOnlyList<Row> rows, IReadOnlyList<Runner> runners)
    {
        (string Runner, string To)[] ratios =
        [
            .. runners.Where(r => r.Name != Runner.Native).Select(r => (r.Name, Runner.Native)),
            .. Others(runners).Select(other => (Runner.Faultline, other)),
        ];
        StringBuilder text = new("| group | programs |");
        foreach ((string runner, string to) in ratios)
            text.Append($" {runner} / {to} |");
        text.Append("\n| --- | ---: |").Insert(text.Length, " ---: |", ratios.Length).Append('\n');
        Row[] complete = [.. rows.Where(row => Array.TrueForAll(ratios, ratio => row.Ratio(ratio.Runner, ratio.To) is not null))];
        foreach (IGrouping<string, Row> group in complete.GroupBy(row => row.Workload.Group))
            Mean(group.Key, [.. group]);
        Mean("**all programs of half a second**", [.. complete.Where(row => !Workloads.IsApart(row.Workload.Group))]);
        return text.ToString();

        void Mean(string name, Row[] of)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {of.Length} |");
            foreach ((string runner, string to) in ratios)
                text.Append($" {Number(of.Length == 0 ? null : Math.Exp(of.Average(row => Math.Log(row.Ratio(runner, to)!.Value))), "F2")} |");
            text.Append('\n');
        }
    }

    private static IEnumerable<string> Others(IReadOnlyList<Runner> runners) =>
        runners.Select(runner => runner.Name).Where(name => name is Runner.Qemu or Runner.Interpreter);

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? None;
}
