using System.Globalization;
using System.Text.Json;
using Faultline.Elf.Symbols;
using Faultline.Explain.Findings;
using Faultline.Explain.Output;

namespace Faultline.Explain.Images.Layout;

/// <summary>Prints how an image is laid out.</summary>
internal static class LayoutText
{
    /// <summary>Prints it for a terminal.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="image">The image, for names.</param>
    /// <param name="report">Its layout.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="lists">Whether to name every function whose preamble is not in place.</param>
    public static void Write(TextWriter writer, ImageFile image, ImageLayoutReport report, IReadOnlyList<Finding> findings, bool lists)
    {
        writer.WriteLine($"{Printable.Clean(report.File)}: {Number(report.Functions.Count)} functions{(report.IsIncomplete ? " (and more, which were left out)" : "")}");
        int last = LastUsed(report);
        writer.WriteLine($"{"aligned to",-20}{string.Concat(Enumerable.Range(0, last + 1).Select(i => $"{1 << i,8}"))}");
        foreach ((string name, int[] histogram) in report.Sections)
            writer.WriteLine($"  {Printable.Clean(name),-18}{string.Concat(histogram.Take(last + 1).Select(count => $"{(count == 0 ? "-" : Number(count)),8}"))}");
        writer.WriteLine("before the functions");
        foreach (IGrouping<string, FunctionLayout> group in report.Functions.GroupBy(Kind).OrderByDescending(g => g.Count()))
            writer.WriteLine($"  {Number(group.Count()),8} {group.Key}");
        writer.WriteLine($"  {Number(report.Functions.Count(f => f.HasEndbr)),8} of them begin with endbr64");
        foreach ((string what, bool isReady, string why) in Readiness(report))
            TextWrap.Write(writer, $"{(isReady ? "ready" : "not ready")}: {why}", FindingText.Width, $"{what,-20}", new string(' ', 22));
        if (findings.Count > 0)
            writer.WriteLine();
        FindingText.Write(writer, findings);
        if (!lists)
            return;
        writer.WriteLine();
        ElfSymbolTable symbols = image.Elf.Symbols;
        foreach (FunctionLayout function in report.Functions.Where(f => !f.HasRoom))
            writer.WriteLine($"{function.Address:x16} {Printable.Clean(symbols[function.Symbol].Name)}: {LayoutFindings.Say(function)}");
    }

    /// <summary>Writes it as one JSON object; functions without room are listed where <paramref name="lists"/> says so.</summary>
    public static void WriteJson(Utf8JsonWriter writer, ImageFile image, ImageLayoutReport report, IReadOnlyList<Finding> findings, bool lists)
    {
        writer.WriteStartObject();
        writer.WriteString("file", report.File);
        writer.WriteNumber("functions", report.Functions.Count);
        writer.WriteNumber("withRoom", report.WithRoom);
        writer.WriteNumber("withTypeHash", report.WithHash);
        writer.WriteNumber("cfiSymbols", report.CfiSymbols);
        writer.WriteNumber("prefixSymbols", report.PrefixSymbols);
        writer.WriteNumber("patchSites", report.PatchSites);
        writer.WriteNumber("goodPatchSites", report.GoodPatchSites);
        writer.WriteNumber("orphanPatchSites", report.OrphanPatchSites);
        writer.WriteStartArray("alignment");
        foreach ((string name, int[] histogram) in report.Sections)
        {
            writer.WriteStartObject();
            writer.WriteString("section", name);
            writer.WriteStartObject("functions");
            for (int i = 0; i < histogram.Length; i++)
            {
                if (histogram[i] != 0)
                    writer.WriteNumber((1 << i).ToString(CultureInfo.InvariantCulture), histogram[i]);
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("readiness");
        foreach ((string what, bool isReady, string why) in Readiness(report))
        {
            writer.WriteStartObject();
            writer.WriteString("feature", what);
            writer.WriteBoolean("ready", isReady);
            writer.WriteString("why", why);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WritePropertyName("findings");
        FindingJson.Write(writer, findings);
        if (lists)
        {
            ElfSymbolTable symbols = image.Elf.Symbols;
            writer.WriteStartArray("withoutRoom");
            foreach (FunctionLayout function in report.Functions.Where(f => !f.HasRoom))
            {
                writer.WriteStartObject();
                writer.WriteString("name", symbols[function.Symbol].Name);
                writer.WriteString("address", $"0x{function.Address:x}");
                writer.WriteString("before", LayoutFindings.Say(function));
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static IEnumerable<(string What, bool IsReady, string Why)> Readiness(ImageLayoutReport report)
    {
        int all = report.Functions.Count;
        yield return ("ftrace", report.PatchSites > 0 && report.GoodPatchSites == report.PatchSites, report.PatchTable is null
            ? "no __mcount_loc or __patchable_function_entries"
            : $"{Number(report.GoodPatchSites)} of {Number(report.PatchSites)} places of {report.PatchTable} hold a 5-byte call or no-operation"
                + (report.OrphanPatchSites == 0 ? "" : $"; {Number(report.OrphanPatchSites)} are left over from weak functions that others replaced"));
        yield return ("call depth tracking", report.IsPadded, $"needs {LayoutReader.PreambleSize} bytes of padding before functions; {Number(report.WithRoom)} of {Number(all)} have them");
        int aligned = report.Functions.Count(f => f.CfiDistance is not null && f.HasRoom && f.Address % LayoutReader.PreambleSize == 0);
        int hashed = report.WithHash;
        yield return ("FineIBT", hashed > 0 && aligned == hashed, hashed == 0
            ? "no function has a kCFI type hash"
            : $"needs {LayoutReader.PreambleSize} bytes with a type hash before functions aligned to {LayoutReader.PreambleSize}; {Number(aligned)} of {Number(hashed)} with a hash have that");
    }

    private static string Kind(FunctionLayout function) => function.Preamble switch
    {
        PreambleKind.HashThenPadding => $"kCFI type hash and {function.Padding} bytes of padding",
        PreambleKind.HashAtEntry => $"kCFI type hash directly before the function{(function.PreambleSize == LayoutReader.PreambleSize ? ", padded to 16" : "")}",
        PreambleKind.Padding when function.Padding == LayoutReader.PreambleSize => function.HasRoom ? "16 bytes of padding" : "16 bytes of padding that are part of the function before",
        PreambleKind.Padding => "less than 16 bytes of padding",
        _ => "no padding",
    };

    private static int LastUsed(ImageLayoutReport report)
    {
        int last = 4;
        foreach ((_, int[] histogram) in report.Sections)
            last = Math.Max(last, Array.FindLastIndex(histogram, count => count != 0));
        return last;
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
