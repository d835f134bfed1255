using System.Text;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Signals;
using Faultline.Linux.Loader;
using Faultline.Linux.Net;

namespace Faultline.Linux.Tests.Support;

/// <summary>Runs a program in a kernel of its own and keeps what it wrote.</summary>
internal sealed class Guest
{
    private static readonly string _folder = MakeFolder();

    /// <summary>Exit status as a shell reports it.</summary>
    public int Status { get; private init; }

    /// <summary>Standard output, one char per byte.</summary>
    public string Output { get; private init; } = "";

    /// <summary>The trace, when asked for.</summary>
    public string Trace { get; private init; } = "";

    /// <summary>The signal that ended it.</summary>
    public FatalSignal? Fatal { get; private init; }

    /// <summary>Why it could not be loaded; errno 0 otherwise.</summary>
    public ExecuteError Error { get; private init; }

    /// <summary>Runs a program.</summary>
    public static Guest Run(string path, string[] arguments, bool trace = false, string[]? environment = null, bool hasNetwork = true)
    {
        using MemoryStream output = new();
        using StringWriter lines = new();
        Assert.Equal(0, LinuxKernel.Create(
            new LinuxKernelOptions
            {
                Host = new LinuxHost(),
                StandardInput = Stream.Null,
                StandardOutput = output,
                Strace = trace ? lines : null,
                CurrentDirectory = "/",
                Network = hasNetwork ? NetworkAccess.Host : NetworkAccess.None,
            },
            out LinuxKernel? kernel));
        using (kernel)
        {
            ExecuteError error = kernel!.Spawn(path, [path, .. arguments], environment ?? ["PATH=/usr/bin:/bin", "LC_ALL=C"], out Process? process);
            if (error.Errno != 0)
                return new Guest { Error = error, Status = -1 };
            int status = process!.Run();
            return new Guest { Status = status, Output = Encoding.Latin1.GetString(output.ToArray()), Trace = lines.ToString(), Fatal = process.Fatal };
        }
    }

    /// <summary>Compiles a program of tests/guest/c and returns where it is.</summary>
    public static string Compile(string name, params string[] options)
    {
        string source = System.IO.Path.Combine(Tools.Root, "tests", "guest", "c", name + ".c");
        string target = System.IO.Path.Combine(_folder, name + string.Concat(options));
        if (!File.Exists(target))
        {
            (int status, string text) = Tools.Run("gcc", ["-O1", "-w", "-o", target, source, .. options, "-lm"]);
            Assert.True(status == 0, text);
        }
        return target;
    }

    /// <summary>Writes a file that the tests delete with the rest, and returns its path.</summary>
    public static string Write(string name, ReadOnlySpan<byte> contents, bool executable = true)
    {
        string path = System.IO.Path.Combine(_folder, name);
        File.WriteAllBytes(path, contents.ToArray());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, executable ? (UnixFileMode)0x1ED : (UnixFileMode)0x1A4);
        return path;
    }

    /// <summary>A folder that lasts as long as the tests run.</summary>
    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("faultline-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
