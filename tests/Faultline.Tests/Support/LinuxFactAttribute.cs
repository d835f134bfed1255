using System.Runtime.InteropServices;

namespace Faultline.Tests.Support;

/// <summary>A fact that needs a Linux host; with tools named, an x86-64 one that has them. Skipped by name otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public LinuxFactAttribute(params string[] tools)
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs a Linux host";
        else if (tools.Length > 0 && RuntimeInformation.OSArchitecture != Architecture.X64)
            Skip = "needs an x86-64 host";
        else if (Array.Find(tools, tool => Repository.FindTool(tool) is null) is { } missing)
            Skip = $"needs {missing}";
    }
}
