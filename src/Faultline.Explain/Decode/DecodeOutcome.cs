namespace Faultline.Explain.Decode;

/// <summary>A decoded value, or one sentence that says why there is none.</summary>
internal readonly record struct DecodeOutcome
{
    private DecodeOutcome(Decoded? value, string error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>What was decoded; null when the input could not be read.</summary>
    public Decoded? Value { get; }

    /// <summary>Why nothing was decoded; empty otherwise.</summary>
    public string Error { get; }

    /// <summary>A value.</summary>
    public static implicit operator DecodeOutcome(Decoded value) => new(value, "");

    /// <summary>A failure.</summary>
    public static DecodeOutcome Fail(string error) => new(null, error);
}
