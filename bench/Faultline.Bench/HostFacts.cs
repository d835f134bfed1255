using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Faultline.Bench;

/// <summary>What figures depend on besides the code.</summary>
internal static class HostFacts
{
    /// <summary>One line: processor, system, .NET, the other emulator, date.</summary>
    public static string Describe(bool withQemu)
    {
        string qemu = withQemu ? $", {QemuVersion()}" : "";
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}{qemu}; {date}.";
    }

    /// <summary>The load average of the last minute where the system tells it: above the number of processors in use, figures are worthless.</summary>
    public static string Load()
    {
        const string path = "/proc/loadavg";
        return File.Exists(path) ? File.ReadAllText(path).Split(' ')[0] : "unknown";
    }

    private static string Processor()
    {
        const string path = "/proc/cpuinfo";
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string QemuVersion()
    {
        using Process process = Process.Start(new ProcessStartInfo(Runner.Qemu, ["--version"]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n')[0].Trim();
    }
}
