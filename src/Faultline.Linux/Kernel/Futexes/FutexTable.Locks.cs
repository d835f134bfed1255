using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;

namespace Faultline.Linux.Kernel.Futexes;

// Locks with priority inheritance (kernel/futex/pi.c): the word has the owner's thread id. All threads have one priority here, so a lock goes to who waits longest.
internal sealed unsafe partial class FutexTable
{
    /// <summary>Longest row of owners that wait for each other that is followed (max_lock_depth).</summary>
    private const int MaxChain = 1024;

    /// <summary>Guards <see cref="Task.LockWaiter"/> of all threads; taken before any bucket's. Only those take it who have to wait.</summary>
    private readonly Lock _chains = new();

    /// <summary>Whether anybody ever waited for a lock, so that ends of threads need to look.</summary>
    private volatile bool _hasLocks;

    /// <summary>FUTEX_LOCK_PI and FUTEX_TRYLOCK_PI.</summary>
    /// <returns>0 when the lock is the thread's; -EDEADLK, -EAGAIN, -ESRCH, -EFAULT, -ETIMEDOUT, or -EINTR for a signal.</returns>
    public int LockPi(Task task, ulong address, bool isPrivate, long deadline, bool tryOnly)
    {
        FutexWaiter waiter = new() { Task = task, Key = FutexKey.Of(task.Memory, address, isPrivate), IsLock = true, LockAddress = address };
        Bucket bucket = BucketOf(waiter.Key);
        _hasLocks = true;
        lock (_chains)
        {
            lock (bucket.Lock)
            {
                int result = Acquire(bucket, waiter, mayWait: !tryOnly);
                if (result != -Errno.EINPROGRESS)
                    return result;
                if (IsInRing(waiter))
                    return -Errno.EDEADLK;
                bucket.Announce();
                bucket.Waiters.Add(waiter);
                task.LockWaiter = waiter;
            }
        }
        return SleepForLock(waiter, deadline);
    }

    /// <summary>FUTEX_UNLOCK_PI: hands the lock to who waits longest.</summary>
    public int UnlockPi(Task task, ulong address, bool isPrivate)
    {
        FutexKey key = FutexKey.Of(task.Memory, address, isPrivate);
        Bucket bucket = BucketOf(key);
        lock (bucket.Lock)
        {
            uint* word = WordOf(task, address);
            if (word is null)
                return -Errno.EFAULT;
            if ((Volatile.Read(ref *word) & Futex.FUTEX_TID_MASK) != (uint)task.Tid)
                return -Errno.EPERM;
            if (!HandOver(bucket, key, word, 0))
                Volatile.Write(ref *word, 0);
            return 0;
        }
    }

    /// <summary>FUTEX_WAIT_REQUEUE_PI: waits for a word, and then, where FUTEX_CMP_REQUEUE_PI moves it, for a lock.</summary>
    public int WaitRequeuePi(Task task, ulong address, ulong lockAddress, bool isPrivate, uint expected, uint bits, long deadline)
    {
        if (address == lockAddress)
            return -Errno.EINVAL;
        FutexWaiter waiter = new()
        {
            Task = task,
            Key = FutexKey.Of(task.Memory, address, isPrivate),
            Bits = bits,
            Lock = FutexKey.Of(task.Memory, lockAddress, isPrivate),
            LockAddress = lockAddress,
        };
        _hasLocks = true;
        int error = Queue(waiter, address, expected);
        if (error != 0)
            return error;
        int result = SleepForLock(waiter, deadline);
        // A signal before it was moved makes the C library look again.
        return result == -Errno.EINTR && !waiter.WasRequeued ? -Errno.EWOULDBLOCK : result;
    }

    /// <summary>FUTEX_CMP_REQUEUE_PI: gives the lock to the first waiter if it is free, and lets the others wait for it.</summary>
    public int RequeuePi(Task task, ulong from, ulong to, bool isPrivate, int move, uint expected)
    {
        FutexKey source = FutexKey.Of(task.Memory, from, isPrivate), target = FutexKey.Of(task.Memory, to, isPrivate);
        if (source == target)
            return -Errno.EINVAL;
        lock (_chains)
            return RequeuePi(task, from, source, target, move, expected);
    }

