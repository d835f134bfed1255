using System.Globalization;
using System.Text.Json;
using Faultline.Cpu.Text;
using Faultline.Elf.Layout;
using Faultline.Explain.Output;
using Iced.Intel;

namespace Faultline.Explain.Images.Segments;

/// <summary>Prints a <see cref="SegmentReport"/>.</summary>
internal static class SegmentText
{
    /// <summary>Columns of a drawn page.</summary>
    private const int Cells = 16;

    private const int MostDrawn = 8;
    private const int MostSteps = 64;

    /// <summary>What it needs at run time.</summary>
    public static void WriteNeeds(TextWriter writer, SegmentReport report)
    {
        if (report.Refusal.Length > 0)
            writer.WriteLine($"Linux would not run it: {Printable.Clean(report.Refusal)}");
        if (report.Interpreter is { } interpreter)
            writer.WriteLine($"interpreter: {Printable.Clean(interpreter)}");
        if (report.SoName is { } name)
            writer.WriteLine($"name: {Printable.Clean(name)}");
        if (report.Needed.Count > 0)
            writer.WriteLine($"needs: {Printable.Clean(string.Join(", ", report.Needed))}");
        if (report.RunPath is { } path)
            writer.WriteLine($"searches: {Printable.Clean(path)}");
    }

    /// <summary>The drawing, and the plan and the address that were asked for.</summary>
    public static void WriteLayout(TextWriter writer, SegmentReport report)
    {
        for (int i = 0; i < report.SharedPages.Count; i++)
            Draw(writer, LoadPolicy.HostPageSizes[i], report.SharedPages[i]);
        if (report.History is { } history)
        {
            writer.WriteLine($"load plan, {history.Policy}:");
            foreach (LoadStep step in history.Steps.Take(MostSteps))
                writer.WriteLine($"  {LoadText.Describe(step)}");
            if (history.Steps.Count > MostSteps)
                writer.WriteLine($"  ... and {history.Steps.Count - MostSteps} more");
            foreach (LoadDamage damage in history.FindDamage().Where(damage => damage.Differing > 0))
            {
                writer.WriteLine($"  destroys 0x{damage.From:x}-0x{damage.To:x} of segment {damage.Segment.Index}"
                    + $"{(damage.Sections.Count > 0 ? $" ({Printable.Clean(string.Join(", ", damage.Sections))})" : "")}: {damage.Differing} bytes get other values");
            }
        }
        if (report.Address is { } address)
        {
            foreach (string line in LoadText.Describe(address, report.History!.Policy, 0, First))
                writer.WriteLine(Printable.Clean(line));
        }
    }

