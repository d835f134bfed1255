namespace Faultline.Tests;

/// <summary>Where things are in this checkout, and where tests leave notes for the summary of ./test.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The launcher.</summary>
    public static string Launcher => Path.Combine(Root, "faultline");

    /// <summary>Path of an executable on PATH, or null.</summary>
    public static string? FindTool(string name)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            string path = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(path))
                return path;
        }
        return null;
    }

    /// <summary>Adds a line that ./test prints with the project's counts.</summary>
    public static void Note(string line)
    {
        if (Environment.GetEnvironmentVariable("FAULTLINE_TEST_NOTES") is { Length: > 0 } file)
            File.AppendAllText(file, line + "\n");
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Faultline.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run from inside the checkout");
    }
}
