namespace Faultline.Explain.Reports.Text;

/// <summary>
/// Takes off a line what stands before the kernel's text: mail quoting, log levels (<c>&lt;4&gt;</c>, <c>kern  :warn  :</c>),
/// kernel timestamps in dmesg(1)'s forms, caller ids, and the prefixes of syslog and the journal.
/// </summary>
internal static class LinePrefix
{
    private static readonly string[] _facilities =
        ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"];

    private static readonly string[] _months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private static readonly string[] _days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>Takes the prefixes off.</summary>
    /// <param name="number">The line's number, from 1.</param>
    /// <param name="raw">The line as it stood in the input, without its end.</param>
    public static LogLine Strip(int number, string raw)
    {
        string line = AnsiEscapes.Remove(raw);
        Cursor cursor = new(line);
        int depth = SkipQuotes(ref cursor);
        int unquoted = cursor.Position;
        bool isStamped = SkipHostPrefix(ref cursor);
        double? timestamp = null;
        string? caller = null;
        // <4> and the timestamp come in either order, and the timestamp's bracket may be followed by the caller's.
        for (int i = 0; i < 4; i++)
        {
            if (SkipLevel(ref cursor) || SkipBracket(ref cursor, ref timestamp, ref caller))
                isStamped = true;
            else
                break;
        }
        return new LogLine
        {
            Number = number,
            Text = cursor.Rest.TrimEnd().ToString(),
            Timestamp = timestamp,
            IsStamped = isStamped,
            Caller = caller,
            QuoteDepth = depth,
            FullLength = line.Length - unquoted,
        };
    }

    /// <summary>
    /// The index where a kernel timestamp starts inside a line, behind something that was printed without a line's end before
    /// it; -1 when there is none.
    /// </summary>
    public static int FindInnerTimestamp(string raw)
    {
        for (int at = raw.IndexOf('[', StringComparison.Ordinal); at >= 0; at = raw.IndexOf('[', at + 1))
        {
            if (at == 0)
                continue;
            Cursor cursor = new(raw.AsSpan(at));
            if (TrySeconds(ref cursor, out _) && cursor.Skip(']') && cursor.Next is ' ' or '[')
                return at;
        }
        return -1;
    }

    /// <summary>Passes <c>&gt;</c>, <c>&gt; &gt;</c>, <c>&gt;&gt;</c> and so on, and one blank behind the last.</summary>
    private static int SkipQuotes(ref Cursor cursor)
    {
        int depth = 0;
        while (true)
        {
            Cursor ahead = cursor;
            ahead.SkipBlanks();
            if (!ahead.Skip('>'))
                return depth;
            // KASAN marks the line of its memory dump that is meant with the same character.
            Cursor dump = ahead;
            if (dump.TryHex(out _, 8) && dump.Next == ':')
                return depth;
            ahead.Skip(' ');
            cursor = ahead;
            depth++;
        }
    }

    /// <summary>Passes what syslog, the journal and continuous-integration logs put first.</summary>
    private static bool SkipHostPrefix(ref Cursor cursor)
    {
        Cursor ahead = cursor;
        if (SkipIsoTime(ref ahead) || SkipSyslogTime(ref ahead))
        {
            ahead.SkipBlanks();
            cursor = ahead;
            // Either "host kernel: " or "kernel: ".
            Cursor name = ahead;
            if (SkipKernelTag(ref name))
            {
                cursor = name;
                return true;
            }
            name = ahead;
            name.Word();
            name.SkipBlanks();
            if (SkipKernelTag(ref name))
                cursor = name;
            return true;
        }
        if (SkipKernelTag(ref ahead) && ahead.Next is '[' or '<')
        {
            cursor = ahead;
            return true;
        }
        return SkipKmsg(ref cursor) || SkipFacility(ref cursor);
    }

    private static bool SkipKernelTag(ref Cursor cursor)
    {
        if (!cursor.Skip("kernel:"))
            return false;
        cursor.Skip(' ');
        return true;
    }

    private static bool SkipIsoTime(ref Cursor cursor)
    {
        if (!(cursor.TryDecimal(out long year) && year is >= 1970 and <= 9999 && cursor.Skip('-') && cursor.TryDecimal(out _)
            && cursor.Skip('-') && cursor.TryDecimal(out _) && (cursor.Skip('T') || cursor.Skip(' ')) && SkipClock(ref cursor)))
        {
            return false;
        }
        if (cursor.Skip('Z'))
            return true;
        if (cursor.Skip('+') || cursor.Skip('-'))
            return cursor.TryDecimal(out _) && (!cursor.Skip(':') || cursor.TryDecimal(out _));
        return true;
    }

    private static bool SkipSyslogTime(ref Cursor cursor)
    {
        if (!SkipOneOf(ref cursor, _months))
            return false;
        cursor.SkipBlanks();
        return cursor.TryDecimal(out _) && cursor.SkipBlanks() && SkipClock(ref cursor);
    }

