using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// Values that someone printed from a kernel function to debug it: <c>function: name: 0x1</c>, <c>function: name[2]: 0x3</c>. A report
/// begins at an index of 0; everything of the same function belongs to it.
/// </summary>
internal static class ValueHeader
{
    /// <summary>Reads the first element of a table, with which a report begins.</summary>
    public static HeaderLine? Read(string text, int line) => Read(text, line, out _) is { Index: 0 } value
        ? HeaderParser.Of(ReportKind.RegisterDump) with { Value = value, NeedsBody = true }
        : null;

    /// <summary>Reads a value and whatever names the function that printed it.</summary>
    /// <param name="text">The line.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="function">The function, or an empty string.</param>
    public static NamedValue? Read(string text, int line, out string function)
    {
        function = "";
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || colon > 96 || colon + 2 >= text.Length)
            return null;
        Cursor number = new(text.AsSpan(colon + 1));
        number.SkipBlanks();
        bool isHex = number.Skip("0x");
        ulong value;
        if (isHex)
        {
            if (!number.TryHex(out value))
                return null;
        }
        else if (number.TryDecimal(out long small))
        {
            value = (ulong)small;
        }
        else
        {
            return null;
        }
        if (!number.AtEnd)
            return null;
        ReadOnlySpan<char> before = text.AsSpan(0, colon);
        int separator = before.LastIndexOf(':');
        ReadOnlySpan<char> name = before[(separator + 1)..].Trim();
        function = separator < 0 ? "" : before[..separator].Trim().ToString();
        int? index = null;
        int bracket = name.IndexOf('[');
        if (bracket > 0 && name[^1] == ']')
        {
            if (!isHex || !int.TryParse(name[(bracket + 1)..^1], out int at))
                return null;
            index = at;
            name = name[..bracket];
        }
        return IsName(name) && (function.Length == 0 || IsName(function)) ? new NamedValue(name.ToString(), index, value, line) : null;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64 || char.IsAsciiDigit(text[0]))
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.'))
                return false;
        }
        return true;
    }
}
