using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.Loading;

/// <summary>A large program of today on Faultline as on hosts with any page size, compared with the host's own run of it.</summary>
public sealed class ClaudeTests
{
    [ClaudeTheory]
    [InlineData("linux", 4096)]
    [InlineData("guest-page", 4096)]
    [InlineData("host-page", 4096)]
    [InlineData("linux", 16384)]
    [InlineData("guest-page", 16384)]
    [InlineData("host-page-unless-overlap", 16384)]
    [InlineData("linux", 65536)]
    [InlineData("guest-page", 65536)]
    [InlineData("host-page-unless-overlap", 65536)]
    public void HelpIsTheSameUnderEverySoundPolicy(string policy, int hostPageSize) =>
        Compare(["--host-page-size", $"{hostPageSize}", "--load-policy", policy], "--help");

    [ClaudeTheory]
    [InlineData("--version")]
    [InlineData("--print", "hello")]
    public void OtherArgumentsGiveTheSameToo(params string[] arguments) => Compare([], arguments);

    [ClaudeFact]
    public void TheBrokenPolicyKillsItAndTheReportNamesTheReason()
    {
        using TestFolder home = new();
        CommandResult result = Run([Repository.Launcher, "run", "--host-page-size", "16384", "--load-policy", "host-page", "--", ClaudeProgram.Fetch(), "--help"], home);
        Assert.Equal(139, result.Status);
        Assert.Contains("the bytes at rip are 00 00 00 00", result.Errors, StringComparison.Ordinal);
        Assert.Contains("add byte ptr [rax], al", result.Errors, StringComparison.Ordinal);
        Assert.Contains("(.plt) has ff 25 ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("was widened from 0x60ed000 down to 0x60ec000", result.Errors, StringComparison.Ordinal);
        Assert.Contains("zeroed 0x60ec000 to 0x60ec1a0 (.plt, .iplt), 328 bytes", result.Errors, StringComparison.Ordinal);
    }

    private static void Compare(string[] options, params string[] arguments)
    {
        string program = ClaudeProgram.Fetch();
        using TestFolder home = new();
        using TestFolder nativeHome = new();
        CommandResult native = Run([program, .. arguments], nativeHome);
        CommandResult ours = Run([Repository.Launcher, "run", .. options, "--", program, .. arguments], home);
        Assert.True(native.Status == ours.Status, $"status {ours.Status}, natively {native.Status}\n{ours.Errors}");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(native.Output), System.Text.Encoding.UTF8.GetString(ours.Output));
        Assert.Equal(native.Errors, ours.Errors);
        Assert.NotEmpty(native.Output);
    }

    /// <summary>Each run has a home of its own, and no network behind the proxy that it is told of.</summary>
    private static CommandResult Run(string[] command, TestFolder home)
    {
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = home.Path,
            ["LC_ALL"] = "C",
            ["HTTPS_PROXY"] = "http://127.0.0.1:9",
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
            environment["DOTNET_ROOT"] = root;
        return CommandResult.Run(command, home.Path, "", environment);
    }
}
