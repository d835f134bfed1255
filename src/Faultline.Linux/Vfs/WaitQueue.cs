using Faultline.Linux.Host;

namespace Faultline.Linux.Vfs;

/// <summary>
/// Those who wait for something about a file to change (wait_queue_head). A waiter joins, looks at the state, and sleeps only then, so
/// no change is missed; every change calls <see cref="Wake"/>.
/// </summary>
/// <remarks>Its lock is taken last: nothing is called with it held but <see cref="IHostWaker.Wake"/>.</remarks>
internal sealed class WaitQueue
{
    private readonly Lock _lock = new();
    private readonly List<IHostWaker> _wakers = [];
    private long _version;

    /// <summary>Counts wakes, so that an edge-triggered watcher sees changes it did not sleep through.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Joins.</summary>
    public void Add(IHostWaker waker)
    {
        lock (_lock)
            _wakers.Add(waker);
    }

    /// <summary>Leaves.</summary>
    public void Remove(IHostWaker waker)
    {
        lock (_lock)
            _ = _wakers.Remove(waker);
    }

    /// <summary>Wakes all, who then look again.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _version++;
            foreach (IHostWaker waker in _wakers)
                waker.Wake();
        }
    }
}
