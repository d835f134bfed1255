namespace Faultline.Explain.Images;

/// <summary>One level of source that an instruction belongs to.</summary>
/// <param name="Function">The function's name; null when the debug information has none.</param>
/// <param name="File">The file as the line table names it.</param>
/// <param name="Line">The line, from 1; 0 when unknown.</param>
/// <param name="IsInlined">Whether this function's body was inlined into the next frame's.</param>
internal sealed record SourceFrame(string? Function, string File, int Line, bool IsInlined);
