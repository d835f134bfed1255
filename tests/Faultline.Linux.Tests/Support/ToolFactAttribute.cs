namespace Faultline.Linux.Tests.Support;

/// <summary>A fact that needs programs of an x86-64 Linux host; skipped by name without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public ToolFactAttribute(params string[] tools) => Skip = Missing(tools);

    internal static string? Missing(string[] tools)
    {
        if (!OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.OSArchitecture != System.Runtime.InteropServices.Architecture.X64)
            return "needs an x86-64 Linux host";
        foreach (string tool in tools)
        {
            if (!Tools.Has(tool))
                return $"needs {tool}";
        }
        return null;
    }
}
