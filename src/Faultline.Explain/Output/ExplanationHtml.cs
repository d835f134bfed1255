using System.Net;
using Faultline.Explain.Code;
using Faultline.Explain.Explanations;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Rules;
using Faultline.Explain.Values;

namespace Faultline.Explain.Output;

/// <summary>
/// Writes an explanation as one page that needs nothing else: no scripts, fonts or pictures. Everything that the report or an image
/// says passes through <see cref="Encode"/>.
/// </summary>
internal static class ExplanationHtml
{
    /// <summary>Classes whose registers are coloured, with what the legend calls them.</summary>
    private static readonly (ValueClass Class, string Name)[] _legend =
    [
        (ValueClass.Poison, "poison"),
        (ValueClass.NonCanonical, "non-canonical"),
        (ValueClass.SignExtended, "sign-extended"),
        (ValueClass.ErrorPointer, "error pointer"),
        (ValueClass.Ascii, "text"),
        (ValueClass.KernelText, "kernel text"),
        (ValueClass.KernelData, "kernel data"),
        (ValueClass.Module, "module"),
        (ValueClass.Stack, "stack"),
        (ValueClass.DirectMap, "direct map"),
        (ValueClass.Vmalloc, "vmalloc"),
        (ValueClass.KernelOther, "other kernel area"),
        (ValueClass.User, "user"),
        (ValueClass.Number, "number"),
        (ValueClass.Zero, "zero"),
    ];

    /// <summary>Writes the page.</summary>
    public static void Write(TextWriter writer, Explanation explanation)
    {
        writer.Write($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        writer.Write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        writer.Write($"<title>{Encode(Title(explanation))}</title>\n<style>\n{HtmlStyle.Text}</style>\n</head>\n<body>\n<main>\n");
        if (explanation.Reports.Count == 0)
            writer.Write($"<h1>{Encode(explanation.Source)}</h1>\n<p>{Encode(ExplanationText.NoReport(explanation))}</p>\n");
        if (explanation.Reports.Count > 1)
            WriteContents(writer, explanation);
        for (int i = 0; i < explanation.Reports.Count; i++)
            Write(writer, explanation.Reports[i], i + 1);
        if (explanation.TextFindings.Count > 0)
        {
            writer.Write("<section>\n<h2>Values outside reports</h2>\n");
            WriteFindings(writer, explanation.TextFindings);
            writer.Write("</section>\n");
        }
        if (!explanation.Scan.IsComplete)
            writer.Write($"<p>Only the first {explanation.Reports.Count} reports were read.</p>\n");
        writer.Write("</main>\n</body>\n</html>\n");
    }

    private static string Title(Explanation explanation) => explanation.Reports switch
    {
        [] => explanation.Source,
        [{ Findings: [var first, ..] }, ..] => first.Title,
        [var report, ..] => report.Report.Title,
    };

    private static void WriteContents(TextWriter writer, Explanation explanation)
    {
        writer.Write($"<nav>\n<h2>{explanation.Reports.Count} reports</h2>\n<ol>\n");
        for (int i = 0; i < explanation.Reports.Count; i++)
        {
            ExplainedReport report = explanation.Reports[i];
            string finding = report.Findings.Count == 0 ? "" : $" <em>{Encode(report.Findings[0].Title)}</em>";
            writer.Write($"<li><a href=\"#report-{i + 1}\">{Encode(report.Report.Title)}</a>{finding}</li>\n");
        }
        writer.Write("</ol>\n</nav>\n");
    }

    private static void Write(TextWriter writer, ExplainedReport explained, int number)
    {
        CrashReport report = explained.Report;
        writer.Write($"<article id=\"report-{number}\">\n<header>\n<h1>{Encode(report.Title)}</h1>\n");
        writer.Write($"<p class=\"where\">{Encode(ReportLabels.Of(report.Kind))}, lines {report.FirstLine} to {report.LastLine}</p>\n</header>\n");
        if (explained.Findings.Count == 0)
            writer.Write($"<p class=\"none\">{Encode(ExplanationText.NoRule)}</p>\n");
        else
            WriteFindings(writer, explained.Findings);
        WriteFacts(writer, explained);
        WriteCode(writer, explained);
        WriteRegisters(writer, explained);
        WriteTrace(writer, explained);
        WriteDumps(writer, report);
        WriteLines(writer, report);
        writer.Write("</article>\n");
    }

    private static void WriteFindings(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            string confidence = FindingText.Name(finding.Confidence);
            writer.Write($"<section class=\"finding {confidence}\">\n<h2>{Encode(finding.Title)} <span class=\"confidence\">{confidence}</span></h2>\n");
            writer.Write($"<p>{Encode(finding.Observed)}</p>\n<p class=\"cause\"><b>Cause:</b> {Encode(finding.Cause)}</p>\n");
            if (finding.WhatToDo.Count > 0)
            {
                writer.Write("<p><b>What to do</b></p>\n<ul>\n");
                foreach (string step in finding.WhatToDo)
                    writer.Write($"<li>{Encode(step)}</li>\n");
                writer.Write("</ul>\n");
            }
            writer.Write("<p><b>Evidence</b></p>\n<ul class=\"evidence\">\n");
            foreach (Evidence evidence in finding.Evidence)
            {
                string quote = evidence.Quote is { } text ? $"<br><code>{Encode(text)}</code>" : "";
                writer.Write($"<li>{Encode(FindingText.Describe(evidence))}{quote}</li>\n");
            }
            writer.Write($"</ul>\n<p class=\"id\">{Encode(finding.Id)}</p>\n</section>\n");
        }
    }

