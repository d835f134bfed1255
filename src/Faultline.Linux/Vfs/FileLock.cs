namespace Faultline.Linux.Vfs;

/// <summary>A lock of flock(2) on one file: any number of sharers or one owner, each an open file description.</summary>
internal sealed class FileLock
{
    private readonly Lock _lock = new();
    private readonly HashSet<OpenFile> _sharers = [];
    private OpenFile? _owner;

    /// <summary>Those who wait for it.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Takes the lock, turning one already held into the kind asked for; false when others hold it.</summary>
    public bool TryTake(OpenFile file, bool exclusive)
    {
        lock (_lock)
        {
            bool othersShare = _sharers.Count > (_sharers.Contains(file) ? 1 : 0);
            if ((_owner is not null && _owner != file) || (exclusive && othersShare))
                return false;
            _owner = exclusive ? file : null;
            if (exclusive)
                _ = _sharers.Remove(file);
            else
                _ = _sharers.Add(file);
        }
        Queue.Wake();
        return true;
    }

    /// <summary>Gives the lock up, when held.</summary>
    public void Release(OpenFile file)
    {
        lock (_lock)
        {
            if (_owner == file)
                _owner = null;
            _ = _sharers.Remove(file);
        }
        Queue.Wake();
    }
}
