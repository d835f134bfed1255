using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;

namespace Faultline.Linux.Vfs;

/// <summary>The record locks of all files of a tree, and who waits for whom (fs/locks.c).</summary>
internal sealed class RecordLockTable
{
    /// <summary>Locks on one file beyond which there are none left (ENOLCK).</summary>
    private const int MostLocks = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), RecordLockList> _files = [];
    private readonly Dictionary<object, object> _waits = new(ReferenceEqualityComparer.Instance);

    /// <summary>Rings whenever a lock is given up.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>What stands in the way of a request, or null.</summary>
    public RecordLock? Test(OpenFile file, object owner, long start, long end, bool isWrite)
    {
        if (file.Stat(out FileStatus status) < 0)
            return null;
        lock (_lock)
        {
            if (_files.TryGetValue(Key(status), out RecordLockList? list))
                return list.Conflict(owner, start, end, isWrite) ?? list.HostConflict(start, end, isWrite);
            list = Make(file, isWrite);
            RecordLock? conflict = list.HostConflict(start, end, isWrite);
            list.Close();
            return conflict;
        }
    }

    /// <summary>Takes a lock.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wanted">The lock.</param>
    /// <param name="detects">The owner is about to wait: -EDEADLK when that would never end.</param>
    /// <param name="blocker">With -EAGAIN the guest's lock that stands in the way; null for one of the host's.</param>
    /// <returns>0, -EAGAIN, -EDEADLK, -ENOLCK, or an errno of the file's.</returns>
    public int Take(OpenFile file, RecordLock wanted, bool detects, out RecordLock? blocker)
    {
        blocker = null;
        int result = file.Stat(out FileStatus status);
        if (result < 0)
            return result;
        lock (_lock)
        {
            _ = _waits.Remove(wanted.Owner);
            if (!_files.TryGetValue(Key(status), out RecordLockList? list))
                list = _files[Key(status)] = Make(file, wanted.IsWrite);
            blocker = list.Conflict(wanted.Owner, wanted.Start, wanted.End, wanted.IsWrite);
            if (blocker is not null)
            {
                if (detects)
                {
                    if (WaitsFor(blocker.Owner, wanted.Owner))
                        return -Errno.EDEADLK;
                    _waits[wanted.Owner] = blocker.Owner;
                }
                return -Errno.EAGAIN;
            }
            result = list.Count >= MostLocks ? -Errno.ENOLCK : list.Take(wanted);
            DropEmpty(Key(status), list);
        }
        // A lock that became shared, or shorter, may be what others wait for.
        Queue.Wake();
        return result is -Errno.EACCES ? -Errno.EAGAIN : result;
    }

    /// <summary>A wait for a lock ended without it.</summary>
    public void StopWaiting(object owner)
    {
        lock (_lock)
            _ = _waits.Remove(owner);
    }

    /// <summary>Gives up what an owner holds of a file, or of a range of it.</summary>
    public void Release(OpenFile file, object owner, long start = 0, long end = long.MaxValue)
    {
        if (file.Stat(out FileStatus status) < 0)
            return;
        lock (_lock)
        {
            if (!_files.TryGetValue(Key(status), out RecordLockList? list))
                return;
            list.Release(owner, start, end);
            DropEmpty(Key(status), list);
        }
        Queue.Wake();
    }

    private void DropEmpty((uint Major, uint Minor, ulong Inode) key, RecordLockList list)
    {
        if (!list.IsEmpty)
            return;
        _ = _files.Remove(key);
        list.Close();
    }

    private bool WaitsFor(object waiter, object target)
    {
        // As long as the chain is: nobody waits for two, and cycles never come to be.
        while (!ReferenceEquals(waiter, target))
        {
            if (!_waits.TryGetValue(waiter, out object? next))
                return false;
            waiter = next;
        }
        return true;
    }

    private static (uint Major, uint Minor, ulong Inode) Key(in FileStatus status) => (status.DeviceMajor, status.DeviceMinor, status.Inode);

    private static RecordLockList Make(OpenFile file, bool writes)
    {
        if (file is not HostFile { CanPoll: false } host)
            return new RecordLockList(null, -1);
        int handle = host.FileSystem.Files.Reopen(host.Handle, OpenFlags.O_RDWR);
        if (handle < 0)
            handle = host.FileSystem.Files.Reopen(host.Handle, writes ? OpenFlags.O_WRONLY : OpenFlags.O_RDONLY);
        return handle < 0 ? new RecordLockList(null, -1) : new RecordLockList(host.FileSystem.Files, handle);
    }
}
