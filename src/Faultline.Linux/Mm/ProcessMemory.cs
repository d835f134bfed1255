using Faultline.Memory;

namespace Faultline.Linux.Mm;

/// <summary>
/// A process's memory as Linux's mm_struct keeps it: the address space, where the program, the break, the stack and the arguments lie, and the
/// mmap family. Shared by the threads of a process.
/// </summary>
/// <remarks>
/// <see cref="_lock"/> (Linux's mmap_lock, taken for writing) makes finding a place and mapping it one step; it is taken before the address
/// space's own lock. Calls return 0, an address, or a negative errno.
/// </remarks>
internal sealed partial class ProcessMemory : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ulong _commitLimit;

    /// <summary>Makes an empty one.</summary>
    /// <param name="frames">Where private pages come from.</param>
    /// <param name="limits">The process's resource limits, read when something grows.</param>
    /// <param name="commitLimit">The most bytes that one request may ask for: the machine's memory.</param>
    public ProcessMemory(FramePool frames, ResourceLimits limits, ulong commitLimit)
    {
        Limits = limits;
        _commitLimit = commitLimit;
        ulong stack = limits[Abi.Processes.Resource.RLIMIT_STACK].rlim_cur;
        Space = new AddressSpace(frames) { StackLimit = stack };
        IsLegacyLayout = stack == Abi.Processes.Rlimit64.RLIM64_INFINITY;
        MmapBase = MemoryLayout.MmapBase(stack);
        CompatMmapBase = MemoryLayout.CompatMmapBase(stack);
    }

    /// <summary>The pages.</summary>
    public AddressSpace Space { get; }

    /// <summary>Copies in and out.</summary>
    public GuestMemory Memory => new(Space);

    /// <summary>The limits that bound growth.</summary>
    public ResourceLimits Limits { get; }

    /// <summary>Areas are given out from here downwards.</summary>
    public ulong MmapBase { get; }

    /// <summary>The same for 32-bit calls.</summary>
    public ulong CompatMmapBase { get; }

    /// <summary>Areas are given out from <see cref="MemoryLayout.LegacyBase"/> upwards instead, as Linux does when the stack has no limit.</summary>
    public bool IsLegacyLayout { get; }

    /// <summary>Where the heap starts.</summary>
    public ulong BreakStart { get; private set; }

    /// <summary>The program break, not rounded.</summary>
    public ulong Break { get; private set; }

    /// <summary>Where the program and its parts lie, for /proc and prctl(PR_SET_MM).</summary>
    public ProgramImage Image { get; set; } = new();

    /// <summary>Sets the program break after loading; it is rounded up to a page.</summary>
    public void SetBreakStart(ulong address)
    {
        BreakStart = GuestPage.Ceiling(address);
        Break = BreakStart;
    }

    /// <summary>Bytes mapped (total_vm), which RLIMIT_AS bounds.</summary>
    public ulong MappedBytes
    {
        get
        {
            ulong sum = 0;
            foreach (Mapping mapping in Space.Snapshot())
                sum += mapping.Length;
            return sum;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Space.Dispose();
}
