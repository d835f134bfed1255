using Faultline.Linux.Bpf;

namespace Faultline.Linux.Kernel.Seccomp;

/// <summary>One filter of system calls and those that were there before it. Immutable, so that threads and children share it.</summary>
/// <param name="program">The program.</param>
/// <param name="previous">The filters before it; all are asked.</param>
internal sealed class SeccompFilter(BpfProgram program, SeccompFilter? previous)
{
    /// <summary>Instructions that all filters of a thread may have together (MAX_INSNS_PER_PATH).</summary>
    private const int MaxInstructions = 32768;

    /// <summary>What each filter counts beside its instructions.</summary>
    private const int Penalty = 4;

    /// <summary>The program.</summary>
    public BpfProgram Program { get; } = program;

    /// <summary>The filters before it.</summary>
    public SeccompFilter? Previous { get; } = previous;

    /// <summary>How many there are.</summary>
    public int Count { get; } = (previous?.Count ?? 0) + 1;

    /// <summary>Instructions of all, with their penalties.</summary>
    public int Cost { get; } = (previous?.Cost + Penalty ?? 0) + program.Length;

    /// <summary>Whether there are too many instructions.</summary>
    public bool IsTooLong => Cost > MaxInstructions;

    /// <summary>Whether this filter is another or was there before it.</summary>
    public bool IsPartOf(SeccompFilter? other)
    {
        for (; other is not null; other = other.Previous)
        {
            if (ReferenceEquals(other, this))
                return true;
        }
        return false;
    }

    /// <summary>Asks all filters; the strictest action counts, and of equal ones the newest filter's (seccomp_run_filters).</summary>
    public uint Run(ReadOnlySpan<byte> data)
    {
        uint result = Abi.Processes.Seccomp.SECCOMP_RET_ALLOW;
        for (SeccompFilter? filter = this; filter is not null; filter = filter.Previous)
        {
            uint one = filter.Program.Run(data);
            if (ActionOf(one) < ActionOf(result))
                result = one;
        }
        return result;
    }

    /// <summary>Actions are ordered as signed numbers: to kill the process is the lowest.</summary>
    private static int ActionOf(uint result) => (int)(result & Abi.Processes.Seccomp.SECCOMP_RET_ACTION_FULL);
}
