using System.Net.Sockets;
using System.Text;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.Confinement;

/// <summary>A program that tries to leave its root folder, in every way that is known to work on systems that forgot one.</summary>
public sealed class EscapeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [LinuxFact("gcc")]
    public void NoAttemptToLeaveTheRootSucceeds()
    {
        string root = Path.Combine(_folder.Path, "root");
        foreach (string name in (string[])["bait", "shared", "ro-folder", "tmp"])
            Directory.CreateDirectory(Path.Combine(root, name));
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), "OUTSIDE");
        File.WriteAllText(Path.Combine(_folder.Path, "only-outside"), "");
        File.WriteAllText(Path.Combine(root, "secret"), "inside");
        File.CreateSymbolicLink(Path.Combine(root, "bait", "host"), Path.Combine(_folder.Path, "secret"));
        File.CreateSymbolicLink(Path.Combine(root, "bait", "up"), "../../secret");
        File.CreateSymbolicLink(Path.Combine(root, "bait", "slash"), "/");
        string readOnly = Path.Combine(_folder.Path, "read-only");
        Directory.CreateDirectory(readOnly);
        File.WriteAllText(Path.Combine(readOnly, "file"), "unchanged");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "socket")));
        listener.Listen();

        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "guest", "confined", "attempts.c"));
        string program = _folder.Compile("attempts", source, "-static");
        File.Copy(program, Path.Combine(root, "attempts"));
        (int status, string output) = RunConfined(root, readOnly);

        Assert.DoesNotContain("ESCAPED", output, StringComparison.Ordinal);
        Assert.DoesNotContain("(the move failed)", output, StringComparison.Ordinal);
        Assert.Contains(" attempts, 0 escapes", output, StringComparison.Ordinal);
        Assert.Equal(0, status);
        Assert.True(output.Split('\n').Count(line => line.EndsWith(": held", StringComparison.Ordinal)) >= 40, output);
        Assert.Equal("OUTSIDE", File.ReadAllText(Path.Combine(_folder.Path, "secret")));
        Assert.Equal("unchanged", File.ReadAllText(Path.Combine(readOnly, "file")));
        Assert.Single(Directory.GetFileSystemEntries(readOnly));
    }

    [Theory]
    [InlineData("a:/b", true)]
    [InlineData("/a:/b:ro", true)]
    [InlineData("a", false)]
    [InlineData(":/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a:/", false)]
    [InlineData("a:/b:rw", false)]
    [InlineData("a:/b:ro:x", false)]
    public void BindsAreReadOrRefused(string text, bool isValid)
    {
        Assert.Equal(isValid, FolderBind.TryParse(text, out FolderBind? bind));
        if (isValid)
            Assert.Equal(text.EndsWith(":ro", StringComparison.Ordinal), bind!.ReadOnly);
    }

    [LinuxFact]
    public void AFolderThatIsNotThereIsSaidSo()
    {
        MachineOptions options = new() { Root = _folder.Path, Binds = [new FolderBind("/no/such/folder", "/x")] };
        Assert.Contains("/no/such/folder", Assert.Throws<ProgramLoadException>(() => new Machine(options)).Message, StringComparison.Ordinal);
        options.Binds = [new FolderBind(_folder.Path, "/no/such/place")];
        Assert.Contains("/no/such/place", Assert.Throws<ProgramLoadException>(() => new Machine(options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Through the command, so that standard input is a file of the host.</summary>
    private (int Status, string Output) RunConfined(string root, string readOnly)
    {
        string[] command =
        [
            "run", "--root", root, "--bind", readOnly + ":/ro:ro", "--bind", Path.Combine(root, "shared") + ":/rw", "/attempts", _folder.Path, Environment.ProcessId.ToString(),
        ];
        StringBuilder line = new("exec");
        foreach (string word in (string[])[Repository.Launcher, .. command])
            line.Append(" '").Append(word).Append('\'');
        line.Append(" < '").Append(Path.Combine(_folder.Path, "secret")).Append('\'');
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = "/" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } runtime)
            environment["DOTNET_ROOT"] = runtime;
        CommandResult result = CommandResult.Run(["sh", "-c", line.ToString()], _folder.Path, "", environment);
        return (result.Status, Encoding.Latin1.GetString(result.Output) + result.Errors);
    }
}
