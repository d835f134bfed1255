using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel.Timers;

/// <summary>A timer that sends a signal when it expires, once or again and again. All times in nanoseconds.</summary>
/// <param name="process">Whom the signal goes to.</param>
/// <param name="now">The clock it runs on.</param>
/// <param name="isCpuTime">That clock counts processor time: it stands still while nothing runs, so expiration is looked for again and again.</param>
internal sealed class SignalTimer(Process process, Func<long> now, bool isCpuTime) : QueuedTimer
{
    /// <summary>How often a clock of processor time is looked at, at most.</summary>
    private const long CpuPoll = 1_000_000;

    private readonly Lock _lock = new();
    private long _due;
    private long _interval;
    private bool _isArmed;
    private int _overrun;

    /// <summary>The signal; 0 for none (SIGEV_NONE).</summary>
    public int Signal { get; init; }

    /// <summary>The thread that alone gets it (SIGEV_THREAD_ID), or null.</summary>
    public Task? Target { get; init; }

    /// <summary>sigev_value.</summary>
    public ulong Value { get; init; }

    /// <summary>Made by timer_create: siginfo says SI_TIMER, with <see cref="Id"/>.</summary>
    public bool IsPosix { get; init; }

    /// <summary>The id of a timer made by timer_create.</summary>
    public int Id { get; set; }

    /// <summary>Present time on the timer's clock.</summary>
    public long Now => now();

    /// <summary>Expirations missed before the last signal was taken (timer_getoverrun).</summary>
    public int Overrun
    {
        get => Volatile.Read(ref _overrun);
        set => Volatile.Write(ref _overrun, value);
    }

    /// <summary>Arms relative to now; a value of 0 disarms.</summary>
    public void Arm(long value, long interval) => ArmAt(value == 0 ? 0 : AddClamped(now(), value), interval);

    /// <summary>Arms at a time of the timer's clock; 0 disarms.</summary>
    public void ArmAt(long due, long interval)
    {
        lock (_lock)
        {
            _isArmed = due != 0;
            _due = due;
            _interval = interval;
            _overrun = 0;
            Schedule();
        }
    }

    /// <summary>Time left, at least 1 while armed, and the interval.</summary>
    public (long Value, long Interval) Read()
    {
        lock (_lock)
            return (_isArmed ? Math.Max(_due - now(), 1) : 0, _interval);
    }

    /// <inheritdoc/>
    public override void Expire()
    {
        Siginfo info;
        lock (_lock)
        {
            long time = now();
            if (!_isArmed)
                return;
            if (time < _due)
            {
                Schedule();
                return;
            }
            int overrun = 0;
            if (_interval > 0)
            {
                long missed = (time - _due) / _interval;
                overrun = (int)Math.Min(missed, int.MaxValue);
                _due = AddClamped(_due, _interval * (missed + 1));
                Schedule();
            }
            else
            {
                _isArmed = false;
            }
            info = IsPosix
                ? new Siginfo { si_signo = Signal, si_code = Sig.SI_TIMER, si_tid = Id, si_overrun = overrun, si_value = Value }
                : new Siginfo { si_signo = Signal, si_code = Sig.SI_KERNEL };
        }
        if (Signal != 0)
            _ = process.Send(info, Target);
    }

    private void Schedule()
    {
        TimerQueue queue = process.Kernel.Timers;
        if (!_isArmed)
        {
            queue.Cancel(this);
            return;
        }
        long left = Math.Max(_due - now(), 0);
        if (isCpuTime)
            left = Math.Max(left, CpuPoll);
        queue.Set(this, AddClamped(process.Kernel.Host.Clock.Monotonic, left));
    }

    private static long AddClamped(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
