using System.Runtime.InteropServices;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.Guest;

/// <summary>
/// A program that forks until it is refused, held by RLIMIT_NPROC. Root is not held by it, so root's tests run the program as nobody.
/// </summary>
public sealed class ForkBombTests
{
    private const string Nobody = "65534";

    private static readonly Dictionary<string, string> _environment = new()
    {
        ["PATH"] = "/usr/bin:/bin",
        ["LC_ALL"] = "C",
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
    };

    [GuestTheory]
    [InlineData("60")]
    [InlineData("150")]
    public void LimitHoldsIt(string limit)
    {
        using TestFolder folder = new();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED);
        string path = folder.Compile("fork-bomb", File.ReadAllText(Path.Combine(GuestProgram.Folder, "c", "fork-bomb.c")));
        // Whoever it runs as must be able to read both.
        string app = Path.Combine(AppContext.BaseDirectory, "Faultline.Cli");
        List<string> prefix = [];
        if (Environment.IsPrivilegedProcess)
        {
            if (Repository.FindTool("setpriv") is not { } setpriv || !IsReadableByAll(app) || !IsReadableByAll(path))
            {
                Repository.Note("fork bomb: not run, root is not held by RLIMIT_NPROC and nobody cannot read the build");
                return;
            }
            prefix = [setpriv, "--reuid=" + Nobody, "--regid=" + Nobody, "--clear-groups"];
        }
        CommandResult result = CommandResult.Run([.. prefix, app, "run", path, limit], "/", "", _environment);
        Assert.Equal("held: 1 processes, others refused with EAGAIN 1, a thread EAGAIN\nended: all 1, a process can be made again: 1\n", System.Text.Encoding.Latin1.GetString(result.Output));
        Assert.Equal(0, result.Status);
    }

    private static bool IsReadableByAll(string file)
    {
        for (string? name = file; name is not null; name = Path.GetDirectoryName(name))
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(name) & UnixFileMode.OtherExecute) == 0)
                return false;
        }
        return true;
    }
}
