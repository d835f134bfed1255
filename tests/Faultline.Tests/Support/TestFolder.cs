namespace Faultline.Tests.Support;

/// <summary>A temporary folder, removed at the end, with executables in it.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("faultline-facade-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> contents, int mode = 0x1ED)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, contents);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
        return path;
    }

    /// <summary>Compiles a C program and returns its path.</summary>
    public string Compile(string name, string source, params string[] options)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path + ".c", source);
        Parity.CommandResult result = Parity.CommandResult.Run(
            ["gcc", "-O0", "-g", "-w", "-o", path, path + ".c", .. options], Path, "", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" });
        Assert.True(result.Status == 0, result.Errors);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
