using Faultline.Cpu;
using Faultline.Cpu.Profiling;
using Faultline.Linux.Kernel;
using Faultline.Reports;

namespace Faultline.Profiling;

/// <summary>Collects the profile of one run and names its regions while the memory they were translated from is there.</summary>
internal sealed class RunProfiler : IProcessorObserver, IDisposable
{
    private const int HottestRegions = 10;

    private readonly Dictionary<ProcessorProfile, ImageCatalog> _images = [];
    private readonly bool _withPerfMap;

    /// <summary>Begins a run.</summary>
    /// <param name="withPerfMap">Whether regions are named before they are compiled, for the host's perf.</param>
    public RunProfiler(bool withPerfMap)
    {
        _withPerfMap = withPerfMap;
        if (withPerfMap)
            PerfMap.Begin();
    }

    /// <inheritdoc/>
    public ExecutionProfile Profile { get; } = new();

    /// <inheritdoc/>
    public void Made(Process process, Processor processor)
    {
        ImageCatalog images = new(process, []);
        _images.Add(processor.Profile!, images);
        if (!_withPerfMap)
            return;
        processor.Profile!.RegionRequested = region =>
        {
            images.Mappings = processor.Memory.Snapshot();
            region.Name = images.Name(region.Start) ?? "anonymous";
        };
    }

    /// <inheritdoc/>
    public void Ending(Process process, Processor processor)
    {
        Name(processor);
        if (_images.Remove(processor.Profile!, out ImageCatalog? images))
            images.Dispose();
    }

    /// <summary>The profile of a process that has ended but is not disposed.</summary>
    /// <param name="process">The process.</param>
    /// <param name="instructions">Instructions executed in the run.</param>
    /// <param name="threadTime">Wall time of its threads.</param>
    public RunProfile Summarize(Process process, long instructions, TimeSpan threadTime)
    {
        foreach (Linux.Kernel.Task task in process.Tasks)
            Name(task.Cpu);
        ProcessorProfile[] processors = Profile.Processors;
        RegionProfile[] regions = [.. processors.SelectMany(p => p.Regions)];
        long translated = regions.Sum(r => r.Counted.Instructions);
        long samples = processors.Sum(p => p.TranslatedSamples);
        long guestSamples = samples + processors.Sum(p => p.InterpreterSamples);
        TimeSpan guest = Sum(processors, p => p.GuestTime);
        TimeSpan translating = Sum(processors, p => p.TranslatingTime);
        // Without a sample the run was too short to tell; what was executed most took most of it.
        double share = guestSamples > 0 ? (double)samples / guestSamples : translated * 2 > instructions ? 1 : 0;
        int compiled = processors.Sum(p => p.Compiled);
        return new RunProfile
        {
            InterpreterTime = guest * (1 - share),
            TranslatedTime = guest * share,
            KernelTime = threadTime - guest - translating,
            TranslatingTime = translating,
            InterpretedInstructions = instructions - translated,
            TranslatedInstructions = translated,
            RegionsRequested = regions.Length,
            RegionsCompiled = compiled,
            RegionsInvalidated = processors.Sum(p => p.Invalidated),
            RegionsJoined = processors.Sum(p => p.Joined),
            RegionsRemade = processors.Sum(p => p.Remade),
            RegionsFailed = processors.Sum(p => p.Failed),
            FirstFailure = processors.Select(p => p.FirstFailure).FirstOrDefault(reason => reason is not null),
            ThreadsWithoutTables = processors.Count(p => p.LacksTables),
            InstructionsCompiled = processors.Sum(p => p.InstructionsCompiled),
            CompileTime = Sum(processors, p => p.CompileTime),
            AverageWait = compiled == 0 ? TimeSpan.Zero : Sum(processors, p => p.WaitTime) / compiled,
            HottestRegions =
            [
                .. regions.Where(r => r.Counted.Entries > 0)
                    .OrderByDescending(r => r.Counted.Samples).ThenByDescending(r => r.Counted.Instructions)
                    .Take(HottestRegions)
                    .Select(r => new RegionUse(r.Start, r.Name ?? "", r.InstructionCount, r.Counted.Entries, r.Counted.Instructions, (double)r.Counted.Samples / Math.Max(guestSamples, 1))),
            ],
            Fallbacks = Ranked(Profile.Fallbacks),
            SlowExits = Ranked(Profile.SlowExits),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Profile.Dispose();
        if (_withPerfMap)
            PerfMap.End();
    }

    private void Name(Processor processor)
    {
        if (!_images.TryGetValue(processor.Profile!, out ImageCatalog? images))
            return;
        images.Mappings = processor.Memory.Snapshot();
        foreach (RegionProfile region in processor.Profile!.Regions)
            region.Name ??= images.Name(region.Start);
    }

    private static TimeSpan Sum(ProcessorProfile[] processors, Func<ProcessorProfile, TimeSpan> time) =>
        processors.Aggregate(TimeSpan.Zero, (sum, processor) => sum + time(processor));

    private static List<KeyValuePair<string, long>> Ranked(IEnumerable<KeyValuePair<Iced.Intel.Mnemonic, long>> counts) =>
    [
        .. counts.OrderByDescending(count => count.Value).Select(count => new KeyValuePair<string, long>(count.Key.ToString().ToLowerInvariant(), count.Value)),
    ];
}
