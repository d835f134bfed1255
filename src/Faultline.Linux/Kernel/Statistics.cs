using Faultline.Cpu;
using Faultline.Linux.Abi;
using Faultline.Linux.Syscalls;
using Faultline.Linux.Syscalls.Compat;

namespace Faultline.Linux.Kernel;

/// <summary>Counts for --stats. Written by every guest thread.</summary>
internal sealed class Statistics
{
    private readonly int[] _missing = new int[Nr.Limit];
    private readonly int[] _missingCompat = new int[Nr.Limit];
    private CodeCounts _code;
    private long _instructions;
    private long _syscalls;
    private long _threadTicks;
    private int _unknown;

    /// <summary>Instructions executed by processors that are gone; see <see cref="LinuxKernel.InstructionsExecuted"/> for all.</summary>
    public long Instructions => Volatile.Read(ref _instructions);

    /// <summary>System calls made by threads that have ended; see <see cref="LinuxKernel.SystemCallsMade"/> for all.</summary>
    public long Syscalls => Volatile.Read(ref _syscalls);

    /// <summary>Wall time of guest threads that have ended, guest code and kernel together.</summary>
    public TimeSpan ThreadTime => new(Volatile.Read(ref _threadTicks));

    /// <summary>Calls whose number Linux does not have.</summary>
    public int UnknownNumbers => Volatile.Read(ref _unknown);

    /// <summary>How often a call that is not there was asked for.</summary>
    public int Missing(int number) => Volatile.Read(ref _missing[number]);

    /// <summary>Adds what a processor executed.</summary>
    public void AddInstructions(long count) => Interlocked.Add(ref _instructions, count);

    /// <summary>What became of code on processors that are gone.</summary>
    public CodeCounts Code
    {
        get
        {
            lock (_missing)
                return _code;
        }
    }

    /// <summary>Adds what became of a processor's code.</summary>
    public void AddCode(CodeCounts counts)
    {
        lock (_missing)
            _code += counts;
    }

    /// <summary>Adds how long a thread ran.</summary>
    public void AddThreadTime(TimeSpan time) => Interlocked.Add(ref _threadTicks, time.Ticks);

    /// <summary>Adds the calls that a thread has made.</summary>
    public void AddSyscalls(long count) => Interlocked.Add(ref _syscalls, count);

    /// <summary>Counts a call that ended in ENOSYS for want of a handler.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="isCompat">The number is i386's.</param>
    public void CountMissing(long number, bool isCompat)
    {
        int[] counts = isCompat ? _missingCompat : _missing;
        if ((ulong)number < (ulong)counts.Length)
            Interlocked.Increment(ref counts[number]);
        else
            Interlocked.Increment(ref _unknown);
    }

    /// <summary>Calls that ended in ENOSYS for want of a handler, by name, with how often.</summary>
    public Dictionary<string, int> MissingByName()
    {
        Dictionary<string, int> counts = [];
        for (int number = 0; number < _missing.Length; number++)
        {
            if (_missing[number] != 0)
                counts[SyscallTable.Find(number)?.Name ?? $"syscall_{number}"] = _missing[number];
            if (_missingCompat[number] != 0)
                counts[(CompatTable.Find(number)?.Name ?? $"syscall_{number}") + " (int 0x80)"] = _missingCompat[number];
        }
        if (UnknownNumbers != 0)
            counts["(numbers that Linux does not have)"] = UnknownNumbers;
        return counts;
    }
}