    private int RequeuePi(Task task, ulong from, FutexKey source, FutexKey target, int move, uint expected)
    {
        using Both both = new(BucketOf(source), BucketOf(target));
        if (!task.Memory.TryRead(from, out uint value))
            return -Errno.EFAULT;
        if (value != expected)
            return -Errno.EAGAIN;
        int done = 0;
        for (int i = 0; i < both.First.Waiters.Count && done <= move;)
        {
            FutexWaiter waiter = both.First.Waiters[i];
            if (waiter.Key != source)
            {
                i++;
                continue;
            }
            if (waiter.Lock != target)
                return -Errno.EINVAL;
            int result = Acquire(both.Second, waiter, mayWait: true);
            if (result is not 0 and not -Errno.EINPROGRESS)
                return done > 0 ? done : result;
            both.First.RemoveAt(i);
            done++;
            if (result == 0)
            {
                WakeUp(waiter);
                continue;
            }
            waiter.Key = target;
            waiter.IsLock = true;
            waiter.WasRequeued = true;
            waiter.Task.LockWaiter = waiter;
            both.Second.Announce();
            both.Second.Waiters.Add(waiter);
        }
        return done;
    }

    /// <summary>A thread ends while it owns the word of a robust lock (handle_futex_death).</summary>
    public void Die(Task task, ulong address, bool isPi, bool isPending)
    {
        if ((address & 3) != 0)
            return;
        FutexKey key = FutexKey.Of(task.Memory, address, isPrivate: false);
        FutexKey ownKey = new(task.Memory.Space, address);
        uint* word = WordOf(task, address);
        if (word is null)
            return;
        uint old = Volatile.Read(ref *word);
        if (isPending && !isPi && old == 0)
        {
            // It had unlocked the word and not yet woken anyone.
            WakeOne(key, ownKey);
            return;
        }
        while ((old & Futex.FUTEX_TID_MASK) == (uint)task.Tid)
        {
            if (isPi)
            {
                // Who waits, waits for the word as a private or as a shared one.
                using Both both = new(BucketOf(key), BucketOf(ownKey));
                if (HandOver(both.First, key, word, Futex.FUTEX_OWNER_DIED) || HandOver(both.Second, ownKey, word, Futex.FUTEX_OWNER_DIED))
                    return;
                if (Interlocked.CompareExchange(ref *word, (old & Futex.FUTEX_WAITERS) | Futex.FUTEX_OWNER_DIED, old) == old)
                    return;
                old = Volatile.Read(ref *word);
                continue;
            }
            uint seen = Interlocked.CompareExchange(ref *word, (old & Futex.FUTEX_WAITERS) | Futex.FUTEX_OWNER_DIED, old);
            if (seen == old)
            {
                if ((old & Futex.FUTEX_WAITERS) != 0)
                    WakeOne(key, ownKey);
                return;
            }
            old = seen;
        }
    }

    /// <summary>
    /// A thread owns no locks any more, because it ends or replaces its program: those that others wait for go to them, robust or not (exit_pi_state_list). Its
    /// <see cref="Task.HasLeftLocks"/> is set, so that nobody comes to wait for it afterwards.
    /// </summary>
    public void LeaveLocks(Task task)
    {
        Interlocked.MemoryBarrier();
        if (!_hasLocks)
            return;
        foreach (Bucket bucket in _buckets)
        {
            if (bucket.IsEmpty)
                continue;
            lock (bucket.Lock)
            {
                for (int i = 0; i < bucket.Waiters.Count;)
                {
                    FutexWaiter waiter = bucket.Waiters[i];
                    uint* word = waiter.IsLock && waiter.Task != task ? WordOf(waiter.Task, waiter.LockAddress) : null;
                    bool isLeft = word is not null && (Volatile.Read(ref *word) & Futex.FUTEX_TID_MASK) == (uint)task.Tid;
                    i = isLeft && HandOver(bucket, waiter.Key, word, Futex.FUTEX_OWNER_DIED) ? 0 : i + 1;
                }
            }
        }
    }

