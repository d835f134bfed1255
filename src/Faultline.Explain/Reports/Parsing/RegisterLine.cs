using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Reads lines of registers: pairs of a name and a hexadecimal value, in the spellings of all processors.</summary>
internal static class RegisterLine
{
    /// <summary>Reads a whole line of registers.</summary>
    /// <param name="text">The line.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="values">The registers, in the order printed; floating-point ones, which 64 bits do not hold, are left out.</param>
    /// <param name="architecture">Whose registers they are, where the names tell.</param>
    /// <returns>Whether the line is one of registers alone: at least one pair, and nothing that is none.</returns>
    public static bool TryRead(string text, int line, List<RegisterValue> values, out ReportArchitecture architecture)
    {
        architecture = ReportArchitecture.Unknown;
        Cursor cursor = new(text);
        cursor.SkipBlanks();
        int before = values.Count;
        bool any = false;
        while (!cursor.AtEnd)
        {
            if (!TryReadPair(ref cursor, line, values, ref architecture))
            {
                // A cut-off line ends in a name, or in flags spelled out.
                if (any && (IsFlags(cursor) || IsLoneName(cursor)))
                    return true;
                values.RemoveRange(before, values.Count - before);
                return false;
            }
            any = true;
            cursor.SkipBlanks();
        }
        return any;
    }

    /// <summary>Whether a line ends in a register's name without its value: where a mail program wrapped.</summary>
    public static bool EndsInName(string text)
    {
        string trimmed = text.TrimEnd();
        if (!trimmed.EndsWith(':'))
            return false;
        int blank = trimmed.LastIndexOf(' ');
        return blank > 0 && RegisterNames.Find(trimmed.AsSpan(blank + 1).TrimEnd(':')) != RegisterNames.None;
    }

    private static bool TryReadPair(ref Cursor cursor, int line, List<RegisterValue> values, ref ReportArchitecture architecture)
    {
        Cursor ahead = cursor;
        int length = 0;
        while (length < ahead.Rest.Length && (char.IsAsciiLetterOrDigit(ahead.Rest[length]) || ahead.Rest[length] is '_' or '.'))
            length++;
        string name = ahead.Rest[..length].ToString();
        RegisterNames.Row row = RegisterNames.Find(name);
        if (row == RegisterNames.None)
            return false;
        ahead.Skip(name);
        ahead.SkipBlanks();
        bool hasColon = ahead.Skip(':');
        // LoongArch alone prints no colon, and then the names are few and the values have all their digits.
        if (!hasColon && row.Architecture != ReportArchitecture.LoongArch)
            return false;
        ahead.SkipBlanks();
        ahead.Skip("0x");
        ulong first = 0;
        if (row.Kind == RegisterNames.Kind.FloatingPoint)
        {
            if (!ahead.TryHex(out _, 1, 5) && ahead.Word().IsEmpty)
                return false;
            SkipDigits(ref ahead);
        }
        else
        {
            // Some print a selector before the stack pointer: RSP: 0018:ffff...
            if (!ahead.TryHex(out first, hasColon ? 1 : 16))
                return false;
            if (row.Kind == RegisterNames.Kind.StackPointer && ahead.Skip(':') && !ahead.TryHex(out first))
                return false;
            if (ahead.Skip('('))
                ahead.TryUntil(')', out _);
        }
        if (!ahead.AtEnd && ahead.Next is not (' ' or '\t'))
            return false;
        if (row.Architecture != ReportArchitecture.Unknown && architecture == ReportArchitecture.Unknown)
            architecture = row.Architecture;
        if (row.Kind != RegisterNames.Kind.FloatingPoint)
            values.Add(new RegisterValue(name, first, line));
        cursor = ahead;
        return true;
    }

    private static void SkipDigits(ref Cursor cursor)
    {
        while (char.IsAsciiHexDigit(cursor.Next))
            cursor.Skip(cursor.Next);
    }

    private static bool IsFlags(Cursor cursor) => cursor.Next is '(' or '[';

    private static bool IsLoneName(Cursor cursor)
    {
        ReadOnlySpan<char> rest = cursor.Rest.TrimEnd();
        return rest.EndsWith(":") && RegisterNames.Find(rest.TrimEnd(':').TrimEnd()) != RegisterNames.None;
    }
}
