using Faultline.Linux.Host;

namespace Faultline.Linux.Kernel.Timers;

/// <summary>
/// Calls back at points of the monotonic clock, on one host thread of its own that exists once a timer was ever set. A callback must be short and
/// may set timers.
/// </summary>
internal sealed class TimerQueue(IHostClock clock) : IDisposable
{
    private readonly object _monitor = new();

    /// <summary>What is set, by the time; null before the first.</summary>
    private PriorityQueue<(QueuedTimer Timer, int Generation), long>? _queue;
    private Thread? _thread;
    private bool _disposed;

    /// <summary>Sets a timer, replacing the time it was set to.</summary>
    public void Set(QueuedTimer timer, long monotonic)
    {
        lock (_monitor)
        {
            if (_disposed)
                return;
            _queue ??= new();
            _queue.Enqueue((timer, ++timer.Generation), monotonic);
            if (_thread is null)
            {
                _thread = new Thread(Loop, 256 << 10) { IsBackground = true, Name = "timers" };
                _thread.Start();
            }
            Monitor.Pulse(_monitor);
        }
    }

    /// <summary>Stops a timer; a callback that has begun may still be running.</summary>
    public void Cancel(QueuedTimer timer)
    {
        lock (_monitor)
            timer.Generation++;
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_monitor)
        {
            _disposed = true;
            Monitor.PulseAll(_monitor);
        }
        _thread?.Join();
    }

    private void Loop()
    {
        while (Next() is { } timer)
            timer.Expire();
    }

    private QueuedTimer? Next()
    {
        lock (_monitor)
        {
            while (!_disposed)
            {
                // Whoever starts this thread has set a timer.
                if (!_queue!.TryPeek(out (QueuedTimer Timer, int Generation) first, out long due))
                {
                    Monitor.Wait(_monitor);
                    continue;
                }
                if (first.Generation != first.Timer.Generation)
                {
                    _queue.Dequeue();
                    continue;
                }
                long left = due - clock.Monotonic;
                if (left <= 0)
                {
                    _queue.Dequeue();
                    return first.Timer;
                }
                // Rounded up, so that a timer never expires early.
                Monitor.Wait(_monitor, (int)Math.Min((left + 999_999) / 1_000_000, int.MaxValue));
            }
            return null;
        }
    }
}
