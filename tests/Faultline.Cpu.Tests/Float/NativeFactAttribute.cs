using System.Runtime.InteropServices;
using Faultline.Cpu.Tests.Differential;

namespace Faultline.Cpu.Tests.Float;

/// <summary>A test whose expected values come from the host processor; skipped where the host is not x86-64.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public NativeFactAttribute()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !OperatingSystem.IsLinux())
            Skip = "needs an x86-64 Linux host as the oracle";
    }

    /// <summary>Whether the host must also decide as AMD's processors do what manuals leave open.</summary>
    public bool DecidesAlike
    {
        get => Skip == HostFeatures.DecidesOtherwise;
        set
        {
            if (value && Skip is null && !HostFeatures.DecidesAlike)
                Skip = HostFeatures.DecidesOtherwise;
        }
    }
}
