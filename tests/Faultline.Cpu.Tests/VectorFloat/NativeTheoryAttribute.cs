using System.Runtime.InteropServices;

namespace Faultline.Cpu.Tests.VectorFloat;

/// <summary>A theory whose expected values come from the host processor; skipped where the host is not x86-64.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public NativeTheoryAttribute()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !OperatingSystem.IsLinux())
            Skip = "needs an x86-64 Linux host as the oracle";
    }
}
