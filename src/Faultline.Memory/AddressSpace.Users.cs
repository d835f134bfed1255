namespace Faultline.Memory;

// Several threads in one address space: what one takes away, the others must have let go of.
internal sealed unsafe partial class AddressSpace
{
    private readonly Queue<RetiredPages> _retired = new();
    private AddressSpaceUser[] _users = [];
    private RetiredPages? _retiring;

    /// <summary>Whether more than one thread runs here.</summary>
    public bool IsShared => Volatile.Read(ref _users).Length > 1;

    /// <summary>A thread begins to use the address space.</summary>
    public void Join(AddressSpaceUser user)
    {
        lock (_lock)
            Volatile.Write(ref _users, [.. _users, user]);
    }

    /// <summary>A thread will not use it any more.</summary>
    public void Leave(AddressSpaceUser user)
    {
        lock (_lock)
        {
            Volatile.Write(ref _users, Array.FindAll(_users, other => other != user));
            if (_users.Length <= 1)
                _changing.Clear();
            Settle();
        }
    }

    /// <summary>Waits until no other thread can still use what it looked up in the flat tables before. Not to be called with the lock held.</summary>
    private void WaitForOthers()
    {
        AddressSpaceUser[] users = Volatile.Read(ref _users);
        if (users.Length <= 1)
            return;
        // Changes that are made meanwhile are for those who make them to wait for.
        long last;
        lock (_lock)
            last = _changes;
        AddressSpaceUser.WaitForAll(users);
        lock (_lock)
            SettleChanges(last);
    }

    /// <summary>The end of a change that took something away: waits for the others, then frees what no one can hold any more.</summary>
    private void FinishChange()
    {
        if (_users.Length <= 1 && _retired.Count == 0)
            return;
        WaitForOthers();
        lock (_lock)
            Settle();
    }

    /// <summary>Where frames, sources and homes that a change frees are put while other threads may hold them; null when they can be freed at once.</summary>
    private RetiredPages? Retiring
    {
        get
        {
            if (_users.Length <= 1)
                return null;
            if (_retiring is null)
            {
                _retiring = new RetiredPages();
                _retired.Enqueue(_retiring);
            }
            return _retiring;
        }
    }

    /// <summary>Frees what every thread has let go of since it was taken away.</summary>
    private void Settle()
    {
        _retiring?.Close(_users);
        _retiring = null;
        while (_retired.TryPeek(out RetiredPages? oldest) && (_users.Length <= 1 || oldest.IsFree))
        {
            _retired.Dequeue();
            foreach (nuint entry in oldest.Entries)
                ReleaseFrame(entry);
            foreach (IPageSource source in oldest.Sources)
                source.Release();
            foreach ((ulong page, ulong count) in oldest.Homes)
                _homes?.Retire(page, count);
        }
    }

    private void Release(nuint entry)
    {
        if (Retiring is { } retiring)
            retiring.Entries.Add(entry);
        else
            ReleaseFrame(entry);
    }

    private void Release(IPageSource? source)
    {
        if (source is null)
            return;
        if (Retiring is { } retiring)
            retiring.Sources.Add(source);
        else
            source.Release();
    }
}
