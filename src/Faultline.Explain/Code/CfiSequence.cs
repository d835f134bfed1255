namespace Faultline.Explain.Code;

/// <summary>A control-flow integrity sequence among the bytes of a window.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Index">Where it starts.</param>
/// <param name="Length">Its length in bytes: for a preamble up to the function it precedes, when that is known.</param>
/// <param name="Hash">The type hash; of a caller, the one that it expects before its target.</param>
/// <param name="Text">One phrase for a person.</param>
/// <param name="Entry">Index of the function's first byte, for a preamble; may lie past the window. Null when it cannot be told.</param>
internal sealed record CfiSequence(CfiKind Kind, int Index, int Length, uint Hash, string Text, int? Entry = null)
{
    /// <summary>The number of register arguments that the preamble's register encodes (clang's -fsanitize-kcfi-arity), or null.</summary>
    public int? Arity { get; init; }

    /// <summary>Index of the byte, inside an instruction, that the sequence jumps to in order to raise #UD; null for sequences that have a ud2 of their own.</summary>
    public int? TrapIndex { get; init; }

    /// <summary>The hash was cut off by the window's end.</summary>
    public bool IsHashCut { get; init; }
}
