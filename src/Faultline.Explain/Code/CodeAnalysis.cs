namespace Faultline.Explain.Code;

/// <summary>Where instructions start in a window, and how that is known.</summary>
internal sealed record CodeAnalysis
{
    /// <summary>The bytes.</summary>
    public required CodeWindow Window { get; init; }

    /// <summary>Where RIP is with respect to the instructions.</summary>
    public required CodeVerdict Verdict { get; init; }

    /// <summary>The instructions that are believed, in order; those before <see cref="TrustedFrom"/> are left out.</summary>
    public required IReadOnlyList<DecodedInstruction> Instructions { get; init; }

    /// <summary>Index of the first byte from which on the reading is believed.</summary>
    public required int TrustedFrom { get; init; }

    /// <summary>The instruction that has RIP inside; null when the verdict is another.</summary>
    public DecodedInstruction? Straddled { get; init; }

    /// <summary>What the processor decoded: the instruction at RIP.</summary>
    public required DecodedInstruction AtRip { get; init; }

    /// <summary>Starting points that were tried.</summary>
    public int Tried { get; init; }

    /// <summary>Those whose decoding came to the believed reading.</summary>
    public int Agreeing { get; init; }

    /// <summary>Targets of branches in the window that are where the believed reading has an instruction: they confirm it.</summary>
    public IReadOnlyList<int> Confirmed { get; init; } = [];

    /// <summary>Sentences for a reader on how the start was found and what is doubtful.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
