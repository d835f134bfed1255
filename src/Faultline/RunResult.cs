namespace Faultline;

/// <summary>How a program ended.</summary>
public sealed class RunResult
{
    /// <summary>How many processes' faults are kept in a run.</summary>
    public const int MaxChildReports = 16;

    internal RunResult(int exitStatus, int signal, FaultReport? report, IReadOnlyList<FaultReport> childReports, RunStatistics statistics)
    {
        ChildReports = childReports;
        ExitStatus = exitStatus;
        Signal = signal;
        Report = report;
        Statistics = statistics;
    }

    /// <summary>What a shell would show: the exit status 0 to 255, or 128 + n for a program killed by signal n.</summary>
    public int ExitStatus { get; }

    /// <summary>The number of the signal that killed the program, or 0 when it exited.</summary>
    public int Signal { get; }

    /// <summary>What the program was doing when a fault killed it. Null when it exited, or was killed by a signal that somebody sent.</summary>
    public FaultReport? Report { get; }

    /// <summary>
    /// What processes that the program had made were doing when a fault killed them, in the order of their ends; the first <see cref="MaxChildReports"/>.
    /// </summary>
    public IReadOnlyList<FaultReport> ChildReports { get; }

    /// <summary>What the run used.</summary>
    public RunStatistics Statistics { get; }
}
