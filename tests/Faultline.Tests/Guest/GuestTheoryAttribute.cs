namespace Faultline.Tests.Guest;

/// <summary>A theory over guest programs, skipped where nothing can build them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public GuestTheoryAttribute()
    {
        if (GuestProgram.Compiler is null)
            Skip = "needs gcc for x86-64";
        else if (!OperatingSystem.IsLinux())
            Skip = "needs a Linux host";
    }
}
