namespace Faultline.Elf.Tests.Support;

/// <summary>A fact that needs a tool of the host, or x86-64 binaries to look at; skipped by name where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute(params string[] tools)
    {
        string? missing = tools.FirstOrDefault(tool => !HostTool.Exists(tool));
        if (missing is not null)
        {
            Skip = $"{missing} is not installed";
        }
        else if (HostFiles.All.Count == 0)
        {
            Skip = "the host has no x86-64 Linux programs";
        }
    }
}
