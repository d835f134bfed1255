using System.IO.Compression;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests;

/// <summary>The files under Fixtures: real machines' output.</summary>
internal static class Fixtures
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    /// <summary>The text of a file.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>The text of a compressed file.</summary>
    public static string Unzipped(string name)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>Every text file's name below Fixtures.</summary>
    public static IReadOnlyList<string> AllTexts { get; } =
        [.. Directory.GetFiles(Folder, "*.txt", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    /// <summary>The reports of a file.</summary>
    public static IReadOnlyList<CrashReport> Reports(string name) => ReportFinder.Find(Text(name));

    /// <summary>The only report of a file.</summary>
    public static CrashReport Report(string name) => Assert.Single(Reports(name));
}
