using System.Globalization;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>Values that stand in any text as <c>name = 0x1</c>, <c>name: 0x1</c> or <c>name[2]: 0x1</c>: a debugger's, a note's, a printk's.</summary>
internal static class LooseValues
{
    /// <summary>More values than this are not kept: logs of megabytes have thousands, and rules compare them.</summary>
    public const int Most = 512;

    private const int LongestName = 48;

    /// <summary>The values of a text, in order.</summary>
    public static IReadOnlyList<NamedValue> Read(IReadOnlyList<ReportLine> lines)
    {
        List<NamedValue> values = [];
        foreach (ReportLine line in lines)
        {
            int from = 0;
            while (values.Count < Most && line.Text.IndexOf("0x", from, StringComparison.Ordinal) is var at and >= 0)
            {
                from = at + 2;
                if (Read(line, at) is { } value)
                    values.Add(value);
            }
            if (values.Count == Most)
                break;
        }
        return values;
    }

    private static NamedValue? Read(ReportLine line, int at)
    {
        ReadOnlySpan<char> text = line.Text;
        int digits = at + 2;
        while (digits < text.Length && char.IsAsciiHexDigit(text[digits]))
            digits++;
        // The number ends at a blank or a mark: 0x12/0x40 and 0x12-0x40 are sizes and ranges.
        if (digits - at - 2 is 0 or > 16 || digits < text.Length && text[digits] is not (' ' or ',' or ';' or ')' or '.' or '\t'))
            return null;
        ReadOnlySpan<char> before = text[..at].TrimEnd();
        if (before.Length == 0 || before[^1] is not ('=' or ':'))
            return null;
        ReadOnlySpan<char> name = before[..^1].TrimEnd();
        int start = name.LastIndexOfAny(',', ';', ':');
        name = name[(start + 1)..].Trim();
        int? index = null;
        int bracket = name.IndexOf('[');
        if (bracket > 0 && name[^1] == ']')
        {
            if (!int.TryParse(name[(bracket + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int element))
                return null;
            index = element;
            name = name[..bracket];
        }
        if (name.Length is 0 or > LongestName || !char.IsAsciiLetter(name[0]))
            return null;
        return new NamedValue(name.ToString(), index, ulong.Parse(text[(at + 2)..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), line.Number);
    }
}
