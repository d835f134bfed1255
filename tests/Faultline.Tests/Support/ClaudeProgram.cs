using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Faultline.Tests.Support;

/// <summary>The binary that samples/claude/fetch gets with npm: large, with segments that share pages of larger hosts, a just-in-time compiler and many threads.</summary>
internal static class ClaudeProgram
{
    private const string Version = "2.1.162";

    private static readonly TimeSpan _fetchTime = TimeSpan.FromMinutes(3);

    private static readonly Lazy<string> _absent = new(FindAbsent);

    private static string Cached => Path.Combine(Repository.Root, ".build", "claude", Version, "claude");

    /// <summary>What is missing for tests to have it, for the reason of a skip; empty when nothing is.</summary>
    public static string Absent => _absent.Value;

    /// <summary>Where it is; fetched when it is not there yet.</summary>
    public static string Fetch()
    {
        if (File.Exists(Cached))
            return Cached;
        using Process process = Start(Path.Combine(Repository.Root, "samples", "claude", "fetch"), Version);
        string path = process.StandardOutput.ReadToEnd().Trim();
        Assert.True(process.WaitForExit(_fetchTime) && process.ExitCode == 0, "samples/claude/fetch failed");
        return path;
    }

    private static string FindAbsent()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            return "needs an x86-64 Linux host";
        if (File.Exists(Cached))
            return "";
        if (Repository.FindTool("npm") is not { } npm)
            return "needs npm";
        using Process process = Start(npm, "view", $"@anthropic-ai/claude-code-linux-x64@{Version}", "version", "--fetch-retries=0", "--fetch-timeout=10000");
        string answer = process.StandardOutput.ReadToEnd().Trim();
        return process.WaitForExit(_fetchTime) && answer == Version ? "" : "needs npm's registry";
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
}
