namespace Faultline.Tests.Support;

/// <summary>A theory about <see cref="ClaudeProgram"/>, skipped with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaudeTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public ClaudeTheoryAttribute()
    {
        if (ClaudeProgram.Absent.Length > 0)
            Skip = ClaudeProgram.Absent;
    }
}
