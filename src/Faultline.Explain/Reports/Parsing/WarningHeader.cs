using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// <c>WARNING: CPU: 1 PID: 45 at FILE:LINE SYMBOL</c>; since 6.18 <c>WARNING: FILE:LINE at SYMBOL, CPU#1: comm/45</c>; before 3.14
/// <c>WARNING: at FILE:LINE SYMBOL()</c> (kernel/panic.c, __warn()). Lockdep begins its reports with the same word.
/// </summary>
internal static class WarningHeader
{
    private static readonly string[] _lockdep =
    [
        "possible circular locking", "possible recursive locking", "possible irq lock inversion", "inconsistent lock state",
        "suspicious RCU usage", "bad unlock balance", "held lock freed", "lock held when returning", "SOFTIRQ-safe", "HARDIRQ-safe",
        "nested lock was not taken", "Nested lock was not taken",
    ];

    /// <summary>Reads the line.</summary>
    /// <returns>Null when some other program warns.</returns>
    public static HeaderLine? Read(string text, int line)
    {
        Cursor cursor = new(text);
        cursor.Skip("WARNING: ");
        if (Array.Exists(_lockdep, phrase => text.AsSpan("WARNING: ".Length).StartsWith(phrase, StringComparison.Ordinal)))
            return HeaderParser.Of(ReportKind.Lockdep);
        int? cpu = null;
        int? pid = null;
        string? task = null;
        if (cursor.Skip("CPU: "))
        {
            if (!cursor.TryInt32(out int number))
                return null;
            cpu = number;
            if (cursor.Skip(" PID: ") && cursor.TryInt32(out int id))
                pid = id;
            cursor.SkipBlanks();
        }
        if (cursor.Skip("at "))
        {
            string position = cursor.Word().ToString();
            return position.Contains(':', StringComparison.Ordinal)
                ? HeaderParser.Of(ReportKind.Warning, 2) with { Cpu = cpu, Pid = pid, SourcePosition = position }
                : cpu is null ? null : HeaderParser.Of(ReportKind.Warning, 2) with { Cpu = cpu, Pid = pid };
        }
        if (cpu is not null)
            return HeaderParser.Of(ReportKind.Warning, 2) with { Cpu = cpu, Pid = pid };
        string source = cursor.Word().ToString();
        if (!source.Contains(':', StringComparison.Ordinal) || !cursor.Skip(" at ") || !cursor.SkipPast("CPU#") || !cursor.TryInt32(out int at))
            return null;
        if (cursor.Skip(": "))
        {
            string who = cursor.Rest.TrimEnd().ToString();
            int slash = who.LastIndexOf('/');
            if (slash > 0 && int.TryParse(who.AsSpan(slash + 1), out int id))
                (task, pid) = (who[..slash], id);
        }
        return HeaderParser.Of(ReportKind.Warning, 2) with { Cpu = at, Pid = pid, Task = task, SourcePosition = source };
    }
}
