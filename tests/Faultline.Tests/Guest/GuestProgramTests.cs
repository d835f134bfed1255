using System.Runtime.InteropServices;
using System.Text;
using Faultline.Tests.Parity;

namespace Faultline.Tests.Guest;

/// <summary>
/// The programs of tests/guest that carry their expected results: they must hold on the host's own processor and kernel where it is x86-64 Linux, and then
/// here, under every model that has their instructions and on every engine. known-failures.txt names those that do not hold here yet; one that passes all the same fails, so that the list stays true.
/// </summary>
public sealed class GuestProgramTests
{
    /// <summary>Fewer programs than this mean that the folder was not found.</summary>
    private const int Wanted = 15;

    /// <summary>What ends takes a tenth of that; on a busy machine some take a third.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    /// <summary>With every block translated before it runs, a C library takes seconds to start.</summary>
    private static readonly TimeSpan _translatorLimit = TimeSpan.FromSeconds(90);

    private static readonly string[] _environment = ["PATH=/usr/bin:/bin", "LC_ALL=C"];

    private static readonly Dictionary<string, GuestProgram> _programs = GuestProgram.ReadAll().ToDictionary(p => p.Name, StringComparer.Ordinal);

    public static TheoryData<string> Programs() => [.. _programs.Keys.Order(StringComparer.Ordinal)];

    [GuestTheory]
    [MemberData(nameof(Programs))]
    public void EndsAsItsHeaderSays(string name)
    {
        GuestProgram program = _programs[name];
        string path = program.Build();
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            CommandResult native = CommandResult.Run([path], "/", program.Input, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LC_ALL"] = "C" });
            string? wrong = Compare(program, native.Status, Encoding.Latin1.GetString(native.Output));
            // What a kernel without IA32 emulation or an older one does differs; those entries say so.
            if (wrong is not null && !KnownFailures.Natively.ContainsKey(name))
                Assert.Fail($"{name} natively: {wrong}");
        }
        string? ours = null;
        for (CpuLevel model = program.LowestModel; model <= CpuLevel.V3; model++)
            ours ??= RunHere(program, path, model, GuestEngine.Auto);
        foreach (GuestEngine engine in (ReadOnlySpan<GuestEngine>)[GuestEngine.Interpreter, GuestEngine.Translator])
            ours ??= RunHere(program, path, CpuLevel.V3, engine);
        if (KnownFailures.Here.TryGetValue(name, out string? reason))
            Assert.True(ours is not null, $"{name} passes, although known-failures.txt says: {reason}");
        else
            Assert.True(ours is null, $"{name}: {ours}");
    }

    [Fact]
    public void EveryKnownFailureNamesAProgram()
    {
        Assert.All(KnownFailures.Here.Keys.Concat(KnownFailures.Natively.Keys), name => Assert.Contains(name, _programs.Keys));
        Assert.True(_programs.Count >= Wanted, $"only {_programs.Count} programs");
        Repository.Note(GuestProgram.Compiler is null
            ? $"guest programs: none of {_programs.Count} ran, there is no gcc for x86-64 here"
            : $"guest programs: {_programs.Count} with expected results, {KnownFailures.Here.Count} of them known failures");
    }

    private static string? RunHere(GuestProgram program, string path, CpuLevel model, GuestEngine engine)
    {
        MemoryStream output = new();
        MemoryStream errors = new();
        Task<RunResult> run = Task.Factory.StartNew(
            () =>
            {
                using Machine machine = new(new MachineOptions
                {
                    Cpu = model,
                    Engine = engine,
                    WorkingDirectory = "/",
                    Environment = _environment,
                    StandardInput = new MemoryStream(Encoding.Latin1.GetBytes(program.Input)),
                    StandardOutput = output,
                    StandardError = errors,
                });
                return machine.Run(path);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        TimeSpan limit = engine == GuestEngine.Translator ? _translatorLimit : _limit;
        if (Task.WaitAny([run], limit) < 0)
            return $"under {model}, {engine}: no end after {limit.TotalSeconds} s";
        RunResult result = run.GetAwaiter().GetResult();
        string? wrong = Compare(program, result.ExitStatus, Encoding.Latin1.GetString(output.ToArray()));
        return wrong is null ? null : $"under {model}, {engine}: {wrong}\nstandard error: {Encoding.Latin1.GetString(errors.ToArray())}\n{result.Report}";
    }

    private static string? Compare(GuestProgram program, int status, string output) =>
        status == program.Status && output == program.Output
            ? null
            : $"status {status}, expected {program.Status}\noutput:\n{output}\nexpected output:\n{program.Output}";
}
