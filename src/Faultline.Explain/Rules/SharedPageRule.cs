using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>The input says where segments lie, and two of them meet in one page of a host with larger pages.</summary>
internal sealed class SharedPageRule : IRule
{
    /// <summary>Pairs that are told.</summary>
    private const int Most = 4;

    private const ulong GuestPage = 4096;

    /// <summary>Page sizes of Linux hosts above 4 KiB.</summary>
    private static readonly ulong[] _pageSizes = [0x4000, 0x1_0000];

    private static readonly FindingDescription _shared = new("segments-share-host-page", "Two segments share one page of a host with larger pages",
        "The input gives the end of one PT_LOAD and the start of a later one, in a table of program headers or in words; they are in different 4 KiB pages and in one of 16 or 64 KiB, and "
        + "p_align, where it is given, lets a loader use pages of that size. Likely when the text also says that zeros were executed or names an address that would be overwritten; else possible.");

    /// <inheritdoc/>
    public string Id => "segments-share-host-page";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_shared];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        // A report has its own line of evidence: ZeroCodeRule goes by its RIP.
        if (context.AllReports.Count > 0)
            yield break;
        IReadOnlyList<SegmentStatement> segments = SegmentStatements.Read(context.Text);
        if (segments.Count < 2)
            yield break;
        bool hasZeros = StatedZeros.Find(context.Text) is not null;
        int told = 0;
        foreach (SegmentStatement early in segments)
        {
            foreach (SegmentStatement late in segments)
            {
                if (PageSize(early, late) is not { } size || told++ >= Most)
                    continue;
                ulong page = late.Start!.Value & ~(size - 1);
                ulong from = Math.Max(page, early.Start ?? 0);
                ulong to = early.End!.Value;
                List<Evidence> named = [.. Named(context.Text, from, to)];
                yield return _shared.Make(
                    hasZeros || named.Count > 0 ? Confidence.Likely : Confidence.Possible,
                    $"One segment ends at 0x{to:x} and a later one starts at 0x{late.Start:x}: with 4 KiB pages they are in the pages 0x{(to - 1) & ~(GuestPage - 1):x} and "
                    + $"0x{late.Start & ~(GuestPage - 1):x}, with pages of {size / 1024} KiB both are in the page 0x{page:x}.",
                    $"A loader on a host with pages of {size / 1024} KiB that widens the later segment down to the page boundary maps it from 0x{page:x} on and destroys the bytes 0x{from:x} to 0x{to:x} of "
                    + "the earlier one: what it does not read from the file is zero before the first instruction runs. With 4 KiB pages the same file is loaded right. The layer is the loader; "
                    + "neither the program nor the translation of its code is at fault.",
                    [
                        At(context.Text, early),
                        At(context.Text, late),
                        .. late.Alignment is { } alignment ? [Evidence.Of($"p_align 0x{alignment:x} is at least a page of {size / 1024} KiB, so a loader that goes by p_align alone widens it")] : (Evidence[])[],
                        .. named,
                    ],
                    $"in the loader, round a segment down to the host's page only where that meets no other segment, and use {GuestPage / 1024} KiB pages otherwise",
                    "see each byte that would be lost: faultline inspect FILE",
                    $"or link with segments apart: -Wl,-z,max-page-size=0x{size:x} -Wl,-z,separate-code");
            }
        }
    }

    /// <summary>The smallest page in which two segments meet that 4 KiB pages keep apart; null when none does, or the later one's p_align forbids it.</summary>
    private static ulong? PageSize(SegmentStatement early, SegmentStatement late)
    {
        if (early.End is not { } end || late.Start is not { } start || end == 0 || start < end || (end - 1) / GuestPage == start / GuestPage || early.Start >= end)
            return null;
        // Equal distances between file and memory: widening reads the same bytes to the same addresses.
        if (early is { Offset: { } first, Start: { } address } && late.Offset is { } second && unchecked(address - first == start - second))
            return null;
        foreach (ulong size in _pageSizes)
        {
            if ((end - 1) / size == start / size && (late.Alignment is null || late.Alignment >= size))
                return size;
        }
        return null;
    }

    /// <summary>Addresses of the text that lie among the destroyed bytes.</summary>
    private static IEnumerable<Evidence> Named(IReadOnlyList<ReportLine> text, ulong from, ulong to)
    {
        HashSet<ulong> seen = [from, to];
        foreach (ReportLine line in text)
        {
            if (!line.Text.Contains("0x", StringComparison.Ordinal))
                continue;
            foreach (StatementToken token in StatementToken.Read(line.Text))
            {
                if (token is { IsHex: true, Value: { } value } && value >= from && value < to && seen.Count < 6 && seen.Add(value))
                    yield return Evidence.Of($"0x{value:x} is one of the bytes that would be destroyed", line.Number);
            }
        }
    }

    private static Evidence At(IReadOnlyList<ReportLine> text, SegmentStatement segment)
    {
        string? quote = text.FirstOrDefault(line => line.Number == segment.Line).Text?.Trim();
        return Evidence.Of(segment.Describe(), segment.Line, quote is { Length: <= 160 } ? quote : null);
    }
}