    private static bool SkipClock(ref Cursor cursor)
    {
        if (!(cursor.TryDecimal(out _) && cursor.Skip(':') && cursor.TryDecimal(out _) && cursor.Skip(':') && cursor.TryDecimal(out _)))
            return false;
        if (cursor.Skip('.') || cursor.Skip(','))
            cursor.TryDecimal(out _);
        return true;
    }

    /// <summary>/dev/kmsg: <c>LEVEL,SEQUENCE,MICROSECONDS,FLAGS[,...];</c>.</summary>
    private static bool SkipKmsg(ref Cursor cursor)
    {
        Cursor ahead = cursor;
        if (!(ahead.TryDecimal(out _) && ahead.Skip(',') && ahead.TryDecimal(out _) && ahead.Skip(',') && ahead.TryDecimal(out _)
            && ahead.Skip(',') && ahead.Next is '-' or 'c' && ahead.TryUntil(';', out ReadOnlySpan<char> flags) && flags.Length < 64))
        {
            return false;
        }
        cursor = ahead;
        return true;
    }

    /// <summary>dmesg -x: <c>kern  :warn  : </c>.</summary>
    private static bool SkipFacility(ref Cursor cursor)
    {
        Cursor ahead = cursor;
        if (!SkipOneOf(ref ahead, _facilities))
            return false;
        ahead.SkipBlanks();
        if (!ahead.Skip(':') || !ahead.TryUntil(':', out ReadOnlySpan<char> level) || level.Trim().Length is < 3 or > 6)
            return false;
        ahead.Skip(' ');
        cursor = ahead;
        return true;
    }

    private static bool SkipOneOf(ref Cursor cursor, string[] names)
    {
        foreach (string name in names)
        {
            if (cursor.Skip(name))
                return true;
        }
        return false;
    }

    private static bool SkipLevel(ref Cursor cursor)
    {
        Cursor ahead = cursor;
        if (!(ahead.Skip('<') && ahead.TryDecimal(out long level) && level < 192 && ahead.Skip('>')))
            return false;
        if (ahead.Next == ' ' && ahead.Rest.StartsWith(" [", StringComparison.Ordinal))
            ahead.Skip(' ');
        cursor = ahead;
        return true;
    }

    /// <summary>A timestamp or a caller id in brackets, and one blank behind it.</summary>
    private static bool SkipBracket(ref Cursor cursor, ref double? timestamp, ref string? caller)
    {
        Cursor ahead = cursor;
        if (ahead.Next == ' ' && timestamp is not null && caller is null)
            ahead.Skip(' ');
        Cursor time = ahead;
        if (timestamp is null && TrySeconds(ref time, out double seconds) && SkipTimeTail(ref time))
        {
            timestamp = seconds;
            time.Skip(' ');
            cursor = time;
            return true;
        }
        if (caller is null && TryCaller(ref ahead, out string? id))
        {
            caller = id;
            ahead.Skip(' ');
            cursor = ahead;
            return true;
        }
        Cursor calendar = cursor;
        if (calendar.Skip('[') && SkipOneOf(ref calendar, _days) && calendar.TryUntil(']', out ReadOnlySpan<char> date) && date.Length < 32)
        {
            calendar.Skip(' ');
            cursor = calendar;
            return true;
        }
        return false;
    }

    private static bool TrySeconds(ref Cursor cursor, out double seconds)
    {
        seconds = 0;
        if (!cursor.Skip('['))
            return false;
        cursor.SkipBlanks();
        if (!cursor.TryDecimal(out long whole) || !cursor.Skip('.'))
            return false;
        int start = cursor.Position;
        if (!cursor.TryDecimal(out long fraction) || cursor.Position - start is < 3 or > 9)
            return false;
        seconds = whole + (fraction / Math.Pow(10, cursor.Position - start));
        return true;
    }

    /// <summary>The end of a timestamp's bracket, with the processor or the time since the last line that some tools add.</summary>
    private static bool SkipTimeTail(ref Cursor cursor)
    {
        if (cursor.Skip(']'))
            return true;
        return cursor.Next is ',' or ' ' or '<' && cursor.TryUntil(']', out ReadOnlySpan<char> tail) && tail.Length < 32;
    }

    private static bool TryCaller(ref Cursor cursor, out string? caller)
    {
        caller = null;
        if (!cursor.Skip('['))
            return false;
        cursor.SkipBlanks();
        char kind = cursor.Next;
        if (kind is not ('T' or 'C'))
            return false;
        cursor.Skip(kind);
        if (!cursor.TryInt32(out int id) || !cursor.Skip(']'))
            return false;
        caller = $"{kind}{id}";
        return true;
    }
}
