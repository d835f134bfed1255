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
internal sealed partial class ProcessMemory
{
    private readonly Lock _lock = new();
    private readonly ulong _commitLimit;
    private int _users = 1;

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

    /// <summary>Whether others than one thread of one process use it.</summary>
    public bool IsShared => Volatile.Read(ref _users) > 1 || Space.IsShared;

    /// <summary>Whether more than one process uses it (CLONE_VM without CLONE_THREAD), or a call of another process does at the moment.</summary>
    public bool IsSharedByProcesses => Volatile.Read(ref _users) > 1;

    /// <summary>The same memory for one more process (CLONE_VM).</summary>
    public ProcessMemory Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>The same memory for a while, unless it has gone.</summary>
    public bool TryShare()
    {
        int seen = Volatile.Read(ref _users);
        while (seen > 0)
        {
            int now = Interlocked.CompareExchange(ref _users, seen + 1, seen);
            if (now == seen)
                return true;
            seen = now;
        }
        return false;
    }

    /// <summary>A process uses it no more; with the last one it goes.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Space.Dispose();
    }

    /// <summary>A copy for a child process (dup_mm).</summary>
    /// <param name="limits">The child's limits.</param>
    public ProcessMemory Fork(ResourceLimits limits)
    {
        lock (_lock)
            return new ProcessMemory(this, limits);
    }

    private ProcessMemory(ProcessMemory parent, ResourceLimits limits)
    {
        Limits = limits;
        _commitLimit = parent._commitLimit;
        Space = parent.Space.Fork();
        IsLegacyLayout = parent.IsLegacyLayout;
        MmapBase = parent.MmapBase;
        CompatMmapBase = parent.CompatMmapBase;
        BreakStart = parent.BreakStart;
        Break = parent.Break;
        Image = parent.Image;
        _hasSealed = parent._hasSealed;
    }
}
