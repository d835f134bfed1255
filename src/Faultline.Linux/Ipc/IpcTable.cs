using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Ipc;

/// <summary>All System V objects of one kind (ipc_ids).</summary>
/// <param name="most">How many there may be.</param>
internal sealed class IpcTable<T>(int most)
    where T : IpcObject
{
    private readonly SortedDictionary<int, T> _objects = [];
    private int _lastIndex = -1;
    private int _sequence;

    /// <summary>Guards the table and the objects in it.</summary>
    public Lock Lock { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count => _objects.Count;

    /// <summary>The objects by place.</summary>
    public IEnumerable<T> Objects => _objects.Values;

    /// <summary>The highest place in use, or 0.</summary>
    public int HighestIndex
    {
        get
        {
            int highest = 0;
            foreach (int index in _objects.Keys)
                highest = index;
            return highest;
        }
    }

    /// <summary>Finds or makes an object as the three get calls do (ipcget).</summary>
    /// <param name="task">The caller.</param>
    /// <param name="key">IPC_PRIVATE always makes one.</param>
    /// <param name="flags">IPC_CREAT, IPC_EXCL and permissions.</param>
    /// <param name="check">Says whether one that exists is large enough.</param>
    /// <param name="make">Makes one; null with an errno.</param>
    /// <returns>The id or a negative errno.</returns>
    public int Get(Task task, int key, int flags, Func<T, int> check, Func<(T? Made, int Error)> make)
    {
        lock (Lock)
        {
            if (key != 0)
            {
                foreach (T present in _objects.Values)
                {
                    if (present.Key != key)
                        continue;
                    if ((flags & (IpcLimits.IPC_CREAT | IpcLimits.IPC_EXCL)) == (IpcLimits.IPC_CREAT | IpcLimits.IPC_EXCL))
                        return -Errno.EEXIST;
                    int error = check(present);
                    error = error == 0 ? present.Check(task, (uint)flags & 0x1FF) : error;
                    return error == 0 ? present.Id : error;
                }
                if ((flags & IpcLimits.IPC_CREAT) == 0)
                    return -Errno.ENOENT;
            }
            (T? made, int refusal) = make();
            if (made is null)
                return refusal;
            if (_objects.Count >= most)
                return -Errno.ENOSPC;
            Credentials who = task.Credentials;
            (made.Key, made.Mode, made.ChangeTime) = (key, (uint)flags & 0x1FF, task.Host.Clock.Realtime / 1_000_000_000);
            made.UserId = made.CreatorUserId = who.Euid;
            made.GroupId = made.CreatorGroupId = who.Egid;
            return Add(made);
        }
    }

    /// <summary>The object of an id, with the lock held: -EINVAL when there is none, -EIDRM when the place has another.</summary>
    public int Find(int id, out T? found)
    {
        found = null;
        if (id < 0 || !_objects.TryGetValue(id & ((1 << IpcLimits.IndexBits) - 1), out T? candidate))
            return -Errno.EINVAL;
        if (candidate.Id != id)
            return -Errno.EIDRM;
        found = candidate;
        return 0;
    }

    /// <summary>The object at a place (SHM_STAT and the like), with the lock held.</summary>
    public T? At(int index) => _objects.GetValueOrDefault(index);

    /// <summary>Takes an object out, with the lock held.</summary>
    public void Remove(T item)
    {
        _ = _objects.Remove(item.Id & ((1 << IpcLimits.IndexBits) - 1));
        item.IsRemoved = true;
    }

    /// <summary>Places are given out in a circle, so that an old id is not soon valid again; each round of the circle counts (ipc_idr_alloc).</summary>
    private int Add(T item)
    {
        int index = 0;
        while (_objects.ContainsKey(index))
            index++;
        if (index <= _lastIndex)
            _sequence = (_sequence + 1) & 0xFFFF;
        _lastIndex = index;
        item.Id = (_sequence << IpcLimits.IndexBits) | index;
        _objects.Add(index, item);
        return item.Id;
    }
}
