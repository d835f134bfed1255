using System.Diagnostics;
using Faultline.Cpu.State;
using Faultline.Cpu.Translator;

namespace Faultline.Cpu.Profiling;

/// <summary>What one processor did. Its thread writes; the sampler looks at what runs, and others read when the processor has stopped.</summary>
internal sealed unsafe class ProcessorProfile
{
    private enum Activity
    {
        Stopped,
        Guest,
        Translating,
    }

    /// <summary>Guards <see cref="_state"/> against being freed while the sampler reads it.</summary>
    private readonly Lock _lock = new();
    private readonly List<RegionProfile> _regions = [];
    private CpuState* _state;
    private volatile Activity _activity;
    private string? _failure;
    private int _failed;

    /// <summary>Makes an empty one.</summary>
    public ProcessorProfile(ExecutionProfile execution) => Execution = execution;

    /// <summary>The profile it is part of.</summary>
    public ExecutionProfile Execution { get; }

    /// <summary>The regions that were asked for.</summary>
    public IReadOnlyList<RegionProfile> Regions => _regions;

    /// <summary>Regions compiled and installed.</summary>
    public int Compiled { get; private set; }

    /// <summary>Guest instructions in them.</summary>
    public long InstructionsCompiled { get; private set; }

    /// <summary>Time that compiling them took, on whichever thread.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>From the request of each region that was installed to its installation, summed.</summary>
    public TimeSpan WaitTime { get; private set; }

    /// <summary>Regions whose bytes changed.</summary>
    public int Invalidated { get; private set; }

    /// <summary>Regions that took the place of several.</summary>
    public int Joined { get; private set; }

    /// <summary>Regions given up because floats in them were often unusual, to be made anew.</summary>
    public int Remade { get; private set; }

    /// <summary>Regions that could not be compiled.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Why the first of them could not; null when none failed.</summary>
    public string? FirstFailure => Volatile.Read(ref _failure);

    /// <summary>Whether it only interprets, though it was to translate, because its address space was refused the flat tables that translated code reads.</summary>
    public bool LacksTables { get; private set; }

    /// <summary>Time in guest code, whichever way it ran.</summary>
    public TimeSpan GuestTime { get; private set; }

    /// <summary>Time that the guest's own thread spent on choosing, installing and, without a background, compiling regions.</summary>
    public TimeSpan TranslatingTime { get; private set; }

    /// <summary>How often the sampler found the interpreter running.</summary>
    public long InterpreterSamples { get; private set; }

    /// <summary>How often it found translated code running.</summary>
    public long TranslatedSamples { get; private set; }

    /// <summary>Called on the guest's thread for every region that is asked for, before it is compiled; null when nobody wants to know.</summary>
    public Action<RegionProfile>? RegionRequested { get; set; }

    /// <summary>Says where the processor is.</summary>
    public void Attach(CpuState* state)
    {
        lock (_lock)
            _state = state;
    }

    /// <summary>The processor is about to be freed.</summary>
    public void Detach() => Attach(null);

    /// <summary>The address space has no flat tables, and the processor can only interpret.</summary>
    public void LackTables() => LacksTables = true;

    /// <summary>The processor begins to execute.</summary>
    /// <returns>For <see cref="Leave"/>.</returns>
    public long Enter()
    {
        _activity = Activity.Guest;
        return Stopwatch.GetTimestamp();
    }

    /// <summary>The processor stopped.</summary>
    /// <param name="entered">What <see cref="Enter"/> returned.</param>
    public void Leave(long entered)
    {
        GuestTime += Stopwatch.GetElapsedTime(entered);
        _activity = Activity.Stopped;
    }

    /// <summary>The thread of the processor works on regions.</summary>
    /// <returns>For <see cref="EndTranslating"/>.</returns>
    public long BeginTranslating()
    {
        _activity = Activity.Translating;
        return Stopwatch.GetTimestamp();
    }

    /// <summary>It goes on executing.</summary>
    /// <param name="began">What <see cref="BeginTranslating"/> returned.</param>
    public void EndTranslating(long began)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        TranslatingTime += elapsed;
        GuestTime -= elapsed;
        _activity = Activity.Guest;
    }

    /// <summary>A region was asked for.</summary>
    public RegionProfile Add(Region region)
    {
        RegionProfile profile = new(this, region.Start, region.InstructionCount);
        _regions.Add(profile);
        RegionRequested?.Invoke(profile);
        return profile;
    }

    /// <summary>A region is compiled and can be entered.</summary>
    public void Install(Region region)
    {
        Compiled++;
        Joined += region.IsJoined ? 1 : 0;
        InstructionsCompiled += region.InstructionCount;
        CompileTime += region.CompileTime;
        WaitTime += region.Profile!.Age;
    }

    /// <summary>The bytes of a region changed.</summary>
    public void Invalidate() => Invalidated++;

    /// <summary>A region is given up, to be made anew in another way.</summary>
    public void Remake() => Remade++;

    /// <summary>A region could not be compiled. From any thread.</summary>
    public void Fail(Region region, Exception reason)
    {
        Interlocked.CompareExchange(ref _failure, $"{region.Start:x}: {reason.Message}", null);
        Interlocked.Increment(ref _failed);
    }

    /// <summary>Looks at what runs. Called by the sampler only.</summary>
    public void Sample()
    {
        lock (_lock)
        {
            if (_state is null || _activity != Activity.Guest)
                return;
            RegionCounters* running = (RegionCounters*)Volatile.Read(ref *(nint*)&_state->Running);
            if (running is null)
            {
                InterpreterSamples++;
            }
            else
            {
                running->Samples++;
                TranslatedSamples++;
            }
        }
    }
}
