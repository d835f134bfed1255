namespace Faultline.Explain.Output;

/// <summary>Wraps text at blanks.</summary>
internal static class TextWrap
{
    /// <summary>Writes one paragraph.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="text">The text; control characters in it are shown as dots.</param>
    /// <param name="width">The columns of a line. A word that is longer stands alone and is not broken.</param>
    /// <param name="first">What the first line begins with.</param>
    /// <param name="rest">What every other line begins with.</param>
    public static void Write(TextWriter writer, string text, int width, string first, string rest)
    {
        string prefix = first;
        string clean = Printable.Clean(text);
        int at = 0;
        do
        {
            int end = Math.Min(clean.Length, at + Math.Max(1, width - prefix.Length));
            if (end < clean.Length)
            {
                int blank = clean.LastIndexOf(' ', end, end - at);
                if (blank <= at)
                    blank = clean.IndexOf(' ', end);
                end = blank < 0 ? clean.Length : blank;
            }
            writer.WriteLine(string.Concat(prefix, clean.AsSpan(at, end - at)).TrimEnd());
            prefix = rest;
            at = end;
            while (at < clean.Length && clean[at] == ' ')
                at++;
        }
        while (at < clean.Length);
    }
}
