using Iced.Intel;

namespace Faultline.Explain.Code;

/// <summary>One decoded instruction of a window.</summary>
/// <param name="Index">Where it starts in the bytes.</param>
/// <param name="Length">How many bytes it has there.</param>
/// <param name="Instruction">As decoded; invalid for what is no instruction.</param>
/// <param name="IsCut">The bytes end in its midst.</param>
internal readonly record struct DecodedInstruction(int Index, int Length, Instruction Instruction, bool IsCut)
{
    /// <summary>Just past its last byte.</summary>
    public int End => Index + Length;

    /// <summary>Whether the bytes are no instruction at all.</summary>
    public bool IsBad => Instruction.IsInvalid && !IsCut;

    /// <summary>Whether a byte is one of its own but not the first.</summary>
    public bool HasInside(int index) => index > Index && index < End;
}
