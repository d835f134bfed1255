using System.Runtime.InteropServices;
using Faultline.Cpu.Tests.Differential;

namespace Faultline.Cpu.Tests.Float;

/// <summary>A theory whose expected values come from the host processor; skipped where the host is not x86-64.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="flags">What the host must have besides, by the names of /proc/cpuinfo.</param>
    public NativeTheoryAttribute(params string[] flags)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !OperatingSystem.IsLinux())
            Skip = "needs an x86-64 Linux host as the oracle";
        else if (Array.Find(flags, flag => !HostFeatures.Has(flag)) is { } missing)
            Skip = $"the host lacks {missing}";
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
