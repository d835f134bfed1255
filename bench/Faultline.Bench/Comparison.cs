using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Faultline.Bench;

/// <summary>
/// The standing comparison: every program natively, under qemu-x86_64 where it is installed, and on Faultline, in turn, several rounds; medians and
/// ratios. Rows go to standard output as they come, and all of it to bench/RESULTS.md.
/// </summary>
internal sealed class Comparison
{
    /// <summary>Rounds of a program that differ by more than this say that the machine was busy with something else.</summary>
    private const double LargestSpread = 1.3;

    /// <summary>Seconds below which the start of a process, not the program, decides how rounds differ.</summary>
    private const double ShortestSpread = 0.2;

    private readonly Options _options;
    private readonly string _home = Environment.GetEnvironmentVariable("FAULTLINE_HOME") ?? Directory.GetCurrentDirectory();
    private readonly List<Runner> _runners = [];
    private readonly List<Runner> _startUpRunners = [];
    private readonly List<string> _notes = [];

    /// <summary>Finds out how programs can be run here.</summary>
    public Comparison(Options options)
    {
        _options = options;
        string faultline = Path.Combine(_home, "faultline");
        string[] engine = options.Engine is null ? [] : ["--engine", options.Engine];
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64 && OperatingSystem.IsLinux())
            _runners.Add(new Runner(Runner.Native, [], []));
        if (options.Qemu && Preparation.FindTool(Runner.Qemu) is { } qemu)
            _runners.Add(new Runner(Runner.Qemu, [qemu], ["-cpu", "max"]));
        else if (options.Qemu)
            _notes.Add("qemu-x86_64 is not installed (Debian package qemu-user): its columns are missing");
        _runners.Add(new Runner(Runner.Faultline, [faultline, "run", .. engine], ["--cpu", "v3"]));
        _startUpRunners.AddRange(_runners);
        if (options.Engine is null && HasEngines(faultline))
            _startUpRunners.Add(new Runner(Runner.Interpreter, [faultline, "run", "--engine", "interpreter"], ["--cpu", "v3"]));
    }

    /// <summary>Runs it.</summary>
    /// <returns>0, 1 when a program failed or printed something else somewhere, or 2 when there is none to run.</returns>
    public int Run()
    {
        Workload[] chosen = [.. Workloads.All.Where(w => _options.Only is null || _options.Only.IsMatch(w.Name) || _options.Only.IsMatch(w.Group))];
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"bench: no program matches {_options.Only}; see bench/run --list");
            return 2;
        }
        if (_options.List)
        {
            foreach (Workload workload in chosen)
                Console.WriteLine($"{workload.Group,-16} {workload.Name,-16} {string.Join(' ', workload.Command)}");
            return 0;
        }

        string introduction = Introduction();
        Console.WriteLine(introduction);
        StringBuilder text = new(introduction + "\n");
        List<Row> rows = [];
        foreach (bool startUp in (ReadOnlySpan<bool>)[false, true])
        {
            Workload[] part = [.. chosen.Where(w => w.Group == Workloads.StartUp == startUp)];
            if (part.Length == 0)
                continue;
            List<Runner> runners = startUp ? _startUpRunners : _runners;
            Print(text, ResultTable.Heading(runners));
            foreach (Workload workload in part)
            {
                if (Measure(workload, runners) is not { } row)
                    continue;
                rows.Add(row);
                Print(text, ResultTable.Line(row, runners));
            }
            Print(text, "");
        }

        Print(text, "Geometric means:\n");
        Print(text, ResultTable.Means(rows, _runners));
        foreach (string note in _notes)
            Print(text, $"* {note}");
        if (_options.Write && _options.IsComplete)
            File.WriteAllText(Path.Combine(_home, "bench", "RESULTS.md"), text.ToString().TrimEnd() + "\n");
        return rows.Any(row => row.Problems.Count > 0) ? 1 : 0;
    }

    private static bool HasEngines(string faultline)
    {
        using Process process = Process.Start(new ProcessStartInfo(faultline, ["run", "--help"]) { RedirectStandardOutput = true })!;
        string help = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return help.Contains("--engine", StringComparison.Ordinal);
    }

    private static void Print(StringBuilder text, string line)
    {
        Console.WriteLine(line);
        text.Append(line).Append('\n');
    }

    private static void Progress(string line)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{line,-70}\r");
    }

    private string Introduction() =>
        $"""
        # Results of bench/run

        {HostFacts.Describe(_runners.Any(runner => runner.Name == Runner.Qemu))} Load average at the start: {HostFacts.Load()}.
        Medians of {_options.Rounds} interleaved rounds, seconds of wall time with the start of the process (Faultline's through its launcher); × is the time
        against native. Every run printed the same, or the row says error. Programs see the processor that each shows by default (the host's, qemu64,
        x86-64-v3), in the AVX2 group the host's, `-cpu max` and `--cpu v3`. What each program does stands at the head of its file in
        `bench/programs` or in `bench/Faultline.Bench/Workloads.cs`.

        """;

    private Row? Measure(Workload workload, List<Runner> runners)
    {
        Progress($"bench: preparing {workload.Name}");
        if (new Preparation(_home).Prepare(workload, out string reason) is not { } command)
        {
            _notes.Add($"{workload.Name} was left out: {reason}");
            return null;
        }
        if (workload.NeedsAvx2 && !System.Runtime.Intrinsics.X86.Fma.IsSupported && runners[0].Name == Runner.Native)
        {
            _notes.Add($"{workload.Name} was left out: the host processor has no AVX2 and FMA");
            return null;
        }
        Row row = new(workload);
        for (int round = 1; round <= _options.Rounds; round++)
        {
            foreach (Runner runner in runners)
            {
                // What failed once is not tried again: it may have taken minutes to.
                if (row.Problems.ContainsKey(runner.Name))
                    continue;
                Progress($"bench: {workload.Name}, round {round} of {_options.Rounds}, {runner.Name}");
                row.Add(runner, runner.Run(command, workload.NeedsAvx2));
            }
        }
        Progress("");
        foreach ((string runner, string problem) in row.Problems)
            _notes.Add($"{workload.Name}, {runner}: {problem}");
        foreach (string runner in runners.Select(runner => runner.Name))
        {
            if (row.Spread(runner) is > LargestSpread and double spread && row.Median(runner) > ShortestSpread)
                _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{workload.Name}, {runner}: the slowest round took {spread:F1} times as long as the fastest"));
        }
        return row;
    }
}
