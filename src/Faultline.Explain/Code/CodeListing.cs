namespace Faultline.Explain.Code;

/// <summary>A <c>Code:</c> line disassembled.</summary>
/// <param name="Instructions">In address order.</param>
/// <param name="Notes">What a reader must know: that the start is ambiguous, that the mark lies inside an instruction.</param>
internal sealed record CodeListing(IReadOnlyList<CodeInstruction> Instructions, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing to show.</summary>
    public static CodeListing Empty { get; } = new([], []);
}
