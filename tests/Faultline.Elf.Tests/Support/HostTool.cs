using System.Diagnostics;

namespace Faultline.Elf.Tests.Support;

/// <summary>Tools of the host that serve as a second opinion.</summary>
internal static class HostTool
{
    /// <summary>Whether a tool is installed.</summary>
    public static bool Exists(string name)
    {
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
    }

    /// <summary>Runs a tool and gives its standard output; a failure or 20 seconds without an end fail the test.</summary>
    public static string Run(string name, params string[] arguments)
    {
        ProcessStartInfo start = new(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(20000), $"{name} does not end");
        Assert.True(process.ExitCode == 0, $"{name} {string.Join(' ', arguments)}: exit {process.ExitCode}: {errors.Result}");
        return output;
    }
}
