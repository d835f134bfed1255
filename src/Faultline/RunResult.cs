namespace Faultline;

/// <summary>How a program ended.</summary>
public sealed class RunResult
{
    internal RunResult(int exitStatus, int signal, FaultReport? report, RunStatistics statistics)
    {
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

    /// <summary>What the run used.</summary>
    public RunStatistics Statistics { get; }
}
