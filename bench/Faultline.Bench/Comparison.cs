using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Faultline.Bench;

/// <summary>
/// The standing comparison: every program natively, under qemu-x86_64 where it is installed, and on Faultline, in turn, several rounds; medians and
/// ratios. The table goes to standard output and to bench/RESULTS.md.
/// </summary>
internal static class Comparison
{
    /// <summary>Runs it. Options: --rounds N, --only NAME, --no-write.</summary>
    public static int Run(string[] args)
    {
        int rounds = 5;
        string? only = null;
        bool write = true;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], out rounds) && rounds > 0:
                    i++;
                    break;
                case "--only" when i + 1 < args.Length:
                    only = args[++i];
                    break;
                case "--no-write":
                    write = false;
                    break;
                default:
                    Console.Error.WriteLine($"bench: unknown option {args[i]}; known: --rounds N, --only NAME, --no-write");
                    return 2;
            }
        }

        string home = Environment.GetEnvironmentVariable("FAULTLINE_HOME") ?? Directory.GetCurrentDirectory();
        string source = Path.Combine(home, "bench", "programs");
        string built = Path.Combine(home, ".build", "bench");
        Directory.CreateDirectory(built);
        bool native = RuntimeInformation.ProcessArchitecture == Architecture.X64 && OperatingSystem.IsLinux();
        List<Runner> runners = [new Runner("faultline", [Path.Combine(home, "faultline"), "run", "--stats"])];
        if (OnPath("qemu-x86_64"))
            runners.Insert(0, new Runner("qemu-x86_64", ["qemu-x86_64"]));
        if (native)
            runners.Insert(0, new Runner("native", []));

        List<Row> rows = [];
        foreach (string file in Directory.GetFiles(source, "*.c").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (only is not null && name != only)
                continue;
            string program = Path.Combine(built, name);
            if (!Compile(file, program))
                return 1;
            Row row = new(name, runners);
            for (int round = 0; round < rounds; round++)
            {
                Console.Error.Write($"\rbench: {name} round {round + 1}/{rounds}    ");
                foreach (Runner runner in runners)
                    row.Add(runner, runner.Run(program));
            }
            Console.Error.WriteLine();
            if (row.Disagreement is { } problem)
            {
                Console.Error.WriteLine($"bench: {name}: {problem}");
                return 1;
            }
            rows.Add(row);
        }

        string table = Table(rows, runners, rounds);
        Console.WriteLine(table);
        if (write && only is null)
            File.WriteAllText(Path.Combine(home, "bench", "RESULTS.md"), table);
        return 0;
    }

    private static string Table(List<Row> rows, List<Runner> runners, int rounds)
    {
        StringBuilder text = new();
        text.AppendLine("# Results of ./bench").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{CpuName()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {rounds} interleaved rounds, seconds of wall time with process start; × is the time against native.").AppendLine();
        text.Append("| program |");
        foreach (Runner runner in runners)
            text.Append(runner.Name == "native" ? " native s |" : $" {runner.Name} s | × |");
        text.AppendLine(" million guest instructions/s |");
        text.Append("| --- |");
        foreach (Runner runner in runners)
            text.Append(runner.Name == "native" ? " ---: |" : " ---: | ---: |");
        text.AppendLine(" ---: |");
        foreach (Row row in rows)
            text.AppendLine(row.ToMarkdown());
        foreach (Runner runner in runners.Where(r => r.Name != "native"))
        {
            double[] ratios = [.. rows.Select(r => r.Ratio(runner)).Where(r => r > 0)];
            if (ratios.Length > 0)
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"Geometric mean of {runner.Name} against native: {Math.Exp(ratios.Average(Math.Log)):F1}.");
        }
        return text.AppendLine().ToString();
    }

    private static string CpuName()
    {
        const string path = "/proc/cpuinfo";
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static bool OnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static bool Compile(string source, string program)
    {
        if (File.Exists(program) && File.GetLastWriteTimeUtc(program) > File.GetLastWriteTimeUtc(source))
            return true;
        if (!OnPath("gcc"))
        {
            Console.Error.WriteLine("bench: gcc is needed to compile the programs (Debian package gcc)");
            return false;
        }
        using Process process = Process.Start("gcc", ["-O2", "-static", "-o", program, source]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
