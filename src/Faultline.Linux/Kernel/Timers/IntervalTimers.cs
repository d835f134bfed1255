using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Host;

namespace Faultline.Linux.Kernel.Timers;

/// <summary>The timers of a process: three of setitimer(2), of which alarm(2) uses the first, and those of timer_create(2).</summary>
internal sealed class IntervalTimers(Process process) : IDisposable
{
    private readonly SignalTimer?[] _intervals = new SignalTimer?[3];
    private readonly Dictionary<int, SignalTimer> _posix = [];
    private int _nextId;
    private CpuLimitTimer? _cpuLimit;

    private IHostClock Clock => process.Kernel.Host.Clock;

    /// <summary>Sets one of the three; all values in nanoseconds.</summary>
    /// <param name="which">ITIMER_.</param>
    /// <param name="value">Time to the first expiration; 0 disarms.</param>
    /// <param name="interval">Time between the following ones; 0 for none.</param>
    public void SetInterval(int which, long value, long interval)
    {
        SignalTimer timer = _intervals[which] ??= which switch
        {
            Clocks.ITIMER_REAL => new SignalTimer(process, () => Clock.Monotonic, isCpuTime: false) { Signal = Sig.SIGALRM },
            Clocks.ITIMER_VIRTUAL => new SignalTimer(process, UserTime, isCpuTime: true) { Signal = Sig.SIGVTALRM },
            _ => new SignalTimer(process, () => process.CpuTime, isCpuTime: true) { Signal = Sig.SIGPROF },
        };
        timer.Arm(value, interval);
    }

    /// <summary>What is left of one of the three, and its interval.</summary>
    public (long Value, long Interval) GetInterval(int which) => _intervals[which]?.Read() ?? (0, 0);

    /// <summary>Makes a timer and returns its id.</summary>
    public int Create(SignalTimer timer)
    {
        lock (_posix)
        {
            int id = _nextId++;
            timer.Id = id;
            _posix.Add(id, timer);
            return id;
        }
    }

    /// <summary>The timer of an id, or null.</summary>
    public SignalTimer? Find(int id)
    {
        lock (_posix)
            return _posix.GetValueOrDefault(id);
    }

    /// <summary>Removes a timer; false when there is none of that id.</summary>
    public bool Delete(int id)
    {
        SignalTimer? timer = Find(id);
        if (timer is null)
            return false;
        timer.Arm(0, 0);
        lock (_posix)
            return _posix.Remove(id);
    }

    /// <summary>execve: timers of timer_create go, those of setitimer stay.</summary>
    public void DeleteAll()
    {
        List<SignalTimer> timers;
        lock (_posix)
        {
            timers = new(_posix.Values);
            _posix.Clear();
        }
        foreach (SignalTimer timer in timers)
            timer.Arm(0, 0);
    }

    /// <summary>The limit on processor time was set: it is watched from now on.</summary>
    public void WatchCpuLimit()
    {
        CpuLimitTimer made = new(process);
        (Interlocked.CompareExchange(ref _cpuLimit, made, null) ?? made).Schedule();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_cpuLimit is { } limit)
            process.Kernel.Timers.Cancel(limit);
        DeleteAll();
        foreach (SignalTimer? timer in _intervals)
            timer?.Arm(0, 0);
    }

    private long UserTime()
    {
        process.ReadTimes(null, out long user, out _);
        return user;
    }
}
