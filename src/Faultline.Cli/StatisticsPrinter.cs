using System.Globalization;
using Faultline.Memory;
using Spectre.Console;

namespace Faultline.Cli;

/// <summary>Prints what --stats shows.</summary>
internal static class StatisticsPrinter
{
    private const int MnemonicsShown = 5;
    private const int MaxWidth = 400;

    /// <summary>Writes one line for each fact: its name and its value.</summary>
    public static void Print(RunStatistics statistics, TextWriter output)
    {
        double seconds = statistics.Elapsed.TotalSeconds;
        double rate = statistics.Instructions / Math.Max(seconds, 1e-6) / 1e6;
        Grid grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true });
        Add(grid, "instructions", $"{statistics.Instructions:N0} ({rate:F1} million/s)");
        if (statistics.Profile is { } executed)
            AddInstructions(grid, executed, statistics.Instructions);
        Add(grid, "time", $"{seconds:F3} s");
        if (statistics.Profile is { } timed)
            AddTimes(grid, timed);
        Add(grid, "guest memory", $"{statistics.GuestMemory / 1024:N0} KiB");
        Add(grid, "host memory, peak", $"{PeakHostMemory() / 1024:N0} KiB");
        Add(grid, "system calls", $"{statistics.SystemCalls:N0}");
        Add(grid, "blocks decoded", $"{statistics.BlocksDecoded:N0}, {statistics.BlocksShared:N0} of them by another thread or process");
        TimeSpan compiling = System.Runtime.JitInfo.GetCompilationTime();
        Add(grid, "compiled at run time", $"{System.Runtime.JitInfo.GetCompiledMethodCount():N0} methods in {compiling.TotalMilliseconds:F1} ms");
        foreach ((string name, int count) in statistics.MissingSystemCalls)
            Add(grid, "not implemented", $"{name}: ENOSYS, {count} times");
        if (statistics.Profile is { ThreadsWithoutTables: > 0 } refused)
            Add(grid, "interpreted only", $"{refused.ThreadsWithoutTables:N0} threads, of processes that were refused address space for their tables: see ulimit -v; {FlatTables.MaxPairs} can have them at once");
        if (statistics.Profile is { RegionsRequested: > 0 } translated)
            AddTranslator(grid, translated);

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Write(new Rule("faultline") { Justification = Justify.Left, Border = BoxBorder.Ascii });
        // Lines are not cut to the width of a terminal that there may not be.
        console.Profile.Width = MaxWidth;
        console.Write(grid);
        if (statistics.Profile is { HottestRegions.Count: > 0 } hot)
            PrintRegions(hot, statistics.Instructions, output);
    }

    private static void AddInstructions(Grid grid, RunProfile profile, long total)
    {
        Add(grid, "  interpreted", $"{profile.InterpretedInstructions:N0} ({Percent(profile.InterpretedInstructions, total):F1} %)");
        Add(grid, "  translated", $"{profile.TranslatedInstructions:N0} ({Percent(profile.TranslatedInstructions, total):F1} %)");
    }

    private static void AddTimes(Grid grid, RunProfile profile)
    {
        Add(grid, "  interpreter", $"{profile.InterpreterTime.TotalSeconds:F3} s");
        Add(grid, "  translated code", $"{profile.TranslatedTime.TotalSeconds:F3} s");
        Add(grid, "  kernel", $"{profile.KernelTime.TotalSeconds:F3} s");
        Add(grid, "  preparing regions", $"{profile.TranslatingTime.TotalSeconds:F3} s");
    }

    private static void AddTranslator(Grid grid, RunProfile profile)
    {
        Add(grid, "regions", $"{profile.RegionsRequested:N0} requested, {profile.RegionsCompiled:N0} compiled, {profile.RegionsInvalidated:N0} invalidated, {profile.RegionsRemade:N0} remade, {profile.RegionsJoined:N0} joined, {profile.RegionsFailed:N0} failed");
        if (profile.FirstFailure is { } reason)
            Add(grid, "  first failure", $"{reason}");
        if (profile.RegionsCompiled > 0)
            Add(grid, "  compiled", $"{profile.InstructionsCompiled:N0} instructions in {profile.CompileTime.TotalMilliseconds:F1} ms, {profile.AverageWait.TotalMilliseconds:F1} ms after the request on average");
        AddCounts(grid, "  by handler", profile.Fallbacks);
        AddCounts(grid, "  left for interpreter", profile.SlowExits);
    }

    private static void AddCounts(Grid grid, string name, IReadOnlyList<KeyValuePair<string, long>> counts)
    {
        if (counts.Count > 0)
            Add(grid, name, $"{counts.Sum(count => count.Value):N0} times: {string.Join(", ", counts.Take(MnemonicsShown).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value:N0}")))}");
    }

    private static void PrintRegions(RunProfile profile, long total, TextWriter output)
    {
        output.WriteLine("hottest regions      time   executed         entries  instructions  address");
        foreach (RegionUse region in profile.HottestRegions)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{region.TimeShare * 100,23:F1} %{Percent(region.Executed, total),9:F1} %{region.Entries,16:N0}{region.Instructions,14:N0}  {region.Address:x} {region.Name}"));
        }
    }

    private static double Percent(long part, long total) => total == 0 ? 0 : 100.0 * part / total;

    private static void Add(Grid grid, string name, FormattableString value) =>
        grid.AddRow(new Text(name), new Text(value.ToString(CultureInfo.InvariantCulture)));

    private static long PeakHostMemory()
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
