using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>A dump of memory that should be one poison byte throughout and is not: reads out what was written there.</summary>
internal sealed class PoisonDumpRule : IRule
{
    /// <summary>Share of the bytes that must be the fill for a dump to be one of poisoned memory, in hundredths.</summary>
    private const int FillShare = 40;

    /// <summary>Shortest text that is read out, in characters.</summary>
    private const int FewestCharacters = 5;

    private static readonly FindingDescription _written = new("poison-overwritten", "Freed memory was written to",
        "A hexadecimal dump in the report is mostly one poison byte and has other bytes in between: the bytes are read out as text and as pointers. It says that "
        + "freed memory was written; who wrote it follows from the contents at best.");

    private static readonly FindingDescription _conflict = new("poison-options-conflict", "Debug options for freed memory contradict each other",
        "A kernel before 5.13 dumps overwritten page poison, and the same input switches on page_poison (or debug_pagealloc, which implies it on some architectures) together with "
        + "init_on_alloc or init_on_free.");

    /// <inheritdoc/>
    public string Id => "poison-dump";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_written, _conflict];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        bool hasPageDump = false;
        // Of slab objects the slab rule speaks, which knows their bounds.
        if (context.Report.Kind == ReportKind.Slab)
            yield break;
        foreach (MemoryDump dump in context.Report.Dumps)
        {
            if (Written(context, dump) is not { } finding)
                continue;
            hasPageDump |= context.Report.Kind == ReportKind.PagePoison;
            yield return finding;
        }
        if (hasPageDump && Conflict(context) is { } conflict)
            yield return conflict;
    }

    private static Finding? Written(ExplainContext context, MemoryDump dump)
    {
        ReadOnlySpan<byte> bytes = dump.Bytes.Span;
        // The page allocator's dump goes from the first wrong byte to the last: it may have no fill at all.
        PoisonPattern? found = context.Report.Kind == ReportKind.PagePoison ? Poison.OfByte(Poison.Page) : Fill(bytes);
        if (found is not { } pattern)
            return null;
        byte fill = (byte)pattern.Base;
        List<(int Start, int Length)> foreign = Foreign(bytes, fill);
        // A slab object ends in 0xa5 and is followed by its red zone.
        bool isWhole = foreign.Count == 0 || foreign.Count == 1 && foreign[0].Length == 1 && fill == Poison.SlabFree && bytes[foreign[0].Start] == Poison.SlabEnd;
        if (isWhole)
            return null;

        List<Evidence> evidence = [];
        List<(int Offset, string Text)> texts = AsciiText.Runs(bytes, FewestCharacters, fill);
        foreach ((int offset, string text) in texts)
            evidence.Add(ReportFacts.At(context.Report, LineOf(dump, offset), $"text at offset 0x{offset:x} of the dump: {text}"));
        foreach ((int start, int length) in foreign.Take(8))
        {
            evidence.Add(new Evidence
            {
                Text = $"{length} bytes at offset 0x{start:x} are not 0x{fill:x2}{Pointers(context, bytes.Slice(start, length), start)}",
                Line = LineOf(dump, start),
                Bytes = dump.Bytes.Slice(start, Math.Min(length, 32)),
            });
        }
        if (foreign.Count > 8)
            evidence.Add(Evidence.Of($"and {foreign.Count - 8} more stretches"));
        string said = texts.Count == 0 ? "" : $" Among them is text: {string.Join(", ", texts.Take(3).Select(t => t.Text))}.";
        string task = context.Report.Task is { } name ? $" The task that met it is {name}." : "";
        return _written.Make(
            Confidence.Certain,
            $"A dump of {bytes.Length} bytes that should all be 0x{fill:x2} ({pattern.Name}) has {foreign.Sum(f => f.Length)} others in {foreign.Count} {(foreign.Count == 1 ? "stretch" : "stretches")}.{said}{task}",
            $"The bytes are of memory that had been given back: {pattern.Meaning}. Whoever wrote the others used it after that - or the memory was in use by right and was taken for "
            + "free, or was given back without being filled."
            + (foreign.Count > 1 ? " Intact fill between short stretches speaks for data structures being written, not for one stray copy." : ""),
            evidence,
            "look for the text's origin: it names the program or driver whose data lies in the page",
            "page_owner=on says who had the page last; KASAN catches the writer itself",
            "check that the debug options agree with each other: page_poison, init_on_alloc and init_on_free write different fills to the same pages");
    }

    /// <summary>The pattern that fills most of a dump, or null.</summary>
    private static PoisonPattern? Fill(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            return null;
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte b in bytes)
            counts[b]++;
        PoisonPattern? best = null;
        foreach (PoisonPattern pattern in Poison.Patterns)
        {
            if (pattern is { Width: 1, State: PoisonState.Freed } && counts[(int)pattern.Base] * 100 >= bytes.Length * FillShare
                && (best is null || counts[(int)pattern.Base] > counts[(int)best.Base]))
            {
                best = pattern;
            }
        }
        return best;
    }

    /// <summary>Stretches of other bytes; fewer than four fill bytes between two do not part them.</summary>
    private static List<(int Start, int Length)> Foreign(ReadOnlySpan<byte> bytes, byte fill)
    {
        List<(int Start, int Length)> found = [];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == fill)
                continue;
            if (found.Count > 0 && i - (found[^1].Start + found[^1].Length) < 4)
                found[^1] = (found[^1].Start, i - found[^1].Start + 1);
            else
                found.Add((i, 1));
        }
        return found;
    }

    /// <summary>What the words of a stretch look like, when they look like addresses.</summary>
    private static string Pointers(ExplainContext context, ReadOnlySpan<byte> bytes, int start)
    {
        int skip = -start & 7;
        List<string> found = [];
        for (int i = skip; i + 8 <= bytes.Length && found.Count < 4; i += 8)
        {
            ulong word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]);
            ClassifiedValue value = context.Classifier.Classify(word, context);
            if (value.Class is ValueClass.User or ValueClass.DirectMap or ValueClass.KernelText or ValueClass.Vmalloc or ValueClass.Module)
                found.Add($"0x{word:x} ({value.Text})");
        }
        return found.Count == 0 ? "" : $"; words among them: {string.Join(", ", found)}";
    }

    private static Finding? Conflict(ExplainContext context)
    {
        ReportLine? poison = Option(context, "page_poison=") ?? Option(context, "debug_pagealloc=");
        ReportLine? init = Option(context, "init_on_alloc=") ?? Option(context, "init_on_free=");
        if (poison is not { } first || init is not { } second)
            return null;
        // Later kernels let page_poison win and say so.
        if (!KernelVersion.IsBefore(context.Report.KernelVersion, 5, 13))
            return null;
        return _conflict.Make(
            Confidence.Likely,
            "page_poison (or debug_pagealloc) is on together with init_on_alloc or init_on_free, and freed pages do not hold what one of them promised.",
            "page_poison fills pages with 0xaa when they are freed and checks that when they are taken; init_on_free fills them with zeros when freed, and init_on_alloc when taken. "
            + "Before Linux 5.13 both could be on at once: pages were then freed with the one fill and checked for, or handed out as, the other, so that memory that "
            + "should be zero (page tables, for one) came full of 0xaa and the checks reported corruption that no one had done. The layer is the debugging code itself.",
            [
                Evidence.Of("poisoning is asked for", first.Number, first.Text.Trim()),
                Evidence.Of("so is initialising", second.Number, second.Text.Trim()),
                .. context.Report.KernelVersion is { } version ? [Evidence.Of($"the kernel is {version}")] : (Evidence[])[],
            ],
            "use one of the two: page_poison=1 to find writes to freed pages, or init_on_alloc=1 init_on_free=1 to harden",
            "use Linux 5.13 or later, where page_poison switches the others off and says so at boot");
    }

    private static ReportLine? Option(ExplainContext context, string name)
    {
        foreach (ReportLine line in context.Text)
        {
            int at = line.Text.IndexOf(name, StringComparison.Ordinal);
            if (at >= 0 && line.Text.AsSpan(at + name.Length) is ['1', ..] or ['o', 'n', ..] or ['y', ..])
                return line;
        }
        return null;
    }

    private static int LineOf(MemoryDump dump, int offset)
    {
        int lines = dump.LastLine - dump.Line + 1;
        int perLine = lines <= 0 ? 16 : Math.Max(1, (dump.Bytes.Length + lines - 1) / lines);
        return Math.Min(dump.LastLine, dump.Line + offset / perLine);
    }
}
