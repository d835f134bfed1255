using System.Diagnostics;

namespace Faultline.Tests.Parity;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(byte[] Output, string Errors, int Status)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    /// <summary>Runs a command with a fixed environment and a file as standard input.</summary>
    public static CommandResult Run(IReadOnlyList<string> command, string directory, string input, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task feed = Feed(process, input);
        using MemoryStream output = new();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult([], $"no end after {_limit.TotalSeconds} s", -1);
        }
        Task.WaitAll(copy, feed);
        return new CommandResult(output.ToArray(), errors.Result, process.ExitCode);
    }

    private static async Task Feed(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program did not read all of its input, as it may.
        }
    }
}
