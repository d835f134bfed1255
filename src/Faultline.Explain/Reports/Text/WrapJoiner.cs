using System.Buffers;
using System.Text;
using Faultline.Explain.Reports.Parsing;

namespace Faultline.Explain.Reports.Text;

/// <summary>
/// Joins lines that a mail program wrapped. A line is only joined with the next one when it ends where none of the kernel's
/// lines end, or when what follows cannot stand alone.
/// </summary>
internal static class WrapJoiner
{
    private static readonly SearchValues<char> _moduleCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-()+");

    /// <summary>Mail programs wrap between these columns (RFC 5322, 2.1.1 recommends 78).</summary>
    private const int LeastWrapped = 50;

    private const int MostWrapped = 82;

    /// <summary>How many lines one line may have been wrapped into: a long list of modules has most.</summary>
    private const int MaxParts = 40;

    /// <summary>Joins a line with those that continue it, which are taken out of the source.</summary>
    public static LogLine Join(LineSource source, LogLine line)
    {
        if (!CanContinue(line))
            return line;
        StringBuilder? joined = null;
        LogLine last = line;
        for (int i = 0; i < MaxParts && source.TryPeek(0, out int number, out string raw); i++)
        {
            LogLine next = LinePrefix.Strip(number, raw);
            string text = joined?.ToString() ?? line.Text;
            if (next.Text.Length == 0 || (next.IsStamped && line.IsStamped) || !Continues(text, line, last, next.Text.Trim()))
                break;
            source.TryNext(out _, out _);
            joined ??= new StringBuilder(line.Text);
            joined.Append(' ').Append(next.Text.Trim());
            last = next;
        }
        if (joined is null)
            return line;
        return line with { Text = joined.ToString().Replace("0010: ", "0010:", StringComparison.Ordinal) };
    }

    private static bool CanContinue(LogLine line) => line.FullLength >= 20 && line.Text.Length > 4;

    private static bool Continues(string text, LogLine first, LogLine last, string next)
    {
        if (text.StartsWith("Code:", StringComparison.Ordinal))
            return CodeParser.IsContinuation(next);
        if (RegisterLine.EndsInName(text))
            return next.Length >= 8 && char.IsAsciiHexDigit(next[0]) && char.IsAsciiHexDigit(next[7]);
        if (text.StartsWith("RIP: ", StringComparison.Ordinal) && text.TrimEnd().EndsWith(':'))
            return next.Contains("+0x", StringComparison.Ordinal) || next.StartsWith("0x", StringComparison.Ordinal);
        if (text.EndsWith(" address", StringComparison.Ordinal) || text.EndsWith(" address:", StringComparison.Ordinal))
            return char.IsAsciiHexDigit(next[0]);
        if (text.StartsWith("CFI failure at ", StringComparison.Ordinal))
            return !text.EndsWith(')') && next.EndsWith(')');
        if (last.FullLength is < LeastWrapped or > MostWrapped)
            return false;
        if (text.StartsWith("Modules linked in:", StringComparison.Ordinal))
            return IsModules(next);
        if (next is ['[', .., ']'] && text.Contains("+0x", StringComparison.Ordinal))
            return !next.Contains(' ', StringComparison.Ordinal) && !char.IsAsciiDigit(next[1]);
        if (text.StartsWith("CPU: ", StringComparison.Ordinal))
            return CpuLine.Read(text) is { Version: null } ? char.IsAsciiDigit(next[0]) || next.Contains("ainted", StringComparison.Ordinal)
                : next.StartsWith('#') || (first.IsStamped && !next.Contains(':', StringComparison.Ordinal));
        return text.StartsWith("Hardware name:", StringComparison.Ordinal) && first.IsStamped && char.IsAsciiDigit(next[^1]);
    }

    /// <summary>Whether a line has names of modules alone.</summary>
    private static bool IsModules(string text)
    {
        if (text.StartsWith("[last unloaded:", StringComparison.Ordinal))
            return true;
        foreach (Range range in text.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> word = text.AsSpan(range);
            if (word is "[last")
                return true;
            if (word.ContainsAnyExcept(_moduleCharacters))
                return false;
        }
        return true;
    }
}
