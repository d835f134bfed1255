using System.Globalization;
using Spectre.Console;

namespace Faultline.Cli;

/// <summary>Prints what --stats shows.</summary>
internal static class StatisticsPrinter
{
    /// <summary>Writes one line for each fact: its name and its value.</summary>
    public static void Print(RunStatistics statistics, TextWriter output)
    {
        double seconds = statistics.Elapsed.TotalSeconds;
        double rate = statistics.Instructions / Math.Max(seconds, 1e-6) / 1e6;
        Grid grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true });
        Add(grid, "instructions", $"{statistics.Instructions:N0} ({rate:F1} million/s)");
        Add(grid, "time", $"{seconds:F3} s");
        Add(grid, "guest memory", $"{statistics.GuestMemory / 1024:N0} KiB");
        Add(grid, "host memory, peak", $"{PeakHostMemory() / 1024:N0} KiB");
        Add(grid, "system calls", $"{statistics.SystemCalls:N0}");
        Add(grid, "blocks decoded", $"{statistics.BlocksDecoded:N0}");
        TimeSpan compiling = System.Runtime.JitInfo.GetCompilationTime();
        Add(grid, "compiled at run time", $"{System.Runtime.JitInfo.GetCompiledMethodCount():N0} methods in {compiling.TotalMilliseconds:F1} ms");
        foreach ((string name, int count) in statistics.MissingSystemCalls)
            Add(grid, "not implemented", $"{name}: ENOSYS, {count} times");

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Write(new Rule("faultline") { Justification = Justify.Left, Border = BoxBorder.Ascii });
        console.Write(grid);
    }

    private static void Add(Grid grid, string name, FormattableString value) =>
        grid.AddRow(new Text(name), new Text(value.ToString(CultureInfo.InvariantCulture)));

    private static long PeakHostMemory()
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
