using Faultline.Elf.Tests.Support;

namespace Faultline.Explain.Tests.Images;

/// <summary>A theory that compiles or compares with tools of the host; skipped by name where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools)
    {
        if (tools.FirstOrDefault(tool => !HostTool.Exists(tool)) is { } missing)
            Skip = $"{missing} is not installed";
    }
}
