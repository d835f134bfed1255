using System.Globalization;

namespace Faultline.Cli;

/// <summary>Prints what --stats shows.</summary>
internal static class StatisticsPrinter
{
    /// <summary>Writes one "name: value" line each.</summary>
    public static void Print(RunStatistics statistics, TextWriter output)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        double seconds = statistics.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(culture, $"faultline: instructions: {statistics.Instructions:N0} ({statistics.Instructions / Math.Max(seconds, 1e-6) / 1e6:F1} million/s)"));
        output.WriteLine(string.Create(culture, $"faultline: time: {seconds:F3} s"));
        output.WriteLine(string.Create(culture, $"faultline: guest memory: {statistics.GuestMemory / 1024:N0} KiB; host memory, peak: {PeakHostMemory() / 1024:N0} KiB"));
        output.WriteLine(string.Create(culture, $"faultline: system calls: {statistics.SystemCalls:N0}; blocks decoded: {statistics.BlocksDecoded:N0}"));
        output.WriteLine(string.Create(culture, $"faultline: host methods compiled at run time: {System.Runtime.JitInfo.GetCompiledMethodCount():N0} in {System.Runtime.JitInfo.GetCompilationTime().TotalMilliseconds:F1} ms"));
        foreach ((string name, int count) in statistics.MissingSystemCalls)
            output.WriteLine(string.Create(culture, $"faultline: not implemented: {name} returned ENOSYS {count} times"));
    }

    private static long PeakHostMemory()
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
