using System.Globalization;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>SLUB found bytes beside or in an object that are not what it wrote there (mm/slub.c).</summary>
internal sealed class SlabRule : IRule
{
    private static readonly FindingDescription _redzone = new("slab-redzone", "A slab object was written past its bounds",
        "SLUB reports that the left or right red zone of an object was overwritten. The distance from the object and the bytes are read out.");

    private static readonly FindingDescription _poison = new("slab-poison", "A freed slab object was written to",
        "SLUB reports that the poison of a free object (0x6b) was overwritten.");

    /// <inheritdoc/>
    public string Id => "slab";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_redzone, _poison];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        ReportLine? header = null;
        ReportLine? range = null;
        ReportLine? @object = null;
        List<ReportLine> history = [];
        foreach (ReportLine line in Lines(context))
        {
            string text = line.Text.Trim();
            if (header is null && text.StartsWith("BUG ", StringComparison.Ordinal) && text.EndsWith(" overwritten", StringComparison.Ordinal))
                header = line;
            else if (header is not null && range is null && text.Contains("First byte 0x", StringComparison.Ordinal))
                range = line;
            else if (header is not null && @object is null && text.StartsWith("Object 0x", StringComparison.Ordinal))
                @object = line;
            else if (header is not null && history.Count < 2 && (text.StartsWith("Allocated in ", StringComparison.Ordinal) || text.StartsWith("Freed in ", StringComparison.Ordinal)))
                history.Add(line);
        }
        if (header is not { } title || range is not { } bytes || !TryRange(bytes.Text, out ulong first, out ulong last))
            yield break;

        bool isRedZone = title.Text.Contains("Redzone", StringComparison.OrdinalIgnoreCase);
        bool isLeft = title.Text.Contains("Left Redzone", StringComparison.Ordinal);
        if (!isRedZone && !title.Text.Contains("Poison", StringComparison.Ordinal))
            yield break;
        List<Evidence> evidence =
        [
            Evidence.Of("SLUB's verdict", title.Number, title.Text.Trim()),
            Evidence.Of($"{last - first + 1} bytes from 0x{first:x} on", bytes.Number, bytes.Text.Trim()),
        ];
        string where = "";
        if (@object is { } place && TryHex(place.Text, "Object 0x", out ulong start))
        {
            where = first >= start ? $" {first - start} (0x{first - start:x}) bytes after the object's start" : $" {start - first} bytes before the object's start";
            evidence.Add(Evidence.Of($"the object starts at 0x{start:x}: the bytes begin{where}", place.Number, place.Text.Trim()));
        }
        evidence.AddRange(history.Select(h => Evidence.Of("the object's history", h.Number, h.Text.Trim())));
        foreach (MemoryDump dump in report.Dumps)
        {
            if (dump.Label.StartsWith("Object", StringComparison.Ordinal))
                evidence.AddRange(AsciiText.Runs(dump.Bytes.Span, 5, Poison.SlabFree).Take(4).Select(r => Evidence.Of($"text in the object at offset 0x{r.Offset:x}: {r.Text}", dump.Line)));
        }
        string cache = title.Text.Trim().Split(' ', 3)[1];
        string allocated = history.Find(h => h.Text.Contains("Allocated in", StringComparison.Ordinal)).Text?.Trim() ?? "";
        string freed = history.Find(h => h.Text.Contains("Freed in", StringComparison.Ordinal)).Text?.Trim() ?? "";
        FindingDescription kind = isRedZone ? _redzone : _poison;
        yield return kind.Make(
            Confidence.Certain,
            $"{last - first + 1} bytes{where} of an object of {cache} are not what SLUB had written there.",
            isRedZone
                ? $"Code wrote {(isLeft ? "before the start" : "past the end")} of an object of {cache}, or of a neighbour.{(allocated.Length == 0 ? "" : $" {allocated}: the size asked for there and the write do not agree.")}"
                : $"Code wrote to an object of {cache} after it had been freed: 0x6b is what SLUB fills freed objects with.{(freed.Length == 0 ? "" : $" {freed}: someone still used it after that.")}"
                + " SLUB finds this when the object is allocated again, so the trace is of the finder, not of the writer.",
            evidence,
            isRedZone ? "compare the size allocated with what is written; KASAN names the write" : "find who keeps a pointer over that free; KASAN names the write");
    }

    /// <summary>The report's lines, and those between them that readers of other reports do not know.</summary>
    private static IEnumerable<ReportLine> Lines(ExplainContext context)
    {
        CrashReport report = context.Report;
        return context.Text.Count == 0 ? report.Lines : context.Text.Where(l => l.Number >= report.FirstLine && l.Number <= report.LastLine);
    }

    /// <summary>Reads "0xFIRST-0xLAST @offset=...".</summary>
    private static bool TryRange(string text, out ulong first, out ulong last)
    {
        last = 0;
        int dash = text.IndexOf("-0x", StringComparison.Ordinal);
        return TryHex(text, "0x", out first) && dash > 0 && TryHex(text[dash..], "-0x", out last) && last >= first;
    }

    private static bool TryHex(string text, string before, out ulong value)
    {
        value = 0;
        int at = text.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
            return false;
        ReadOnlySpan<char> digits = text.AsSpan(at + before.Length);
        int length = 0;
        while (length < digits.Length && char.IsAsciiHexDigit(digits[length]))
            length++;
        return ulong.TryParse(digits[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
