using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Faultline.Bench;

/// <summary>One way to run a guest program: natively, under an emulator, on Faultline.</summary>
/// <param name="Name">Column heading.</param>
/// <param name="Prefix">Command and arguments in front of the program's path.</param>
internal sealed partial record Runner(string Name, string[] Prefix)
{
    /// <summary>Runs a program once and times it.</summary>
    public Sample Run(string program)
    {
        string[] command = [.. Prefix, program];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {command[0]}");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Match count = InstructionCount().Match(errors.Result);
        long instructions = count.Success ? long.Parse(count.Groups[1].Value.Replace(",", "", StringComparison.Ordinal)) : 0;
        return new Sample(seconds, output, process.ExitCode, instructions);
    }

    [GeneratedRegex(@"instructions:?\s+([0-9,]+)")]
    private static partial Regex InstructionCount();
}
