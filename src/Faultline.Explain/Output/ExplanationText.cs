using Faultline.Explain.Code;
using Faultline.Explain.Explanations;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Output;

/// <summary>Prints an explanation for a terminal: findings first, then the facts, registers, code and trace of each report.</summary>
internal static class ExplanationText
{
    /// <summary>What stands in place of findings.</summary>
    public const string NoRule = "no rule matched: nothing here points to a cause that Faultline knows";

    private const int NameWidth = 12;

    /// <summary>Prints everything.</summary>
    public static void Write(TextWriter writer, Explanation explanation)
    {
        if (explanation.Reports.Count == 0)
        {
            writer.WriteLine($"{Printable.Clean(explanation.Source)}: {NoReport(explanation)}");
        }
        for (int i = 0; i < explanation.Reports.Count; i++)
        {
            if (i > 0)
                writer.WriteLine();
            Write(writer, explanation.Reports[i], explanation.Reports.Count == 1 ? null : $"report {i + 1} of {explanation.Reports.Count}");
        }
        if (explanation.TextFindings.Count > 0)
        {
            writer.WriteLine();
            Heading(writer, "values outside reports");
            FindingText.Write(writer, explanation.TextFindings);
        }
        if (!explanation.Scan.IsComplete)
            writer.WriteLine($"\nOnly the first {explanation.Reports.Count} reports were read.");
    }

    /// <summary>What to say of a text without reports.</summary>
    public static string NoReport(Explanation explanation) =>
        $"no crash report in {explanation.Scan.LineCount} line{(explanation.Scan.LineCount == 1 ? "" : "s")}";

    private static void Write(TextWriter writer, ExplainedReport explained, string? which)
    {
        CrashReport report = explained.Report;
        string lines = report.FirstLine == report.LastLine ? $"line {report.FirstLine}" : $"lines {report.FirstLine} to {report.LastLine}";
        Heading(writer, which is null ? lines : $"{which}, {lines}");
        TextWrap.Write(writer, report.Title, FindingText.Width, "", "  ");
        writer.WriteLine();
        if (explained.Findings.Count == 0)
            writer.WriteLine(NoRule);
        else
            FindingText.Write(writer, explained.Findings);
        writer.WriteLine();
        string previous = "";
        foreach ((string name, string text) in ReportLabels.Facts(explained))
        {
            string label = name == previous ? "" : name;
            TextWrap.Write(writer, text, FindingText.Width, label.PadRight(NameWidth), new string(' ', NameWidth));
            previous = name;
        }
        WriteFrame(writer, explained);
        WriteTrace(writer, explained);
        WriteModules(writer, report);
        WriteDumps(writer, report);
        WriteValues(writer, report);
    }

    private static void Heading(TextWriter writer, string text)
    {
        string start = $"-- {text} ";
        writer.WriteLine(start.PadRight(80, '-'));
    }

    private static void WriteFrame(TextWriter writer, ExplainedReport explained)
    {
        RegisterFrame frame = explained.Report.Frame;
        if (frame.IsEmpty)
            return;
        writer.WriteLine("\nregisters:");
        if (explained.Place is { } place)
        {
            writer.WriteLine($"  {"ip",-9}{Printable.Clean(place.Text)}{Check(place)}");
            WriteSource(writer, place.Source, "           ");
        }
        foreach (RegisterView view in explained.Registers)
        {
            writer.WriteLine($"  {view.Register.Name,-9}{view.Register.Value:x16}  {Printable.Clean(view.Text)}".TrimEnd());
        }
        if (frame.SystemRegisters.Count > 0)
        {
            string all = string.Join("  ", frame.SystemRegisters.Select(register => $"{register.Name} {register.Value:x}"));
            TextWrap.Write(writer, all, FindingText.Width, "  ", "  ");
        }
        WriteCode(writer, explained, frame);
    }

    private static void WriteCode(TextWriter writer, ExplainedReport explained, RegisterFrame frame)
    {
        CodeListing listing = explained.Code;
        if (frame.Code?.Unreadable is { } unreadable)
            writer.WriteLine($"\ncode: {Printable.Clean(unreadable)}");
        if (listing.Instructions.Count == 0)
        {
            WriteRawCode(writer, frame);
            return;
        }
        writer.WriteLine("\ncode:");
        foreach (CodeInstruction instruction in listing.Instructions)
        {
            string bytes = FindingText.Hex(instruction.Bytes);
            string comment = instruction.Comment is null ? "" : $"  ; {instruction.Comment}";
            string offset = instruction.Offset == 0 ? "" : instruction.Offset.ToString("+0;-0");
            writer.WriteLine($"{(instruction.IsMarked ? "->" : "  ")} {offset,4}  {bytes,-30} {Printable.Clean(instruction.Text + comment)}".TrimEnd());
        }
        foreach (string note in listing.Notes)
            TextWrap.Write(writer, note, FindingText.Width, "  note: ", "        ");
    }

