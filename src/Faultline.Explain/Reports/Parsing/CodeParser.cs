using System.Globalization;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Reads <c>Code:</c> lines.</summary>
internal static class CodeParser
{
    private const int MaxBytes = 4096;

    /// <summary>Reads what stands behind <c>Code:</c>.</summary>
    /// <param name="text">Bytes of two digits or words of eight, one of them in angle brackets or parentheses; or a sentence.</param>
    /// <param name="line">The line's number, from 1.</param>
    /// <returns>Null when the text is neither.</returns>
    public static CodeBytes? Read(string text, int line)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith("Unable to access opcode bytes", StringComparison.Ordinal)
            || trimmed.StartsWith("Bad ", StringComparison.Ordinal) || trimmed == "bad PC value")
        {
            return new CodeBytes { Bytes = default, MarkedIndex = -1, Unreadable = trimmed, Line = line };
        }
        List<byte> bytes = [];
        int marked = -1;
        int unit = 0;
        foreach (Range range in trimmed.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> word = trimmed.AsSpan(range);
            if (word.IsEmpty)
                continue;
            bool isMarked = (word[0] == '<' && word[^1] == '>') || (word[0] == '(' && word[^1] == ')');
            ReadOnlySpan<char> digits = isMarked ? word[1..^1] : word;
            if (!IsUnit(digits, ref unit) || bytes.Count >= MaxBytes)
            {
                // A cut-off line may end in half a byte: what stood before it is still good.
                if (bytes.Count > 0 && digits.Length == 1)
                    break;
                // Unreadable words of other processors are printed as "????????" or "XXXXXXXX".
                return bytes.Count >= 4 && word[0] is not ('?' or 'X') ? Make(bytes, marked, unit, line) : null;
            }
            if (isMarked)
                marked = bytes.Count;
            uint value = uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            for (int i = 0; i < unit; i++)
                bytes.Add((byte)(value >> (8 * i)));
        }
        return bytes.Count == 0 ? null : Make(bytes, marked, unit, line);
    }

    /// <summary>Whether every word of a line could belong to a <c>Code:</c> line: how a wrapped one goes on.</summary>
    public static bool IsContinuation(string text)
    {
        int unit = 0;
        bool any = false;
        foreach (Range range in text.AsSpan().Trim().Split(' '))
        {
            ReadOnlySpan<char> word = text.AsSpan().Trim()[range];
            if (word.Length > 2 && word[0] is '<' or '(')
                word = word[1..^1];
            if (word.IsEmpty || !IsUnit(word, ref unit))
                return false;
            any = true;
        }
        return any;
    }

    private static bool IsHex(ReadOnlySpan<char> digits)
    {
        foreach (char digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }
        return true;
    }

    private static CodeBytes Make(List<byte> bytes, int marked, int unit, int line) =>
        new() { Bytes = bytes.ToArray(), MarkedIndex = marked, UnitSize = unit, Line = line };

    private static bool IsUnit(ReadOnlySpan<char> digits, ref int unit)
    {
        if (digits.Length is not (2 or 8) || !IsHex(digits))
            return false;
        if (unit == 0)
            unit = digits.Length / 2;
        return unit == digits.Length / 2;
    }
}
