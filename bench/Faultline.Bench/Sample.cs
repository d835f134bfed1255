namespace Faultline.Bench;

/// <summary>One timed run of a program.</summary>
/// <param name="Seconds">Wall time, the start of the process included.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Status">Exit status.</param>
/// <param name="Instructions">Guest instructions, where the runner counts them.</param>
internal readonly record struct Sample(double Seconds, string Output, int Status, long Instructions);
