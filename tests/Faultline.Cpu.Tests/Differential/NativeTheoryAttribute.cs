namespace Faultline.Cpu.Tests.Differential;

/// <summary>A theory whose expected values come from the host processor; skipped where the host is not x86-64 Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public NativeTheoryAttribute()
    {
        if (!NativeRunner.IsSupported)
            Skip = "needs an x86-64 Linux host as the oracle";
    }
}
