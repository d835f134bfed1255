using Faultline.Linux.Host.Linux;
using Faultline.Profiling;

namespace Faultline.Cli;

/// <summary>What <c>faultline run</c> does once it is known what is asked for.</summary>
internal static class ProgramRun
{
    /// <summary>The options of a machine whose program stands in the place of this process: its environment, with changes, and its signals.</summary>
    /// <param name="changes">Of the environment, as <see cref="GuestEnvironment.Build"/> takes them.</param>
    public static MachineOptions Options(ReadOnlySpan<string> changes)
    {
        (ulong blocked, ulong ignored) = HostProcess.Signals();
        return new MachineOptions
        {
            BlockedSignals = blocked,
            IgnoredSignals = ignored,
            Environment = GuestEnvironment.Build(changes),
            ChildFaulted = report => report.Write(Console.Error),
        };
    }

    /// <summary>Runs a program.</summary>
    /// <param name="command">Its name and its arguments.</param>
    /// <param name="options">The machine; with <see cref="MachineOptions.CollectProfile"/>, statistics are printed.</param>
    /// <returns>The exit status.</returns>
    public static int Run(string[] command, MachineOptions options)
    {
        if (OperatingSystem.IsLinux())
            ProcessUmask.Take();
        Machine machine;
        try
        {
            machine = new Machine(options);
        }
        catch (Exception e) when (e is ProgramLoadException or NotSupportedException)
        {
            Console.Error.WriteLine($"faultline: {e.Message}");
            return Entry.UsageStatus;
        }
        if (options.WritePerfMap && !PerfMap.IsUsedByPerf)
            Console.Error.WriteLine($"faultline: perf will not look in {PerfMap.FileName}: start with DOTNET_EnableWriteXorExecute=0");
        using (machine)
        using (TerminalSignals signals = new(machine))
            return Run(machine, command, options.CollectProfile);
    }

    private static int Run(Machine machine, string[] command, bool withStatistics)
    {
        try
        {
            RunResult result = machine.Run(command[0], command[1..]);
            if (result.Report is { } report)
                report.Write(Console.Error);
            if (withStatistics)
                StatisticsPrinter.Print(result.Statistics, Console.Error);
            return result.ExitStatus;
        }
        catch (ProgramLoadException e)
        {
            Console.Error.WriteLine($"faultline: {e.Message}");
            return e.ExitStatus;
        }
    }
}