    private static void WriteFacts(TextWriter writer, ExplainedReport explained)
    {
        writer.Write("<section>\n<h2>What the report says</h2>\n<dl>\n");
        string previous = "";
        foreach ((string name, string text) in ReportLabels.Facts(explained))
        {
            if (name != previous)
                writer.Write($"<dt>{Encode(name)}</dt>\n");
            writer.Write($"<dd>{Encode(text)}</dd>\n");
            previous = name;
        }
        if (explained.Report.Modules.Count > 0)
            writer.Write($"<dt>modules</dt>\n<dd>{Encode(string.Join(' ', explained.Report.Modules.Select(module => module.Name)))}</dd>\n");
        writer.Write("</dl>\n</section>\n");
    }

    private static void WriteCode(TextWriter writer, ExplainedReport explained)
    {
        if (explained.Place is null && explained.Code.Instructions.Count == 0)
            return;
        writer.Write("<section>\n<h2>Code</h2>\n");
        if (explained.Place is { } place)
            writer.Write($"<p>at <code>{Encode(place.Text)}</code>{Check(place)}</p>\n{Source(place.Source)}");
        if (explained.Report.Frame.Code?.Unreadable is { } unreadable)
            writer.Write($"<p>{Encode(unreadable)}</p>\n");
        if (explained.Code.Instructions.Count > 0)
        {
            writer.Write("<div class=\"scroll\"><table class=\"code\">\n");
            foreach (CodeInstruction instruction in explained.Code.Instructions)
            {
                string comment = instruction.Comment is null ? "" : $" <span class=\"comment\">; {Encode(instruction.Comment)}</span>";
                writer.Write($"<tr{(instruction.IsMarked ? " class=\"marked\"" : "")}><td>{(instruction.IsMarked ? "&rarr;" : "")}</td>");
                writer.Write($"<td class=\"offset\">{(instruction.Offset == 0 ? "" : instruction.Offset.ToString("+0;-0"))}</td>");
                writer.Write($"<td class=\"bytes\">{FindingText.Hex(instruction.Bytes)}</td><td>{Encode(instruction.Text)}{comment}</td></tr>\n");
            }
            writer.Write("</table></div>\n");
        }
        foreach (string note in explained.Code.Notes)
            writer.Write($"<p class=\"note\">{Encode(note)}</p>\n");
        writer.Write("</section>\n");
    }

    private static void WriteRegisters(TextWriter writer, ExplainedReport explained)
    {
        if (explained.Registers.Count == 0)
            return;
        writer.Write("<section>\n<h2>Registers</h2>\n<p class=\"legend\">");
        HashSet<ValueClass> used = [.. explained.Registers.Select(view => view.Value.Class)];
        foreach ((ValueClass kind, string name) in _legend)
        {
            if (used.Contains(kind))
                writer.Write($"<span class=\"{Class(kind)}\">{name}</span> ");
        }
        writer.Write("</p>\n<div class=\"scroll\"><table class=\"registers\">\n");
        foreach (RegisterView view in explained.Registers)
        {
            writer.Write($"<tr><th>{Encode(view.Register.Name)}</th><td><code class=\"{Class(view.Value.Class)}\">{view.Register.Value:x16}</code></td><td>{Encode(view.Text)}</td></tr>\n");
        }
        writer.Write("</table></div>\n");
        if (explained.Report.Frame.SystemRegisters.Count > 0)
        {
            string all = string.Join("  ", explained.Report.Frame.SystemRegisters.Select(register => $"{register.Name} {register.Value:x}"));
            writer.Write($"<p class=\"system\"><code>{Encode(all)}</code></p>\n");
        }
        writer.Write("</section>\n");
    }

    private static void WriteTrace(TextWriter writer, ExplainedReport explained)
    {
        if (explained.Trace.Count == 0)
            return;
        writer.Write("<section>\n<h2>Call trace</h2>\n<ol class=\"trace\">\n");
        string? section = null;
        foreach (PlaceView place in explained.Trace)
        {
            TraceEntry entry = place.Entry!;
            if (entry.Section != section && entry.Section is not null)
                writer.Write($"<li class=\"section\">{Encode(entry.Section)}</li>\n");
            section = entry.Section;
            string inlined = entry.IsInlined ? " [inlined]" : "";
            string position = place.Source.Count == 0 && entry.SourcePosition is { } at ? $" {at}" : "";
            writer.Write($"<li{(entry.IsUnreliable ? " class=\"unreliable\" title=\"found on the stack, not reached by the unwinder\"" : "")}>");
            writer.Write($"<code>{(entry.IsUnreliable ? "? " : "")}{Encode(place.Text + inlined + position)}</code>{Check(place)}{Source(place.Source)}</li>\n");
        }
        writer.Write("</ol>\n");
        foreach (string note in TraceNotes.For(explained.Report))
            writer.Write($"<p class=\"note\">{Encode(note)}</p>\n");
        writer.Write("</section>\n");
    }

    private static void WriteDumps(TextWriter writer, CrashReport report)
    {
        foreach (MemoryDump dump in report.Dumps)
        {
            string where = dump.Address is { } address ? $" at 0x{address:x}" : "";
            writer.Write($"<section>\n<h2>Memory{where} <small>{Encode(dump.Label)}</small></h2>\n<pre>");
            foreach (string row in DumpText.Rows(dump))
                writer.Write($"{Encode(row)}\n");
            writer.Write("</pre>\n</section>\n");
        }
    }

    private static void WriteLines(TextWriter writer, CrashReport report)
    {
        writer.Write($"<details>\n<summary>The report as it was read ({report.Lines.Count} lines)</summary>\n<pre>");
        foreach (ReportLine line in report.Lines)
            writer.Write($"<span class=\"number\">{line.Number,5}</span> {Encode(line.Text)}\n");
        writer.Write("</pre>\n</details>\n");
    }

    private static string Check(PlaceView place) => place.CheckText is { } text ? $" <span class=\"check\">{Encode(text)}</span>"
        : place.Check == SymbolCheck.Matches ? " <span class=\"agrees\" title=\"the image has it with this size\">&check;</span>" : "";

    private static string Source(IReadOnlyList<SourceFrame> frames)
    {
        if (frames.Count == 0)
            return "";
        IEnumerable<string> lines = frames.Select(frame =>
            $"{Encode(frame.Function ?? "?")} <span class=\"file\">{Encode(frame.File)}{(frame.Line > 0 ? $":{frame.Line}" : "")}</span>{(frame.IsInlined ? " inlined" : "")}");
        return $"<div class=\"source\">{string.Join("<br>", lines)}</div>";
    }

    private static string Class(ValueClass kind) => $"v-{kind.ToString().ToLowerInvariant()}";

    private static string Encode(string text) => WebUtility.HtmlEncode(Printable.Clean(text));
}
