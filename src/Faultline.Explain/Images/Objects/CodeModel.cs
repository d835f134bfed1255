namespace Faultline.Explain.Images.Objects;

/// <summary>Which compiler and code model an object seems to come from.</summary>
/// <param name="Compiler">The family ("Clang", "GCC", "GCC and Clang"), with versions where the file says so; null when it cannot be told.</param>
/// <param name="Model">The code model: "large", "medium", "mixed", "small or kernel", "small, position-independent" and the like; null when nothing tells.</param>
/// <param name="HasLargeText">Whether there is an executable section that is marked large, as Clang from 18 on makes.</param>
/// <param name="Reasons">What in the file says so.</param>
internal sealed record CodeModel(string? Compiler, string? Model, bool HasLargeText, IReadOnlyList<string> Reasons);