    private int SleepForLock(FutexWaiter waiter, long deadline)
    {
        int result = Sleep(waiter, deadline);
        lock (_chains)
            waiter.Task.LockWaiter = null;
        return result;
    }

    /// <summary>Whether the owner of the lock that a thread is to wait for waits, over any number of others, for that thread (rt_mutex_adjust_prio_chain). With <see cref="_chains"/> held.</summary>
    private static bool IsInRing(FutexWaiter first)
    {
        FutexWaiter? waiter = first;
        for (int i = 0; i < MaxChain && waiter is not null; i++)
        {
            // The word may be another process's: that cannot end before its thread has taken itself off the chain.
            uint* word = WordOf(waiter.Task, waiter.LockAddress);
            uint owner = word is null ? 0 : Volatile.Read(ref *word) & Futex.FUTEX_TID_MASK;
            if (owner == (uint)first.Task.Tid)
                return true;
            waiter = first.Task.Kernel.FindTask((int)owner)?.LockWaiter;
        }
        return false;
    }

    /// <summary>Waiters of a robust lock that is private wait under another key than those of a shared one, and the list does not say which it is.</summary>
    private void WakeOne(FutexKey key, FutexKey other)
    {
        int woken = 0;
        Bucket bucket = BucketOf(key);
        lock (bucket.Lock)
            woken = WakeLocked(bucket, key, 1, uint.MaxValue);
        if (woken != 0 || key == other)
            return;
        bucket = BucketOf(other);
        lock (bucket.Lock)
            _ = WakeLocked(bucket, other, 1, uint.MaxValue);
    }

    /// <summary>Takes a lock for a thread, or marks it as waited for. With the lock of its bucket held.</summary>
    /// <returns>0, -EINPROGRESS when the thread has to wait, or another errno.</returns>
    private static int Acquire(Bucket bucket, FutexWaiter waiter, bool mayWait)
    {
        Task task = waiter.Task;
        FutexKey key = waiter.Lock ?? waiter.Key;
        uint* word = WordOf(task, waiter.LockAddress);
        if (word is null)
            return -Errno.EFAULT;
        while (true)
        {
            uint old = Volatile.Read(ref *word);
            uint owner = old & Futex.FUTEX_TID_MASK;
            if (owner == (uint)task.Tid)
                return -Errno.EDEADLK;
            uint next;
            if (owner == 0)
            {
                bool others = bucket.Waiters.Exists(other => other.Key == key && other.IsLock);
                next = (uint)task.Tid | (old & Futex.FUTEX_OWNER_DIED) | (others ? Futex.FUTEX_WAITERS : 0);
            }
            else
            {
                if (!mayWait)
                    return -Errno.EAGAIN;
                if (task.Kernel.FindTask((int)owner) is not { HasLeftLocks: false })
                    return -Errno.ESRCH;
                next = old | Futex.FUTEX_WAITERS;
            }
            if (Interlocked.CompareExchange(ref *word, next, old) == old)
                return owner == 0 ? 0 : -Errno.EINPROGRESS;
        }
    }

    /// <summary>Gives a lock that its owner lets go of to the next; false when nobody waits. The word says that others wait even when none do (fixup_pi_state_owner).</summary>
    private static bool HandOver(Bucket bucket, FutexKey key, uint* word, uint mark)
    {
        int next = bucket.Waiters.FindIndex(waiter => waiter.Key == key && waiter.IsLock);
        if (next < 0)
            return false;
        FutexWaiter heir = bucket.Waiters[next];
        bucket.RemoveAt(next);
        Volatile.Write(ref *word, (uint)heir.Task.Tid | mark | Futex.FUTEX_WAITERS);
        WakeUp(heir);
        return true;
    }
}
