using System.Globalization;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>The PT_LOAD segments of a program, from the lines of readelf -lW in the input.</summary>
/// <param name="Source">Where they come from, for a person.</param>
/// <param name="Segments">In the order of the headers.</param>
internal sealed record SegmentTable(string Source, IReadOnlyList<Segment> Segments)
{
    /// <summary>More segments than this no program has; the rest is ignored.</summary>
    private const int Most = 64;

    /// <summary>Page sizes of Linux hosts above 4 KiB.</summary>
    private static readonly ulong[] _pageSizes = [0x4000, 0x1_0000];

    /// <summary>The segments that the input gives; null when it gives none.</summary>
    public static SegmentTable? Find(ExplainContext context)
    {
        List<Segment> read = [.. context.Text.Select(Parse).OfType<Segment>().Take(Most)];
        return read.Count == 0 ? null : new SegmentTable("program headers in the input", read);
    }

    /// <summary>A code segment that holds an address in the same large page as the start of a later writable one.</summary>
    public (Segment Code, Segment Data, ulong PageSize)? Overlap(ulong address)
    {
        foreach (ulong size in _pageSizes)
        {
            foreach (Segment code in Segments)
            {
                if (!code.IsExecutable || address < code.Start || address >= code.End)
                    continue;
                foreach (Segment data in Segments)
                {
                    if (data.IsWritable && data.Start >= code.End && data.Start / size == address / size && data.Start / 4096 != (code.End - 1) / 4096)
                        return (code, data, size);
                }
            }
        }
        return null;
    }

    /// <summary>A line such as "LOAD 0x5cec1a0 0x00000000060ed1a0 0x... 0x... 0x... RW  0x4000".</summary>
    private static Segment? Parse(ReportLine line)
    {
        string[] words = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 8 || words[0] != "LOAD" || !TryHex(words[2], out ulong start) || !TryHex(words[5], out ulong size) || !TryHex(words[^1], out ulong alignment))
            return null;
        string flags = string.Concat(words[6..^1]);
        return size > ulong.MaxValue - start ? null : new Segment(start, start + size, flags.Contains('W'), flags.Contains('E'), alignment, line.Number);
    }

    private static bool TryHex(string word, out ulong value)
    {
        value = 0;
        return word.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
