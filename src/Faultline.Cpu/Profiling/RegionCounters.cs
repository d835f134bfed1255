namespace Faultline.Cpu.Profiling;

/// <summary>What translated code counts about itself; in pinned memory, one for each region. Written by the guest's thread, samples by the sampler.</summary>
internal struct RegionCounters
{
    /// <summary>How often the region was entered.</summary>
    public long Entries;

    /// <summary>Instructions executed in it, those that faulted not included.</summary>
    public long Instructions;

    /// <summary>How often the sampler found it running.</summary>
    public long Samples;
}
