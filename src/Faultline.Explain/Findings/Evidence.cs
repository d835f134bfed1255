namespace Faultline.Explain.Findings;

/// <summary>One thing that a finding rests on: what it is in words, and where a reader can check it.</summary>
internal sealed record Evidence
{
    /// <summary>One line that says what was seen (<c>RSI holds 0x6b6b6b6b6b6b6b73</c>).</summary>
    public required string Text { get; init; }

    /// <summary>The line of the input, counted from 1, when the evidence is a line of a report.</summary>
    public int? Line { get; init; }

    /// <summary>That line as it stood in the input, without mail quoting and log prefixes.</summary>
    public string? Quote { get; init; }

    /// <summary>The virtual address that this is about.</summary>
    public ulong? Address { get; init; }

    /// <summary>The image that <see cref="FileOffset"/> belongs to, by the name that the user gave.</summary>
    public string? File { get; init; }

    /// <summary>Bytes from the start of <see cref="File"/>.</summary>
    public ulong? FileOffset { get; init; }

    /// <summary>The bytes seen there, in address order; empty when there are none to show.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Evidence that is a sentence alone.</summary>
    public static Evidence Of(string text) => new() { Text = text };

    /// <summary>Evidence that quotes a line of the report.</summary>
    /// <param name="text">What the line shows.</param>
    /// <param name="line">Its number, from 1; 0 when it is not known.</param>
    /// <param name="quote">The line itself.</param>
    public static Evidence Of(string text, int line, string? quote = null) =>
        new() { Text = text, Line = line > 0 ? line : null, Quote = quote };
}
