namespace Faultline.Elf.Dwarf;

/// <summary>One level of the source that an instruction belongs to.</summary>
/// <param name="Function">The function, or null when the file does not name it.</param>
/// <param name="File">The path as the compiler was given it, completed with the folder it ran in; empty when unknown.</param>
/// <param name="Line">Line, from 1; 0 when unknown.</param>
/// <param name="Column">Column, from 1; 0 when unknown.</param>
/// <param name="IsInlined">Whether the function's body was inlined into the next level's.</param>
internal readonly record struct SourcePlace(string? Function, string File, int Line, int Column, bool IsInlined);
