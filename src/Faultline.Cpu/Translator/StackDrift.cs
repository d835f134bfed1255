namespace Faultline.Cpu.Translator;

/// <summary>Between which distances RSP lies from where it was when it was looked at last.</summary>
/// <param name="Low">The least, in bytes.</param>
/// <param name="High">The most.</param>
internal readonly record struct StackDrift(long Low, long High)
{
    /// <summary>Moved by a constant.</summary>
    public StackDrift By(long distance) => new(Low + distance, High + distance);

    /// <summary>One or the other.</summary>
    public StackDrift Or(StackDrift other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));
}