    /// <summary>The same as members of an open JSON object.</summary>
    public static void WriteJson(Utf8JsonWriter writer, SegmentReport report)
    {
        if (report.Refusal.Length > 0)
            writer.WriteString("refusal", report.Refusal);
        writer.WriteString("interpreter", report.Interpreter);
        writer.WriteString("soName", report.SoName);
        writer.WriteString("runPath", report.RunPath);
        writer.WriteStartArray("needed");
        foreach (string name in report.Needed)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteStartArray("sharedPages");
        foreach (SharedPage page in report.SharedPages.SelectMany(pages => pages))
        {
            writer.WriteStartObject();
            writer.WriteNumber("size", page.Size);
            writer.WriteString("address", $"0x{page.Address:x}");
            writer.WriteString("rights", LoadText.Rights(page.Rights));
            writer.WriteStartArray("segments");
            foreach (LoadSegment segment in page.Segments)
                writer.WriteNumberValue(segment.Index);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (report.History is { } history)
            WriteJson(writer, history);
        if (report.Address is { } address)
            WriteJson(writer, address);
    }

    private static void WriteJson(Utf8JsonWriter writer, LoadHistory history)
    {
        writer.WriteStartObject("plan");
        writer.WriteString("policy", history.Policy.Name);
        writer.WriteNumber("hostPageSize", history.Policy.HostPageSize);
        writer.WriteStartArray("steps");
        foreach (LoadStep step in history.Steps)
            WriteStep(writer, step, null);
        writer.WriteEndArray();
        writer.WriteStartArray("destroyed");
        foreach (LoadDamage damage in history.FindDamage().Where(damage => damage.Differing > 0))
        {
            writer.WriteStartObject();
            writer.WriteNumber("segment", damage.Segment.Index);
            writer.WriteNumber("by", damage.Step.SegmentIndex);
            writer.WriteString("from", $"0x{damage.From:x}");
            writer.WriteString("to", $"0x{damage.To:x}");
            writer.WriteNumber("bytes", damage.Differing);
            writer.WriteString("first", $"0x{damage.FirstDifference:x}");
            writer.WriteString("before", Convert.ToHexStringLower(damage.Before));
            writer.WriteString("after", Convert.ToHexStringLower(damage.After));
            writer.WriteStartArray("sections");
            foreach (string section in damage.Sections)
                writer.WriteStringValue(section);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, AddressHistory address)
    {
        writer.WriteStartObject("address");
        writer.WriteString("address", $"0x{address.Address:x}");
        if (address.Segment is { } segment)
            writer.WriteNumber("segment", segment.Index);
        writer.WriteString("section", address.Section);
        if (address.FileOffset is { } offset)
            writer.WriteString("fileOffset", $"0x{offset:x}");
        writer.WriteString("expected", Convert.ToHexStringLower(address.Expected));
        writer.WriteString("loaded", Convert.ToHexStringLower(address.Loaded));
        writer.WriteBoolean("destroyed", address.IsDestroyed);
        writer.WriteStartArray("writers");
        foreach ((LoadStep step, byte[] left) in address.Writers)
            WriteStep(writer, step, left);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, in LoadStep step, byte[]? left)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", step.Kind switch { LoadStepKind.MapFile => "mapFile", LoadStepKind.MapZero => "mapZeros", _ => "clear" });
        writer.WriteNumber("segment", step.SegmentIndex);
        writer.WriteString("from", $"0x{step.Address:x}");
        writer.WriteString("to", $"0x{step.End:x}");
        if (step.Kind == LoadStepKind.MapFile)
            writer.WriteString("fileOffset", $"0x{step.FileOffset:x}");
        writer.WriteString("rights", LoadText.Rights(step.Protection));
        writer.WriteBoolean("widened", step.IsWidening);
        if (left is not null)
            writer.WriteString("left", Convert.ToHexStringLower(left));
        writer.WriteEndObject();
    }

    /// <summary>
    /// Draws the pages in which segments meet, a row a segment, a cell a sixteenth of the page: <c>#</c> is full, <c>+</c> in part, <c>.</c> not the segment's, and <c>&lt;</c>
    /// what it would cover if it were widened.
    /// </summary>
    private static void Draw(TextWriter writer, ulong size, IReadOnlyList<SharedPage> pages)
    {
        if (pages.Count == 0)
        {
            writer.WriteLine($"{size / 1024,2} KiB pages: no segments share one");
            return;
        }
        writer.WriteLine($"{size / 1024,2} KiB pages: segments share {(pages.Count == 1 ? "one" : pages.Count.ToString(CultureInfo.InvariantCulture))}");
        foreach (SharedPage page in pages.Take(MostDrawn))
        {
            writer.WriteLine($"  {page.Address:x}-{page.End:x}{(page.HasMixedRights ? $", {LoadText.Rights(page.Rights)} together" : "")}");
            foreach (LoadSegment segment in page.Segments)
            {
                writer.WriteLine($"    [{Row(page, segment)}] segment {segment.Index} {LoadText.Rights(segment.Protection)} "
                    + $"{Math.Max(page.Address, segment.Address):x}-{Math.Min(page.End, segment.End):x}");
            }
        }
        if (pages.Count > MostDrawn)
            writer.WriteLine($"  ... and {pages.Count - MostDrawn} more");
    }

    private static string Row(SharedPage page, LoadSegment segment)
    {
        ulong width = page.Size / Cells;
        bool isWidened = page.Size > ElfPage.Size && LoadPlan.IsEligible(segment, page.Size);
        return string.Create(Cells, (page, segment, width, isWidened), static (row, p) =>
        {
            for (int i = 0; i < row.Length; i++)
            {
                ulong from = p.page.Address + ((ulong)i * p.width);
                ulong to = from + p.width;
                row[i] = p.segment.Address <= from && p.segment.End >= to ? '#'
                    : p.segment.Address < to && p.segment.End > from ? '+'
                    : p.isWidened && to <= p.segment.PageStart ? '<'
                    : '.';
            }
        });
    }

    private static string First(byte[] bytes, ulong address)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), address);
        decoder.Decode(out Instruction instruction);
        return instruction.IsInvalid ? "(no instruction)" : InstructionText.Of(instruction);
    }
}
