using System.Runtime.CompilerServices;
using Iced.Intel;

namespace Faultline.Cpu.Profiling;

/// <summary>
/// What all processors of a run did, in detail. Instructions are counted where translated code is entered and left. Time in guest code is measured at every entry
/// and exit of <see cref="Processor.Run"/>; how it divides into interpreter and translated code comes from a thread that looks at what runs every
/// <see cref="SampleInterval"/> milliseconds, which does not delay the guest.
/// </summary>
internal sealed unsafe class ExecutionProfile : IDisposable
{
    /// <summary>Milliseconds between samples. One costs some 20 microseconds of another host processor, mostly for waking up: 0.4 percent.</summary>
    private const int SampleInterval = 5;

    private readonly Lock _lock = new();
    private readonly long[] _fallbacks = NewCounters();
    private readonly long[] _slowExits = NewCounters();
    private readonly ManualResetEvent _stop = new(false);
    private readonly Thread _sampler;
    private ProcessorProfile[] _processors = [];

    /// <summary>Makes an empty profile and starts the sampler.</summary>
    public ExecutionProfile()
    {
        _sampler = new Thread(Sample) { IsBackground = true, Name = "sampler" };
        _sampler.Start();
    }

    /// <summary>Every processor that was made, also those that are gone.</summary>
    public ProcessorProfile[] Processors => Volatile.Read(ref _processors);

    /// <summary>Instructions that translated code handed to the interpreter's handler, by mnemonic.</summary>
    public IEnumerable<KeyValuePair<Mnemonic, long>> Fallbacks => NonZero(_fallbacks);

    /// <summary>Instructions at which translated code was left for the interpreter, by mnemonic.</summary>
    public IEnumerable<KeyValuePair<Mnemonic, long>> SlowExits => NonZero(_slowExits);

    /// <summary>A processor is made.</summary>
    public ProcessorProfile AddProcessor()
    {
        ProcessorProfile profile = new(this);
        lock (_lock)
            Volatile.Write(ref _processors, [.. _processors, profile]);
        return profile;
    }

    /// <summary>Where translated code counts the executions of instructions that it has no code of its own for; valid as long as this object is.</summary>
    public long* FallbackCounter(Mnemonic mnemonic) => (long*)Unsafe.AsPointer(ref _fallbacks[(int)mnemonic]);

    /// <summary>Where it counts the exits to the interpreter at an instruction.</summary>
    public long* SlowExitCounter(Mnemonic mnemonic) => (long*)Unsafe.AsPointer(ref _slowExits[(int)mnemonic]);

    /// <summary>Ends the sampler. What was counted stays.</summary>
    public void Dispose()
    {
        _stop.Set();
        _sampler.Join();
        _stop.Dispose();
    }

    private void Sample()
    {
        while (!_stop.WaitOne(SampleInterval))
        {
            foreach (ProcessorProfile processor in Processors)
                processor.Sample();
        }
    }

    private static long[] NewCounters() => GC.AllocateArray<long>((int)Enum.GetValues<Mnemonic>().Max() + 1, pinned: true);

    private static IEnumerable<KeyValuePair<Mnemonic, long>> NonZero(long[] counters)
    {
        for (int i = 0; i < counters.Length; i++)
        {
            if (counters[i] != 0)
                yield return new((Mnemonic)i, counters[i]);
        }
    }
}
