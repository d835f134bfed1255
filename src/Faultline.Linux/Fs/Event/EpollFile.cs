using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>
/// A set of files to wait for (epoll(7)). Each wait looks at all of them; level- and edge-triggered, one-shot. A file is in it once per
/// descriptor it was added with.
/// </summary>
/// <remarks>Lock order: an epoll's lock before that of an epoll within it, before any other file's.</remarks>
internal sealed class EpollFile(uint userId, uint groupId) : OpenFile(OpenFlags.O_RDWR)
{
    /// <summary>How deep epolls may contain each other (EP_MAX_NESTS).</summary>
    private const int MaxNesting = 4;

    private const PollEvents Always = PollEvents.POLLERR | PollEvents.POLLHUP;

    private readonly Lock _lock = new();
    private readonly WaitQueue _queue = new();
    private readonly ulong _inode = AnonymousFile.NextInode();
    private readonly Dictionary<(OpenFile File, int Fd), EpollItem> _items = [];
    private int _turn;

    /// <inheritdoc/>
    public override string Path => "anon_inode:[eventpoll]";

    /// <inheritdoc/>
    public override long Activity => Interlocked.Increment(ref _turn);

    /// <summary>Files in it, and so the most events there can be at once.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _items.Count;
        }
    }

    /// <summary>Adds a file; 0, -EEXIST or -ELOOP.</summary>
    public int Add(OpenFile file, int fd, in EpollEvent wanted)
    {
        if (file is EpollFile inner && (inner.Contains(this, 0) || inner.Depth() >= MaxNesting))
            return -Errno.ELOOP;
        lock (_lock)
        {
            if (!_items.TryAdd((file, fd), new EpollItem(file, wanted)))
                return -Errno.EEXIST;
        }
        _queue.Wake();
        return 0;
    }

    /// <summary>Changes what is wanted and arms a one-shot again; 0 or -ENOENT.</summary>
    public int Modify(OpenFile file, int fd, in EpollEvent wanted)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue((file, fd), out EpollItem? item))
                return -Errno.ENOENT;
            item.Wanted = wanted;
            item.IsDisabled = false;
            item.Reported = PollEvents.None;
            item.ReportedActivity = -1;
        }
        _queue.Wake();
        return 0;
    }

    /// <summary>Takes a file out; 0 or -ENOENT.</summary>
    public int Delete(OpenFile file, int fd)
    {
        lock (_lock)
            return _items.Remove((file, fd)) ? 0 : -Errno.ENOENT;
    }

    /// <summary>Collects events that hold now.</summary>
    /// <param name="events">Room for them.</param>
    /// <param name="wait">When not null, adds what to wait for.</param>
    /// <returns>How many.</returns>
    public int Collect(Span<EpollEvent> events, WaitSet? wait)
    {
        wait?.Add(_queue);
        int count = 0;
        lock (_lock)
        {
            RemoveClosed();
            // A different one is first each time, so that with little room none is passed over for ever.
            int first = _items.Count == 0 ? 0 : (int)((uint)_turn++ % (uint)_items.Count);
            count = CollectFrom(events, count, wait, first, int.MaxValue);
            return CollectFrom(events, count, wait, 0, first);
        }
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, userId, groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(_queue);
        lock (_lock)
        {
            RemoveClosed();
            bool ready = false;
            foreach (EpollItem item in _items.Values)
                ready |= Look(item, wait) != 0;
            return ready ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
        }
    }

    private int CollectFrom(Span<EpollEvent> events, int count, WaitSet? wait, int start, int end)
    {
        int index = 0;
        foreach (EpollItem item in _items.Values)
        {
            if (index >= start && index < end && count < events.Length)
            {
                PollEvents ready = Look(item, wait);
                if (ready != 0)
                {
                    events[count++] = new EpollEvent { events = (uint)ready, data = item.Wanted.data };
                    item.Reported = ready;
                    item.ReportedActivity = item.File.Activity;
                    item.IsDisabled = (item.Wanted.events & EpollEvent.EPOLLONESHOT) != 0;
                }
            }
            index++;
        }
        return count;
    }

    /// <summary>What an item has to report.</summary>
    private static PollEvents Look(EpollItem item, WaitSet? wait)
    {
        if (item.IsDisabled)
            return PollEvents.None;
        long activity = item.File.Activity;
        PollEvents ready = item.File.Poll(wait) & ((PollEvents)item.Wanted.events | Always);
        if ((item.Wanted.events & EpollEvent.EPOLLET) == 0)
            return ready;
        bool isNew = activity != item.ReportedActivity || (ready & ~item.Reported) != 0;
        item.Reported &= ready;
        return isNew ? ready : PollEvents.None;
    }

    private void RemoveClosed()
    {
        List<(OpenFile, int)>? closed = null;
        foreach (((OpenFile File, int Fd) key, _) in _items)
        {
            if (key.File.IsClosed)
                (closed ??= []).Add(key);
        }
        if (closed is null)
            return;
        foreach ((OpenFile, int) key in closed)
            _ = _items.Remove(key);
    }

    private bool Contains(EpollFile other, int depth)
    {
        if (ReferenceEquals(this, other) || depth > MaxNesting)
            return true;
        lock (_lock)
        {
            foreach (((OpenFile file, _), _) in _items)
            {
                if (file is EpollFile inner && inner.Contains(other, depth + 1))
                    return true;
            }
        }
        return false;
    }

    private int Depth()
    {
        int deepest = 0;
        lock (_lock)
        {
            foreach (((OpenFile file, _), _) in _items)
            {
                if (file is EpollFile inner)
                    deepest = Math.Max(deepest, inner.Depth());
            }
        }
        return deepest + 1;
    }
}
