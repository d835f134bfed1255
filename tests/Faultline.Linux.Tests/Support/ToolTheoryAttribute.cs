namespace Faultline.Linux.Tests.Support;

/// <summary>A theory that needs programs of an x86-64 Linux host; skipped by name without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public ToolTheoryAttribute(params string[] tools) => Skip = ToolFactAttribute.Missing(tools);
}
