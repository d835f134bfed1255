using System.Text;

namespace Faultline.Tests.Parity;

/// <summary>A folder of files with fixed contents, times and modes for the commands to work on.</summary>
public sealed class ParityFixture : IDisposable
{
    /// <summary>Makes the files.</summary>
    public ParityFixture()
    {
        Folder = Directory.CreateTempSubdirectory("faultline-parity-").FullName;
        StringBuilder words = new();
        uint x = 12345;
        for (int i = 0; i < 2000; i++)
        {
            x = x * 1664525 + 1013904223;
            words.Append(_words[x >> 24 & 15]).Append(i % 7 == 6 ? '\n' : ' ');
        }
        Write("words.txt", words.ToString());
        StringBuilder numbers = new();
        for (int i = 0; i < 500; i++)
        {
            x = x * 1664525 + 1013904223;
            numbers.Append(x % 100000).Append('\n');
        }
        Write("numbers.txt", numbers.ToString());
        Write("table.csv", "name,age,city\nann,31,oslo\nbob,27,rome\ncid,45,bonn\ndot,19,cork\n");
        Write("program.c", "#include <stdio.h>\nint main(void)\n{\n    printf(\"%d\\n\", 6 * 7);\n    return 0;\n}\n");
        Write("data.json", "{\"a\": [1, 2.5, -3e10], \"b\": {\"c\": null, \"d\": \"\\u00e9\"}}\n");
        WriteBytes("binary.bin", 100_000, ref x);
        WriteBytes("large.bin", 300_000, ref x);
        Directory.CreateDirectory(Path.Combine(Folder, "tree/inner/deep"));
        Write("tree/one.txt", "one\n");
        Write("tree/inner/two.txt", "two\n");
        Write("tree/inner/deep/three.txt", "three\n");
        File.CreateSymbolicLink(Path.Combine(Folder, "tree/link"), "inner/two.txt");
        foreach (string path in Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories))
        {
            if (File.ResolveLinkTarget(path, returnFinalTarget: false) is null)
                File.SetLastWriteTimeUtc(path, new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc));
        }
    }

    /// <summary>The folder, which is the commands' current directory.</summary>
    public string Folder { get; }

    /// <summary>The contents of a fixture file as text.</summary>
    public string Read(string name) => name.Length == 0 ? "" : File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static readonly string[] _words =
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi"];

    private void WriteBytes(string name, int count, ref uint x)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < bytes.Length; i++)
        {
            x = x * 1664525 + 1013904223;
            bytes[i] = (byte)(x >> 23);
        }
        File.WriteAllBytes(Path.Combine(Folder, name), bytes);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
