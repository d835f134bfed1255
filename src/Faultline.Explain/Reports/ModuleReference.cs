namespace Faultline.Explain.Reports;

/// <summary>One name of <c>Modules linked in:</c>.</summary>
/// <param name="Name">The module.</param>
/// <param name="Flags">Its own taint letters and <c>+</c> (loading) or <c>-</c> (unloading), as printed in parentheses; empty without.</param>
internal readonly record struct ModuleReference(string Name, string Flags);
