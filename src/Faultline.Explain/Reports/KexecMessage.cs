namespace Faultline.Explain.Reports;

/// <summary>A line that kexec printed.</summary>
internal sealed record KexecMessage
{
    /// <summary>The line, without prefixes.</summary>
    public required string Text { get; init; }

    /// <summary>The relocation type of <c>Overflow in relocation type N value V</c>, as the psABI numbers it.</summary>
    public uint? RelocationType { get; init; }

    /// <summary>The value that did not fit.</summary>
    public ulong? Value { get; init; }

    /// <summary>The line of the input, from 1.</summary>
    public required int Line { get; init; }
}
