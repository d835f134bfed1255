using Faultline.Tests.Parity;

namespace Faultline.Tests.CommandLine;

/// <summary>Runs the launcher as a user does.</summary>
internal static class Launcher
{
    /// <summary>Runs it with a small environment.</summary>
    public static CommandResult Run(params string[] arguments)
    {
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = "/", ["LC_ALL"] = "C" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
            environment["DOTNET_ROOT"] = root;
        return CommandResult.Run([Repository.Launcher, .. arguments], "/", "", environment);
    }
}
