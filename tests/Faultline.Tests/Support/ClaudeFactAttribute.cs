namespace Faultline.Tests.Support;

/// <summary>A fact about <see cref="ClaudeProgram"/>, skipped with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaudeFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public ClaudeFactAttribute()
    {
        if (ClaudeProgram.Absent.Length > 0)
            Skip = ClaudeProgram.Absent;
    }
}
