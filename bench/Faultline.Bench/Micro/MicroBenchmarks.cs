using System.Text.RegularExpressions;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Faultline.Bench.Micro;

/// <summary>Parts of Faultline timed inside this process.</summary>
internal static class MicroBenchmarks
{
    private static readonly Type[] _classes = [typeof(DecoderBenchmarks), typeof(ProcessorBenchmarks), typeof(MemoryBenchmarks), typeof(ElfBenchmarks)];

    /// <summary>Runs those whose "class.method" matches.</summary>
    /// <returns>0, or 1 when one could not run.</returns>
    public static int Run(Regex? only)
    {
        string home = Environment.GetEnvironmentVariable("FAULTLINE_HOME") ?? Directory.GetCurrentDirectory();
        // In this process: the classes are built against internals, which a generated project could not see.
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(ConsoleLogger.Default)
            .WithOptions(ConfigOptions.JoinSummary)
            .WithArtifactsPath(Path.Combine(home, ".build", "bench", "micro"));
        if (only is not null)
            config.AddFilter(new SimpleFilter(test => only.IsMatch($"{test.Descriptor.Type.Name}.{test.Descriptor.WorkloadMethod.Name}")));
        Summary[] summaries = BenchmarkRunner.Run(_classes, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
