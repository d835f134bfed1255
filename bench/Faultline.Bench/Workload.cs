namespace Faultline.Bench;

/// <summary>A program that the comparison runs.</summary>
/// <param name="Group">What it stands for; means are taken over groups.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Command">
/// A source in bench/programs without ".c", or a program of the system, and its arguments. In arguments, {programs} is that folder,
/// {text:N} a generated text file of N MiB and {code:N} a generated C file of N functions.
/// </param>
internal sealed record Workload(string Group, string Name, params string[] Command)
{
    /// <summary>Whether it is compiled for x86-64-v3 and needs a processor of that level.</summary>
    public bool NeedsAvx2 { get; init; }
}
