using System.Globalization;

namespace Faultline.Explain.Rules;

/// <summary>A word, a number or a mark of a line of prose or of a table.</summary>
/// <param name="Text">The characters.</param>
/// <param name="Value">The value of a number.</param>
/// <param name="IsHex">Whether it is written with 0x.</param>
internal readonly record struct StatementToken(string Text, ulong? Value, bool IsHex)
{
    /// <summary>Longer words are cut: no name that is looked for is as long.</summary>
    private const int LongestWord = 32;

    /// <summary>Cuts a line into tokens. Text copied from web pages loses blanks and ends of lines: <c>at0x10</c> is two tokens, and so is <c>0x60ed1a0From</c>.</summary>
    public static IEnumerable<StatementToken> Read(string line)
    {
        int at = 0;
        while (at < line.Length)
        {
            char c = line[at];
            int end = at + 1;
            if (char.IsWhiteSpace(c))
            {
                at = end;
                continue;
            }
            if (IsHexStart(line, at))
            {
                end = HexEnd(line, at + 2);
                if (ulong.TryParse(line.AsSpan(at + 2, end - at - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
                    yield return new StatementToken(line[at..end], value, IsHex: true);
            }
            else if (char.IsAsciiDigit(c))
            {
                while (end < line.Length && char.IsAsciiDigit(line[end]))
                    end++;
                // A word that begins with digits (4K, 60ec000) is no number.
                bool isNumber = end == line.Length || !char.IsLetter(line[end]);
                if (!isNumber)
                {
                    while (end < line.Length && char.IsLetterOrDigit(line[end]))
                        end++;
                }
                if (isNumber && ulong.TryParse(line.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                    yield return new StatementToken(line[at..end], value, IsHex: false);
                else
                    yield return new StatementToken("", null, IsHex: false);
            }
            else if (char.IsLetter(c) || c == '_')
            {
                while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] == '_') && !IsHexStart(line, end))
                    end++;
                yield return new StatementToken(line[at..Math.Min(end, at + LongestWord)], null, IsHex: false);
            }
            else if (c != '.' || (at > 0 && char.IsLetterOrDigit(line[at - 1])))
            {
                // A full stop ends a sentence; the point of .plt begins a name.
                yield return new StatementToken(line[at..end], null, IsHex: false);
            }
            at = end;
        }
    }

    private static bool IsHexStart(string line, int at) =>
        line[at] == '0' && at + 2 < line.Length && line[at + 1] == 'x' && char.IsAsciiHexDigit(line[at + 2]);

    /// <summary>The end of a hexadecimal number. It is written in one case: a capital behind small letters begins a word.</summary>
    private static int HexEnd(string line, int at)
    {
        bool hasLower = false;
        while (at < line.Length && char.IsAsciiHexDigit(line[at]) && !(hasLower && char.IsAsciiLetterUpper(line[at])))
        {
            hasLower |= char.IsAsciiLetterLower(line[at]);
            at++;
        }
        return at;
    }
}
