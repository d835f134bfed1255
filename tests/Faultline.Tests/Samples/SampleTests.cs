using System.Diagnostics;
using Faultline.Tests.Support;

namespace Faultline.Tests.Samples;

/// <summary>Samples that are quick enough for every run of the tests: process trees, natively and on Faultline with the same output. samples/run has the others.</summary>
public sealed class SampleTests
{
    [LinuxFact("bash", "awk", "seq")]
    public void ABashScriptWithJobsAndTraps() => Run("bash");

    [LinuxFact("bash", "git")]
    public void ALocalGitRepository() => Run("git");

    [LinuxFact("bash", "perl")]
    public void PerlWithForksAndSockets() => Run("perl");

    [LinuxFact("bash", "make", "gcc", "ar")]
    public void ABuildOfThirtyFiles() => Run("make");

    private static void Run(string name)
    {
        ProcessStartInfo start = new("/bin/bash", [Path.Combine(Repository.Root, "samples/run"), name]) { RedirectStandardOutput = true };
        start.Environment["SAMPLES_TIMEOUT"] = "240";
        start.Environment["FAULTLINE"] = Repository.Launcher;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.StartsWith($"{name}: the same output", output);
    }
}
