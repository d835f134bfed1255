using System.Text;

namespace Faultline.Explain.Reports.Text;

/// <summary>Removes a terminal's control sequences (ECMA-48, 5.4) and stray carriage returns and zeros from a line.</summary>
internal static class AnsiEscapes
{
    /// <summary>The line without them; the same string when there are none.</summary>
    public static string Remove(string line)
    {
        if (line.AsSpan().IndexOfAny('\u001b', '\r', '\0') < 0)
            return line;
        StringBuilder clean = new(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c is '\r' or '\0')
                continue;
            if (c != '\u001b')
                clean.Append(c);
            else if (i + 1 < line.Length && line[i + 1] == '[')
                i = EndOfSequence(line, i + 2);
        }
        return clean.ToString();
    }

    /// <summary>The index of a control sequence's final byte, or the last index before something that cannot be part of one.</summary>
    private static int EndOfSequence(string line, int at)
    {
        while (at < line.Length && line[at] is >= ' ' and <= '?')
            at++;
        return at < line.Length && line[at] is >= '@' and <= '~' ? at : at - 1;
    }
}
