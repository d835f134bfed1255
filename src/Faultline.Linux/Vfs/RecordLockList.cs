using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;

namespace Faultline.Linux.Vfs;

/// <summary>
/// The record locks of one file (Linux's file_lock_context). The sum of the guests' locks is also held on the host's file, by a handle of its own, so that programs of
/// the host and guests see each other's.
/// </summary>
/// <remarks>Guarded by <see cref="RecordLockTable"/>.</remarks>
internal sealed class RecordLockList(IHostFiles? hostFiles, int hostHandle)
{
    private readonly List<RecordLock> _locks = [];

    /// <summary>Whether nobody holds a lock here.</summary>
    public bool IsEmpty => _locks.Count == 0;

    /// <summary>How many there are.</summary>
    public int Count => _locks.Count;

    /// <summary>The first lock of a guest that stands in the way, or null.</summary>
    public RecordLock? Conflict(object owner, long start, long end, bool isWrite) => _locks.Find(held => held.Conflicts(owner, start, end, isWrite));

    /// <summary>A lock of a program of the host that stands in the way, or null.</summary>
    public RecordLock? HostConflict(long start, long end, bool isWrite)
    {
        if (hostFiles is null)
            return null;
        Flock query = Request(isWrite ? FcntlCommands.F_WRLCK : FcntlCommands.F_RDLCK, start, end);
        if (hostFiles.QueryLock(hostHandle, ref query) < 0 || query.l_type == FcntlCommands.F_UNLCK)
            return null;
        long last = query.l_len == 0 ? long.MaxValue : query.l_start + query.l_len - 1;
        return new RecordLock(this, query.l_pid, query.l_start, last, query.l_type == FcntlCommands.F_WRLCK);
    }

    /// <summary>Takes a lock that no guest's stands in the way of; it replaces what the owner held in the range.</summary>
    /// <returns>0, or the host's errno: -EAGAIN when one of its programs holds the range.</returns>
    public int Take(RecordLock wanted)
    {
        if (hostFiles is not null)
        {
            // Nobody else holds a byte of the range exclusively, nor any when this is to be exclusive: the sum over the range is what is wanted.
            int result = hostFiles.LockRange(hostHandle, Request(wanted.IsWrite ? FcntlCommands.F_WRLCK : FcntlCommands.F_RDLCK, wanted.Start, wanted.End));
            if (result < 0)
                return result;
        }
        Cut(wanted.Owner, wanted.Start, wanted.End);
        _locks.Add(wanted);
        Join(wanted);
        return 0;
    }

    /// <summary>Gives up what an owner holds in a range.</summary>
    public void Release(object owner, long start, long end)
    {
        Cut(owner, start, end);
        if (hostFiles is null)
            return;
        // The host's lock goes where no other guest shares it.
        List<RecordLock> others = _locks.FindAll(held => held.Overlaps(start, end));
        others.Sort((a, b) => a.Start.CompareTo(b.Start));
        long next = start;
        foreach (RecordLock held in others)
        {
            if (held.Start > next)
                _ = hostFiles.LockRange(hostHandle, Request(FcntlCommands.F_UNLCK, next, held.Start - 1));
            if (held.End == long.MaxValue)
                return;
            next = Math.Max(next, held.End + 1);
        }
        if (next <= end)
            _ = hostFiles.LockRange(hostHandle, Request(FcntlCommands.F_UNLCK, next, end));
    }

    /// <summary>Nobody holds a lock any more: the host's handle goes.</summary>
    public void Close()
    {
        if (hostFiles is not null)
            _ = hostFiles.Close(hostHandle);
    }

    /// <summary>Takes a range out of an owner's locks: what reaches beyond it stays.</summary>
    private void Cut(object owner, long start, long end)
    {
        for (int i = _locks.Count - 1; i >= 0; i--)
        {
            RecordLock held = _locks[i];
            if (!ReferenceEquals(held.Owner, owner) || !held.Overlaps(start, end))
                continue;
            _locks.RemoveAt(i);
            if (held.Start < start)
                _locks.Add(held with { End = start - 1 });
            if (held.End > end)
                _locks.Add(held with { Start = end + 1 });
        }
    }

    /// <summary>Makes one lock of an owner's neighbours of the same kind, so that F_GETLK shows the whole and the list stays short.</summary>
    private void Join(RecordLock added)
    {
        for (int i = _locks.Count - 1; i >= 0; i--)
        {
            RecordLock held = _locks[i];
            if (ReferenceEquals(held, added) || !ReferenceEquals(held.Owner, added.Owner) || held.IsWrite != added.IsWrite)
                continue;
            bool touches = (held.End != long.MaxValue && held.End + 1 == added.Start) || (added.End != long.MaxValue && added.End + 1 == held.Start);
            if (!touches)
                continue;
            RecordLock joined = added with { Start = Math.Min(held.Start, added.Start), End = Math.Max(held.End, added.End) };
            _ = _locks.Remove(added);
            _ = _locks.Remove(held);
            _locks.Add(joined);
            added = joined;
            i = _locks.Count;
        }
    }

    private static Flock Request(short type, long start, long end) => new()
    {
        l_type = type,
        l_start = start,
        l_len = end == long.MaxValue ? 0 : end - start + 1,
    };
}
