namespace Faultline.Bench;

/// <summary>One timed run of a program.</summary>
/// <param name="Seconds">Wall time, the start of the process included.</param>
/// <param name="Digest">SHA-256 of what it wrote to standard output.</param>
/// <param name="Status">Exit status; -1 when it was stopped because it took too long.</param>
/// <param name="Errors">The first line of standard error, for messages.</param>
internal readonly record struct Sample(double Seconds, string Digest, int Status, string Errors);
