using System.Runtime.InteropServices;
using System.Text;

namespace Faultline.Tests.Guest;

/// <summary>
/// A program of tests/guest with its expected results, which its first comment lines give; see tests/guest/README.md for what they may say.
/// </summary>
internal sealed class GuestProgram
{
    private static readonly string _build = MakeFolder();

    private readonly List<string> _options = [];
    private string? _built;

    private GuestProgram(string name, string source)
    {
        Name = name;
        Source = source;
    }

    /// <summary>The folder of the programs.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "guest");

    /// <summary>The compiler for x86-64, or null.</summary>
    public static string? Compiler { get; } =
        Repository.FindTool("x86_64-linux-gnu-gcc") ?? (RuntimeInformation.OSArchitecture == Architecture.X64 ? Repository.FindTool("gcc") : null);

    /// <summary>Path below tests/guest, as known-failures.txt has it.</summary>
    public string Name { get; }

    /// <summary>The source file.</summary>
    public string Source { get; }

    /// <summary>The exit status as a shell shows it: 128 + n for a program killed by signal n.</summary>
    public int Status { get; private set; } = -1;

    /// <summary>The lowest processor model that has the program's instructions.</summary>
    public CpuLevel LowestModel { get; private set; } = CpuLevel.V1;

    /// <summary>All of standard output, one char per byte.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What standard input holds.</summary>
    public string Input { get; private set; } = "";

    /// <summary>The programs that say what they expect, in order of their names.</summary>
    public static IEnumerable<GuestProgram> ReadAll()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(Folder, "asm"), "*.s").Concat(Directory.EnumerateFiles(Path.Combine(Folder, "c"), "*.c"));
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            if (Read(file) is { } program)
                yield return program;
        }
    }

    /// <summary>Reads one program's header; null when it has none.</summary>
    /// <exception cref="InvalidDataException">A header line that is not known, or a header without a status.</exception>
    public static GuestProgram? Read(string file)
    {
        string name = Path.GetRelativePath(Folder, file);
        GuestProgram program = new(name, file);
        bool any = false;
        foreach (string line in File.ReadLines(file))
        {
            string text = line.TrimStart('#', '/');
            if (text.Length == line.Length)
                break;
            text = text.TrimStart(' ');
            if (text.StartsWith("expect-", StringComparison.Ordinal) || text.StartsWith("lowest-model:", StringComparison.Ordinal) || text.StartsWith("build-options:", StringComparison.Ordinal) || text.StartsWith("input:", StringComparison.Ordinal))
            {
                program.Take(text);
                any = true;
            }
        }
        if (any && program.Status < 0)
            throw new InvalidDataException($"{name}: no expect-status");
        return any ? program : null;
    }

    /// <summary>Compiles or assembles the program once, and returns where it is.</summary>
    public string Build()
    {
        if (_built is not null)
            return _built;
        string target = Path.Combine(_build, Path.GetFileName(Source).Replace('.', '-'));
        string[] options = Source.EndsWith(".s", StringComparison.Ordinal)
            ? ["-nostdlib", "-static", "-Wl,-z,noexecstack", "-Wl,--no-warn-rwx-segments", "-I", Path.GetDirectoryName(Source)!]
            : ["-O1", "-w"];
        string[] command = [Compiler!, .. options, .. _options, "-o", target, Source, .. Source.EndsWith(".c", StringComparison.Ordinal) ? (string[])["-lm"] : []];
        Parity.CommandResult result = Parity.CommandResult.Run(command, _build, "", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LC_ALL"] = "C" });
        Assert.True(result.Status == 0, $"{Name} does not build: {result.Errors}");
        return _built = target;
    }

    private void Take(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string key = colon < 0 ? line : line[..colon];
        string value = colon < 0 ? "" : line[(colon + 1)..];
        if (value.StartsWith(' '))
            value = value[1..];
        switch (key)
        {
            case "expect-status":
                Status = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "expect-output":
                Output += Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)) + "\n";
                break;
            case "input":
                Input += value + "\n";
                break;
            case "lowest-model":
                LowestModel = Enum.Parse<CpuLevel>(value, ignoreCase: true);
                break;
            case "build-options":
                _options.AddRange(value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
            default:
                throw new InvalidDataException($"{Name}: unknown header line {line}");
        }
    }

    /// <summary>A folder that lasts as long as the tests run.</summary>
    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("faultline-guest-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
