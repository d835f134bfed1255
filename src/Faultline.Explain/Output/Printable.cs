using System.Globalization;

namespace Faultline.Explain.Output;

/// <summary>Makes text of a report safe for a terminal.</summary>
internal static class Printable
{
    /// <summary>
    /// The text with a tab as a blank and every other control, format or unpaired surrogate character as a dot: nothing that a
    /// report holds may move a terminal's cursor, colour it or reverse its direction.
    /// </summary>
    public static string Clean(string text)
    {
        int at = 0;
        while (at < text.Length && text[at] is >= ' ' and <= '~')
            at++;
        if (at == text.Length)
            return text;
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = Clean(from, i);
        });
    }

    private static char Clean(string text, int index)
    {
        char c = text[index];
        if (c == '\t')
            return ' ';
        if (char.IsHighSurrogate(c))
            return index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? c : '.';
        if (char.IsLowSurrogate(c))
            return index > 0 && char.IsHighSurrogate(text[index - 1]) ? c : '.';
        return char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned ? '.' : c;
    }
}
