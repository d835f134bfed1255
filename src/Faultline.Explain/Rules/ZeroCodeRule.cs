using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>The processor executed zeros.</summary>
internal sealed class ZeroCodeRule : IRule
{
    /// <summary>So many zero bytes from RIP on are no code: 00 00 is one legitimate, if pointless, instruction.</summary>
    private const int Fewest = 8;

    /// <summary>What is said of zeros that were executed, also where only a text says so.</summary>
    public static readonly FindingDescription Zeros = new("executing-zeros", "The processor executed zero-filled memory",
        "The byte at RIP and all that the report shows after it, eight at least, are zero: `add byte ptr [rax], al`, an access through RAX that no compiler meant. With the image it is "
        + "said whether the file has other bytes there. Outside reports: a text says that something faulted and that 00 00 was decoded, or a debugger stopped, at that instruction.");

    private static readonly FindingDescription _overlap = new("segment-overlap", "A writable segment that was widened covers code of the segment before it",
        "Zeros are executed, and the input has program headers (readelf -lW), or the image has, that put RIP into the same 16 or 64 KiB page as the start of a later, writable segment.");

    /// <inheritdoc/>
    public string Id => "executing-zeros";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [Zeros, _overlap];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (!ReportFacts.IsX64(report) || CodeWindow.Of(report.Frame) is not { } window)
            yield break;
        // After a fetch that failed the kernel prints bytes that were never executed.
        ReadOnlyMemory<byte> after = window.Bytes.AsMemory(window.Marker);
        if (!IsZeros(window) || ReportFacts.IsInstructionFetch(report))
            yield break;

        List<Evidence> evidence =
        [
            new()
            {
                Text = $"{after.Length} bytes from RIP on are zero; 00 00 decodes to {CodeAnalyzer.Text(window, CodeAnalyzer.DecodeAt(window, window.Marker))}",
                Line = report.Frame.Code!.Line,
                Quote = ReportFacts.Quote(report, report.Frame.Code.Line),
                Bytes = after,
            },
        ];
        if (report.Frame["RAX"] is { } rax)
            evidence.Add(Evidence.Of($"RAX is 0x{rax:x}{(report.FaultAddress == rax ? ", which is the faulting address" : "")}: the access is a consequence, not the cause"));
        int before = 0;
        while (before < window.Marker && window.Bytes[window.Marker - 1 - before] == 0)
            before++;
        evidence.Add(Evidence.Of(before == window.Marker
            ? "the bytes before RIP are zeros as well: execution ran through them, two at a time, or was sent here"
            : $"{before} bytes before RIP are zeros"));
        bool? differs = FromImage(context, evidence);
        if (differs == false)
            yield break;
        yield return Zeros.Make(
            differs == true ? Confidence.Certain : Confidence.Likely,
            $"RIP is {ReportFacts.Place(report.Frame)}, where there are only zeros.",
            (differs == true ? "The file has code there and memory has not: it was overwritten or never loaded. " : "Memory that should hold code holds none. ")
            + "Either it was zeroed after it was loaded (a loader that clears the tail of a segment or widens one over its neighbour, a wild memset), or it was never loaded, or "
            + "control was sent to where no code is. The fault's address says nothing.",
            evidence,
            "compare with the file: faultline explain --image FILE",
            "dump the same bytes before the program runs: zeros there already make it the loader");

        if (report.Frame.InstructionPointer is { } rip && SegmentTable.Find(context) is { } table && table.Overlap(rip) is { } overlap)
        {
            yield return _overlap.Make(
                Confidence.Likely,
                $"RIP 0x{rip:x} lies in the segment that ends at 0x{overlap.Code.End:x}, and a writable one starts at 0x{overlap.Data.Start:x}; with pages of "
                + $"0x{overlap.PageSize:x} bytes both are in the page 0x{rip & ~(overlap.PageSize - 1):x}.",
                $"On a host with pages of {overlap.PageSize / 1024} KiB a loader that widens the writable segment down to its page (0x{overlap.Data.Start & ~(overlap.PageSize - 1):x}) "
                + $"maps it over the end of the code, from 0x{rip & ~(overlap.PageSize - 1):x} on, and what it does not read from the file it leaves zero. With 4 KiB pages they are in different pages, so the same "
                + "file runs there. The layer is the loader.",
                [
                    Evidence.Of($"{table.Source}: {overlap.Code.Describe()}", overlap.Code.Line),
                    Evidence.Of($"{table.Source}: {overlap.Data.Describe()}", overlap.Data.Line),
                    Evidence.Of($"widened, the second starts at 0x{overlap.Data.Start & ~(overlap.PageSize - 1):x}, below the first's end"),
                ],
                "in the loader, round a segment down to the host's page only when that meets no other segment, and use the guest's 4 KiB pages otherwise",
                $"or link with segments apart: -Wl,-z,max-page-size=0x{overlap.PageSize:x} -Wl,-z,separate-code");
        }
    }

    /// <summary>Whether the bytes from RIP on are zeros, and enough of them.</summary>
    public static bool IsZeros(CodeWindow window) =>
        window.Bytes.Length - window.Marker >= Fewest && !window.Bytes.AsSpan(window.Marker).ContainsAnyExcept((byte)0);

    /// <summary>Whether the image has other bytes at RIP: null when it cannot be told.</summary>
    private static bool? FromImage(ExplainContext context, List<Evidence> evidence)
    {
        if (ReportFacts.Linked(context) is not { } at)
            return null;
        byte[] bytes = new byte[Fewest];
        int read = at.Image.Read(at.Address, bytes);
        if (read < Fewest)
            return null;
        bool differs = bytes.AsSpan().ContainsAnyExcept((byte)0);
        evidence.Add(new Evidence
        {
            Text = differs ? "the file has other bytes there" : "the file has zeros there too",
            File = at.Image.Name,
            Address = at.Address,
            Bytes = bytes,
        });
        return differs;
    }
}
