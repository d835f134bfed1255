namespace Faultline.Cpu.Tests.Differential;

/// <summary>Runners for several threads. Only the native step of a case is one at a time (<see cref="NativeRunner.Gate"/>), and it is the smaller part.</summary>
internal sealed class DifferentialPool : IDisposable
{
    private readonly DifferentialRunner[] _runners;

    /// <summary>Makes a runner for each thread.</summary>
    public DifferentialPool(int threads)
    {
        _runners = new DifferentialRunner[threads];
        for (int i = 0; i < threads; i++)
            _runners[i] = new DifferentialRunner();
    }

    /// <summary>As many threads as help: beyond four the native step is what they wait for.</summary>
    public static int DefaultThreads => Math.Min(4, Environment.ProcessorCount);

    /// <summary>Threads.</summary>
    public int Count => _runners.Length;

    /// <summary>A runner that is not in use by <see cref="Run"/> at the time.</summary>
    public DifferentialRunner First => _runners[0];

    /// <summary>Cases run, and those of them that ended in an exception of their own.</summary>
    public (long Cases, long Faults) Counts => (_runners.Sum(r => (long)r.Counts.Cases), _runners.Sum(r => (long)r.Counts.Faults));

    /// <summary>Runs a method on every runner at once, with the runner's number, and waits for all.</summary>
    public void Run(Action<DifferentialRunner, int> work) =>
        Parallel.For(0, _runners.Length, new ParallelOptions { MaxDegreeOfParallelism = _runners.Length }, i => work(_runners[i], i));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DifferentialRunner runner in _runners)
            runner.Dispose();
    }
}
