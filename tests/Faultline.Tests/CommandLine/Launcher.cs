using Faultline.Tests.Parity;

namespace Faultline.Tests.CommandLine;

/// <summary>Runs the launcher as a user does.</summary>
internal static class Launcher
{
    /// <summary>A small environment.</summary>
    public static IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            Dictionary<string, string> environment = new() { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = "/", ["LC_ALL"] = "C" };
            if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
                environment["DOTNET_ROOT"] = root;
            return environment;
        }
    }

    /// <summary>Runs it with a small environment.</summary>
    public static CommandResult Run(params string[] arguments) => CommandResult.Run([Repository.Launcher, .. arguments], "/", "", Environment);
}
