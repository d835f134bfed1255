using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;

namespace Faultline.Linux.Vfs;

/// <summary>
/// What one sleep waits for (Linux's poll_table): queues of files in this kernel and handles of the host. A file's
/// <see cref="OpenFile.Poll"/> adds itself. Reused for one sleep after another; used by one thread.
/// </summary>
internal sealed class WaitSet(IWaiter waiter) : IDisposable
{
    private readonly List<WaitQueue> _queues = [];
    private readonly List<HostPollItem> _items = [];
    private HostPollItem[] _buffer = [];

    /// <summary>Who sleeps.</summary>
    public IWaiter Waiter { get; } = waiter;

    /// <summary>
    /// What alone would end this sleep, for files that can wait for just that on the host; none when it is not known, or when edges matter.
    /// </summary>
    public PollEvents Interest { get; init; }

    /// <summary>Whether there is nothing yet to wait for but a signal.</summary>
    public bool IsEmpty => _queues.Count == 0 && _items.Count == 0;

    /// <summary>Waits for a change that a queue tells of.</summary>
    public void Add(WaitQueue queue)
    {
        _queues.Add(queue);
        queue.Add(Waiter.Waker);
    }

    /// <summary>Waits for a host handle.</summary>
    public void Add(int hostHandle, PollEvents events) => _items.Add(new HostPollItem { Handle = hostHandle, Wanted = (short)events });

    /// <summary>Forgets everything, and earlier wakes with it. To be called before the files are looked at.</summary>
    public void Clear()
    {
        foreach (WaitQueue queue in _queues)
            queue.Remove(Waiter.Waker);
        _queues.Clear();
        _items.Clear();
        Waiter.Waker.Reset();
    }

    /// <summary>Sleeps until something added may have changed.</summary>
    /// <param name="deadline">Monotonic time in nanoseconds; <see cref="long.MaxValue"/> for none.</param>
    /// <returns>0, -EINTR for a signal, -ETIMEDOUT at the deadline.</returns>
    public int Sleep(long deadline)
    {
        if (Waiter.IsInterrupted)
            return -Errno.EINTR;
        if (_items.Count == 0)
        {
            Waiter.FallAsleep();
            bool woken = !Waiter.Host.Clock.SleepUntil(deadline, Waiter.Waker);
            Waiter.WakeUp();
            return Waiter.IsInterrupted ? -Errno.EINTR : woken ? 0 : -Errno.ETIMEDOUT;
        }
        int count = _items.Count + 1;
        if (_buffer.Length < count)
            _buffer = new HostPollItem[count];
        _items.CopyTo(_buffer);
        _buffer[count - 1] = new HostPollItem { Handle = Waiter.Waker.Handle, Wanted = (short)PollEvents.POLLIN };
        long timeout = -1;
        if (deadline != long.MaxValue)
        {
            timeout = deadline - Waiter.Host.Clock.Monotonic;
            if (timeout <= 0)
                return -Errno.ETIMEDOUT;
        }
        int ready = 1;
        if (Waiter.Waker.BeginPoll())
        {
            Waiter.FallAsleep();
            ready = Waiter.Host.Poll.Wait(_buffer.AsSpan(0, count), timeout);
            Waiter.WakeUp();
        }
        Waiter.Waker.EndPoll();
        if (Waiter.IsInterrupted)
            return -Errno.EINTR;
        return ready == 0 ? -Errno.ETIMEDOUT : 0;
    }

    /// <summary>Leaves every queue.</summary>
    public void Dispose()
    {
        foreach (WaitQueue queue in _queues)
            queue.Remove(Waiter.Waker);
        _queues.Clear();
        _items.Clear();
    }
}