    /// <summary>The bytes as they are, where there is no disassembler for them.</summary>
    private static void WriteRawCode(TextWriter writer, RegisterFrame frame)
    {
        if (frame.Code is not { Bytes.Length: > 0 } code)
            return;
        writer.WriteLine("\ncode, not disassembled:");
        List<string> units = [];
        for (int i = 0; i + code.UnitSize <= code.Bytes.Length; i += code.UnitSize)
        {
            byte[] unit = code.Bytes.Slice(i, code.UnitSize).ToArray();
            Array.Reverse(unit);
            string digits = Convert.ToHexStringLower(unit);
            units.Add(i == code.MarkedIndex ? $"<{digits}>" : digits);
        }
        TextWrap.Write(writer, string.Join(' ', units), FindingText.Width, "  ", "  ");
    }

    private static void WriteTrace(TextWriter writer, ExplainedReport explained)
    {
        if (explained.Trace.Count == 0)
            return;
        writer.WriteLine("\ncall trace (? marks an address on the stack that the unwinder did not reach):");
        string? section = null;
        foreach (PlaceView place in explained.Trace)
        {
            TraceEntry entry = place.Entry!;
            if (entry.Section != section)
                writer.WriteLine($"  <{Printable.Clean(entry.Section ?? "end")}>");
            section = entry.Section;
            string address = entry.Address is { } value ? $"{value:x16} " : "";
            string inlined = entry.IsInlined ? " [inlined]" : "";
            string source = place.Source.Count == 0 && entry.SourcePosition is { } position ? $"  {position}" : "";
            writer.WriteLine($"  {(entry.IsUnreliable ? '?' : ' ')} {address}{Printable.Clean(place.Text + inlined + source)}{Check(place)}");
            WriteSource(writer, place.Source, "      ");
        }
        foreach (string note in TraceNotes.For(explained.Report))
            TextWrap.Write(writer, note, FindingText.Width, "  note: ", "        ");
    }

    private static void WriteSource(TextWriter writer, IReadOnlyList<SourceFrame> frames, string indent)
    {
        foreach (SourceFrame frame in frames)
        {
            string line = frame.Line > 0 ? $":{frame.Line}" : "";
            string inlined = frame.IsInlined ? " (inlined)" : "";
            writer.WriteLine($"{indent}{Printable.Clean($"{frame.Function ?? "?"} {frame.File}")}{line}{inlined}");
        }
    }

    private static string Check(PlaceView place) => place.CheckText is { } text ? $"  [{Printable.Clean(text)}]" : "";

    private static void WriteModules(TextWriter writer, CrashReport report)
    {
        if (report.Modules.Count == 0)
            return;
        writer.WriteLine();
        string all = string.Join(' ', report.Modules.Select(module => module.Flags.Length == 0 ? module.Name : $"{module.Name}({module.Flags})"));
        TextWrap.Write(writer, all, FindingText.Width, "modules:    ", "            ");
    }

    private static void WriteDumps(TextWriter writer, CrashReport report)
    {
        foreach (MemoryDump dump in report.Dumps)
        {
            string where = dump.Address is { } address ? $" at 0x{address:x}" : "";
            writer.WriteLine($"\ndump{where}, {dump.Bytes.Length} bytes, lines {dump.Line} to {dump.LastLine} {Printable.Clean(dump.Label)}".TrimEnd());
            foreach (string row in DumpText.Rows(dump))
                writer.WriteLine($"  {row}");
        }
    }

    private static void WriteValues(TextWriter writer, CrashReport report)
    {
        if (report.Values.Count == 0)
            return;
        writer.WriteLine("\nvalues:");
        foreach (NamedValue value in report.Values)
            writer.WriteLine($"  {Printable.Clean(value.Index is { } index ? $"{value.Name}[{index}]" : value.Name),-16} 0x{value.Value:x}");
    }
}
