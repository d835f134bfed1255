using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Tests;

/// <summary>A fact whose expected values come from gcc on an x86-64 Linux host; skipped by name elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GccFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public GccFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64 || !File.Exists("/usr/bin/gcc"))
            Skip = "needs gcc on an x86-64 Linux host";
    }
}
