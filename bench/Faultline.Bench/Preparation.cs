using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Faultline.Bench;

/// <summary>Makes the command of a workload: compiles, generates, finds the programs of the system.</summary>
/// <param name="home">The repository.</param>
internal sealed partial class Preparation(string home)
{
    private static readonly string[] _systemFolders = ["/usr/bin", "/bin", "/usr/local/bin"];

    private readonly string _programs = Path.Combine(home, "bench", "programs");
    private readonly string _built = Directory.CreateDirectory(Path.Combine(home, ".build", "bench")).FullName;

    private static string Compiler => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "gcc" : "x86_64-linux-gnu-gcc";

    /// <summary>The command to run, absolute, or null with the reason why there is none on this machine.</summary>
    public string[]? Prepare(Workload workload, out string reason)
    {
        string? program = File.Exists(Path.Combine(_programs, workload.Command[0] + ".c"))
            ? Compile(workload, out reason)
            : workload.Command[0] == "claude" ? Fetch(out reason) : FindSystem(workload.Command[0], out reason);
        return program is null ? null : [program, .. workload.Command.Skip(1).Select(Expand)];
    }

    /// <summary>A program of the system: never one of a user's own folders, which may be a script that starts another.</summary>
    public static string? FindTool(string name) => _systemFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string? FindSystem(string name, out string reason)
    {
        string? path = FindTool(name);
        if (name == "cc1" && FindTool(Compiler) is { } compiler)
        {
            // The compiler proper, without the driver that would start it as a process of its own.
            string answer = Output(compiler, "-print-prog-name=cc1").Trim();
            path = Path.IsPathRooted(answer) && File.Exists(answer) ? answer : null;
        }
        reason = path is null ? $"{name} is not installed" : $"{path} is not an x86-64 program";
        return path is not null && IsX64(path) ? path : null;
    }

    /// <summary>The program that a sample gets with npm.</summary>
    private string? Fetch(out string reason)
    {
        string path = Output(Path.Combine(home, "samples", "claude", "fetch")).Trim();
        reason = "npm is not installed, or its registry cannot be reached";
        return path.Length > 0 && File.Exists(path) ? path : null;
    }

    private static bool IsX64(string path)
    {
        Span<byte> header = stackalloc byte[20];
        using FileStream file = File.OpenRead(path);
        const ushort x64 = 62;
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.StartsWith("\u007fELF"u8) && BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) == x64;
    }

    private static string Output(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private string? Compile(Workload workload, out string reason)
    {
        string source = Path.Combine(_programs, workload.Command[0] + ".c");
        string program = Path.Combine(_built, workload.Command[0]);
        reason = "";
        if (File.Exists(program) && File.GetLastWriteTimeUtc(program) > File.GetLastWriteTimeUtc(source))
            return program;
        if (FindTool(Compiler) is not { } compiler)
        {
            reason = $"{Compiler} is not installed";
            return null;
        }
        string[] level = workload.NeedsAvx2 ? ["-march=x86-64-v3"] : [];
        using Process process = Process.Start(compiler, ["-O2", .. level, "-static", "-o", program, source, "-lm"]);
        process.WaitForExit();
        reason = $"{Compiler} could not compile it";
        return process.ExitCode == 0 ? program : null;
    }

    private string Expand(string argument) =>
        Placeholder().Replace(argument.Replace("{programs}", _programs, StringComparison.Ordinal), match =>
        {
            string kind = match.Groups[1].Value;
            string size = match.Groups[2].Value;
            string path = Path.Combine(_built, $"{kind}-{size}{(kind == "code" ? ".c" : ".txt")}");
            if (!File.Exists(path))
            {
                string unfinished = path + ".new";
                Action<string, int> write = kind == "code" ? Fixtures.WriteCode : Fixtures.WriteText;
                write(unfinished, int.Parse(size, CultureInfo.InvariantCulture));
                File.Move(unfinished, path, overwrite: true);
            }
            return path;
        });

    [GeneratedRegex(@"\{(text|code):([0-9]+)\}")]
    private static partial Regex Placeholder();
}
