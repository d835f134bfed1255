using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;

namespace Faultline.Linux.Kernel.Futexes;

// Locks with priority inheritance (kernel/futex/pi.c): the word has the owner's thread id. All threads have one priority here, so a lock goes to who waits longest.
internal sealed unsafe partial class FutexTable
{
    /// <summary>FUTEX_LOCK_PI and FUTEX_TRYLOCK_PI.</summary>
    /// <returns>0 when the lock is the thread's; -EDEADLK, -EAGAIN, -ESRCH, -EFAULT, -ETIMEDOUT, or -EINTR for a signal.</returns>
    public int LockPi(Task task, ulong address, bool isPrivate, long deadline, bool tryOnly)
    {
        FutexWaiter waiter = new() { Task = task, Key = FutexKey.Of(task.Memory, address, isPrivate), IsLock = true };
        Bucket bucket = BucketOf(waiter.Key);
        lock (bucket.Lock)
        {
            int result = Acquire(bucket, waiter, address, mayWait: !tryOnly);
            if (result != -Errno.EINPROGRESS)
                return result;
            bucket.Announce();
            bucket.Waiters.Add(waiter);
        }
        return Sleep(waiter, deadline);
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
            HandOver(bucket, key, word, 0);
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
        };
        int error = Queue(waiter, address, expected);
        if (error != 0)
            return error;
        int result = Sleep(waiter, deadline);
        // A signal before it was moved makes the C library look again.
        return result == -Errno.EINTR && !waiter.WasRequeued ? -Errno.EWOULDBLOCK : result;
    }

    /// <summary>FUTEX_CMP_REQUEUE_PI: gives the lock to the first waiter if it is free, and lets the others wait for it.</summary>
    public int RequeuePi(Task task, ulong from, ulong to, bool isPrivate, int move, uint expected)
    {
        FutexKey source = FutexKey.Of(task.Memory, from, isPrivate), target = FutexKey.Of(task.Memory, to, isPrivate);
        if (source == target)
            return -Errno.EINVAL;
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
            int result = Acquire(both.Second, waiter, to, mayWait: true);
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
                Bucket bucket = BucketOf(ownKey);
                lock (bucket.Lock)
                    HandOver(bucket, ownKey, word, Futex.FUTEX_OWNER_DIED);
                return;
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
    private int Acquire(Bucket bucket, FutexWaiter waiter, ulong address, bool mayWait)
    {
        Task task = waiter.Task;
        FutexKey key = waiter.Lock ?? waiter.Key;
        uint* word = WordOf(task, address);
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
                if (task.Kernel.FindTask((int)owner) is null)
                    return -Errno.ESRCH;
                next = old | Futex.FUTEX_WAITERS;
            }
            if (Interlocked.CompareExchange(ref *word, next, old) == old)
                return owner == 0 ? 0 : -Errno.EINPROGRESS;
        }
    }

    /// <summary>Gives a lock that its owner lets go of to the next, or to nobody.</summary>
    private static void HandOver(Bucket bucket, FutexKey key, uint* word, uint mark)
    {
        int next = bucket.Waiters.FindIndex(waiter => waiter.Key == key && waiter.IsLock);
        if (next < 0)
        {
            Volatile.Write(ref *word, mark);
            return;
        }
        FutexWaiter heir = bucket.Waiters[next];
        bucket.RemoveAt(next);
        bool others = bucket.Waiters.Exists(waiter => waiter.Key == key && waiter.IsLock);
        Volatile.Write(ref *word, (uint)heir.Task.Tid | mark | (others ? Futex.FUTEX_WAITERS : 0));
        WakeUp(heir);
    }
}
