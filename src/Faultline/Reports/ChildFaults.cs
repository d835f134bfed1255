using Faultline.Cpu;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Reports;

/// <summary>The faults that kill processes other than the first, up to a number. Told by the dying processes' threads.</summary>
internal sealed class ChildFaults(CpuModel model, Action<FaultReport>? told)
{
    private readonly Lock _lock = new();
    private readonly List<FaultReport> _reports = [];

    /// <summary>Those that were noted so far.</summary>
    public IReadOnlyList<FaultReport> Reports
    {
        get
        {
            lock (_lock)
                return [.. _reports];
        }
    }

    /// <summary>A process is about to end by a signal. The report is built and told one at a time, so that two do not mix.</summary>
    public void Note(Process process, FatalSignal fatal)
    {
        if (process.IsFirst || !fatal.IsSynchronous)
            return;
        lock (_lock)
        {
            if (_reports.Count >= RunResult.MaxChildReports)
                return;
            FaultReport report = FaultReportBuilder.Build(process, fatal, model);
            _reports.Add(report);
            told?.Invoke(report);
        }
    }
}
