using System.Diagnostics;

namespace Faultline.Cpu.Profiling;

/// <summary>What is known of one translated region: kept by its code, which counts into it, and by the profile that it belongs to.</summary>
internal sealed unsafe class RegionProfile
{
    private readonly RegionCounters[] _counters = GC.AllocateArray<RegionCounters>(1, pinned: true);
    private readonly long _requested = Stopwatch.GetTimestamp();

    /// <summary>Makes one with nothing counted.</summary>
    /// <param name="processor">Whose region it is.</param>
    /// <param name="start">Guest address of the block that was hot.</param>
    /// <param name="instructionCount">Guest instructions in it.</param>
    public RegionProfile(ProcessorProfile processor, ulong start, int instructionCount)
    {
        Processor = processor;
        Start = start;
        InstructionCount = instructionCount;
    }

    /// <summary>The processor that asked for it.</summary>
    public ProcessorProfile Processor { get; }

    /// <summary>Guest address of the block that was hot.</summary>
    public ulong Start { get; }

    /// <summary>Guest instructions in it.</summary>
    public int InstructionCount { get; }

    /// <summary>What its code counts into; valid as long as this object is.</summary>
    public RegionCounters* Counters => (RegionCounters*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _counters[0]);

    /// <summary>How often it was entered, what was executed in it, how often it was seen running.</summary>
    public RegionCounters Counted => _counters[0];

    /// <summary>The guest's name for the place, as symbol+offset; null until somebody has looked it up.</summary>
    public string? Name { get; set; }

    /// <summary>What its method is called, and host profilers see; null when the place has no name.</summary>
    public string? MethodName => Name is null ? null : $"guest:{Name} [region {Start:x}]";

    /// <summary>Time since it was asked for.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_requested);
}
