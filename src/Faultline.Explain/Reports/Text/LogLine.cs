namespace Faultline.Explain.Reports.Text;

/// <summary>A line of the input without what logs and mails put before it.</summary>
internal readonly record struct LogLine
{
    /// <summary>Its number in the input, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What the kernel printed, without blanks at the end.</summary>
    public required string Text { get; init; }

    /// <summary>Seconds since boot, when a kernel timestamp stood before it.</summary>
    public double? Timestamp { get; init; }

    /// <summary>Whether any kind of timestamp, log level or journal prefix stood before it.</summary>
    public bool IsStamped { get; init; }

    /// <summary>The caller id that <c>CONFIG_PRINTK_CALLER</c> adds: <c>T123</c> for a task, <c>C1</c> for a processor; null without one.</summary>
    public string? Caller { get; init; }

    /// <summary>How often a mail quoted it.</summary>
    public int QuoteDepth { get; init; }

    /// <summary>The length of the line with its prefixes but without quoting: what a mail program looked at when it wrapped.</summary>
    public int FullLength { get; init; }
}
