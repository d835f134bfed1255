namespace Faultline.Tests.Guest;

/// <summary>tests/guest/known-failures.txt: programs whose expected results do not hold, each with the reason.</summary>
internal static class KnownFailures
{
    /// <summary>Those that fail here, by name.</summary>
    public static IReadOnlyDictionary<string, string> Here { get; } = Read("here");

    /// <summary>Those that may fail natively, because hosts differ.</summary>
    public static IReadOnlyDictionary<string, string> Natively { get; } = Read("native");

    private static Dictionary<string, string> Read(string where)
    {
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Path.Combine(GuestProgram.Folder, "known-failures.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3 || parts[0] is not ("here" or "native"))
                throw new InvalidDataException($"known-failures.txt: {line}");
            if (parts[0] == where)
                entries.Add(parts[1], parts[2]);
        }
        return entries;
    }
}
