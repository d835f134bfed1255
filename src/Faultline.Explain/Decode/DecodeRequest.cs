namespace Faultline.Explain.Decode;

/// <summary>What a user asks to have decoded.</summary>
internal sealed record DecodeRequest
{
    /// <summary>The words after the kind, as typed.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The contents of the file or of standard input; null when neither was read.</summary>
    public string? Text { get; init; }

    /// <summary>The system call interface by name (<c>ia64-break</c>); null when not given.</summary>
    public string? Abi { get; init; }

    /// <summary>The processor's mode for instruction bytes: 16, 32 or 64; null for 64.</summary>
    public string? Bits { get; init; }

    /// <summary>The address of the first instruction byte; null for 0.</summary>
    public string? Address { get; init; }
}
