using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Explanations;

/// <summary>Explains a text: finds its reports, asks the rules, and looks everything up that the images know.</summary>
internal static class Explainer
{
    /// <summary>Explains a text.</summary>
    /// <param name="source">What to call the text.</param>
    /// <param name="reader">The text, read to its end.</param>
    /// <param name="images">Images and symbol lists, in the user's order.</param>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static Explanation Explain(string source, TextReader reader, IReadOnlyList<ISymbolSource> images)
    {
        ReportScan scan = ReportFinder.Scan(reader);
        List<ExplainedReport> explained = [];
        List<Finding> all = [];
        foreach (CrashReport report in scan.Reports)
        {
            ExplainedReport one = Explain(new ExplainContext { Report = report, AllReports = scan.Reports, Text = scan.Text, Images = images });
            explained.Add(one);
            all.AddRange(one.Findings);
        }
        return new Explanation(source, scan, explained, RuleRegistry.EvaluateText(scan.Text, all));
    }

    /// <summary>Explains one report.</summary>
    public static ExplainedReport Explain(ExplainContext context)
    {
        CrashReport report = context.Report;
        PlaceResolver resolver = new(context);
        PlaceView? place = report.Frame.Symbol is null && report.Frame.InstructionPointer is null ? null : resolver.Resolve(report.Frame);
        IReadOnlyList<PlaceView> trace = [.. report.Trace.Select(resolver.Resolve)];
        return new ExplainedReport
        {
            Context = context,
            Findings = RuleRegistry.Evaluate(context),
            Place = place,
            Registers = [.. report.Frame.Registers.Select(register => RegisterView.Of(register, context))],
            Code = CodeDisassembler.Disassemble(report.Frame, context),
            Trace = trace,
            SymbolSummary = Summarize(place is null ? trace : [place, .. trace], context),
        };
    }

    private static string? Summarize(IReadOnlyList<PlaceView> places, ExplainContext context)
    {
        if (context.Images.Count == 0)
            return null;
        int sized = places.Count(place => place.Check is SymbolCheck.Matches or SymbolCheck.Differs);
        int matching = places.Count(place => place.Check == SymbolCheck.Matches);
        if (sized == 0)
            return places.Count == 0 ? null : "none of the report's symbols could be compared with the images";
        string text = $"{matching} of {sized} symbols have the size that the report prints";
        // One stray symbol is a duplicate name; many are another kernel.
        return matching * 2 < sized ? $"{text}: the image is of another build, and nothing looked up in it can be relied on" : text;
    }
}
