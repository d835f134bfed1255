using System.Runtime.InteropServices;
using System.Text;

namespace Faultline.Tests.Parity;

/// <summary>
/// Programs of the machine, run natively and on Faultline with the same arguments, environment and input: standard output and exit status must be the same.
/// What the machine lacks is skipped by name.
/// </summary>
public sealed class ParityTests(ParityFixture fixture) : IClassFixture<ParityFixture>
{
    /// <summary>Fewer commands than this mean that the machine's tools were not installed.</summary>
    private const int Wanted = 60;

    /// <summary>The environment that commands run with.</summary>
    internal static Dictionary<string, string> Variables { get; } = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/nonexistent",
        ["LANG"] = "C",
        ["LC_ALL"] = "C",
        ["TZ"] = "UTC",
        ["TERM"] = "dumb",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["PYTHONHASHSEED"] = "0",
    };

    /// <summary>Whether the commands can run natively.</summary>
    internal static bool IsNative { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The commands whose program is here.</summary>
    public static TheoryData<string> Present()
    {
        TheoryData<string> data = [];
        foreach (ParityCommand command in Commands())
        {
            if (IsNative && FindOnPath(command.Tool) is not null)
                data.Add(command.Text);
        }
        return data;
    }

    /// <summary>Every sixteenth of them, for the engine that takes seconds to start a program, and a minute for Python.</summary>
    public static TheoryData<string> Some() =>
        [.. Commands().Where((command, i) => i % 16 == 0 && IsNative && command.Tool != "python3" && FindOnPath(command.Tool) is not null).Select(command => command.Text)];

    [Theory]
    [MemberData(nameof(Present))]
    public void PrintsAndExitsAsNatively(string text) => Compare(text);

    /// <summary>The same with every block translated before it runs.</summary>
    [Theory]
    [MemberData(nameof(Some))]
    public void PrintsAndExitsAsNativelyWhenTranslated(string text) => Compare(text, "--engine", "translator");

    private void Compare(string text, params string[] options)
    {
        ParityCommand command = Commands().First(c => c.Text == text);
        string program = FindOnPath(command.Tool)!;
        string input = fixture.Read(command.Input);
        string[] words = [program, .. command.Words.Skip(1)];
        CommandResult native = CommandResult.Run(words, fixture.Folder, input, Variables);
        CommandResult ours = CommandResult.Run([Repository.Launcher, "run", .. options, "--", .. words], fixture.Folder, input, Variables);
        if (native.Status == ours.Status && native.Output.AsSpan().SequenceEqual(ours.Output))
            return;
        Assert.Fail($"{text}\nstatus: native {native.Status}, ours {ours.Status}\n{Difference(native.Output, ours.Output)}\nnative errors: {native.Errors}\nour errors: {ours.Errors}");
    }

    [Fact]
    public void EnoughProgramsAreHere()
    {
        List<ParityCommand> all = [.. Commands()];
        List<string> missing = [.. all.Where(c => FindOnPath(c.Tool) is null).Select(c => c.Tool).Distinct()];
        int present = all.Count(c => FindOnPath(c.Tool) is not null);
        Repository.Note($"parity: {present} command lines of {all.Count} run natively and on Faultline; not on this machine: {(missing.Count == 0 ? "none" : string.Join(", ", missing))}");
        Assert.True(all.Count >= Wanted);
        if (IsNative && Environment.GetEnvironmentVariable("CI") is not null)
            Assert.True(present >= Wanted, $"only {present} of {all.Count} commands can run here");
    }

    private static IEnumerable<ParityCommand> Commands() =>
        ParityCommand.ReadAll(Path.Combine(Repository.Root, "tests", "Faultline.Tests", "Parity", "commands.txt"));

    /// <summary>Path of a command's program, or null.</summary>
    internal static string? FindOnPath(string tool) =>
        Variables["PATH"].Split(':').Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    /// <summary>Where two outputs differ, for people.</summary>
    internal static string Difference(byte[] native, byte[] ours)
    {
        int at = native.AsSpan().CommonPrefixLength(ours);
        return $"first difference at byte {at} (native {native.Length} bytes, ours {ours.Length}):\n  native: {Excerpt(native, at)}\n  ours:   {Excerpt(ours, at)}";
    }

    private static string Excerpt(byte[] bytes, int at)
    {
        int from = Math.Max(0, at - 40);
        return Encoding.Latin1.GetString(bytes, from, Math.Min(120, bytes.Length - from)).Replace("\n", "\\n", StringComparison.Ordinal);
    }
}
