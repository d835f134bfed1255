using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Memory;

namespace Faultline.Linux.Kernel.Futexes;

/// <summary>Those who wait for futexes, in all processes (kernel/futex).</summary>
/// <remarks>
/// Lock order: a bucket, then memory. A word is read under the lock of its bucket, so that nobody who changes it and then wakes is missed. Two buckets are taken in the order
/// of their numbers.
/// </remarks>
internal sealed unsafe partial class FutexTable
{
    private const int Buckets = 256;
    private readonly Bucket[] _buckets = new Bucket[Buckets];

    /// <summary>Makes an empty table.</summary>
    public FutexTable()
    {
        for (int i = 0; i < Buckets; i++)
            _buckets[i] = new Bucket(i);
    }

    /// <summary>Waits while a word has a value.</summary>
    /// <param name="task">Who waits.</param>
    /// <param name="address">The word.</param>
    /// <param name="isPrivate">FUTEX_PRIVATE_FLAG.</param>
    /// <param name="expected">The value.</param>
    /// <param name="bits">Which wakes count.</param>
    /// <param name="deadline">On the monotonic clock; <see cref="long.MaxValue"/> for none.</param>
    /// <returns>0, -EAGAIN, -ETIMEDOUT, -EFAULT, or -EINTR for a signal.</returns>
    public int Wait(Task task, ulong address, bool isPrivate, uint expected, uint bits, long deadline)
    {
        FutexWaiter waiter = new() { Task = task, Key = FutexKey.Of(task.Memory, address, isPrivate), Bits = bits };
        int error = Queue(waiter, address, expected);
        return error != 0 ? error : Sleep(waiter, deadline);
    }

    /// <summary>Waits while each of several words has its value (futex_waitv).</summary>
    /// <returns>The index of one that was woken, or a negative errno as <see cref="Wait"/>.</returns>
    public int WaitForAny(Task task, ReadOnlySpan<FutexWaitv> words, long deadline)
    {
        FutexWaiter[] waiters = new FutexWaiter[words.Length];
        int result = 0;
        for (int i = 0; i < words.Length && result == 0; i++)
        {
            bool isPrivate = (words[i].flags & Futex.FUTEX2_PRIVATE) != 0;
            FutexWaiter waiter = waiters[i] = new() { Task = task, Key = FutexKey.Of(task.Memory, words[i].uaddr, isPrivate) };
            result = Queue(waiter, words[i].uaddr, (uint)words[i].val);
            if (result != 0)
                waiters[i] = null!;
        }
        while (result == 0)
        {
            task.Waker.Reset();
            if (Array.Exists(waiters, waiter => waiter.IsWoken))
                break;
            if (task.IsInterrupted)
                result = -Errno.EINTR;
            else if (task.Sleep(deadline))
                result = -Errno.ETIMEDOUT;
        }
        int woken = -1;
        for (int i = waiters.Length - 1; i >= 0; i--)
        {
            if (waiters[i] is { } waiter && !Leave(waiter))
                woken = i;
        }
        return woken >= 0 ? woken : result;
    }

    /// <summary>Wakes waiters.</summary>
    /// <returns>How many.</returns>
    public int Wake(Task task, ulong address, bool isPrivate, int count, uint bits)
    {
        FutexKey key = FutexKey.Of(task.Memory, address, isPrivate);
        Bucket bucket = BucketOf(key);
        if (bucket.IsEmpty)
            return 0;
        lock (bucket.Lock)
            return WakeLocked(bucket, key, count, bits);
    }

    /// <summary>Wakes some waiters and moves others to a second word (FUTEX_REQUEUE, FUTEX_CMP_REQUEUE).</summary>
    /// <returns>How many were woken and moved, or a negative errno.</returns>
    public int Requeue(Task task, ulong from, ulong to, bool isFromPrivate, bool isToPrivate, int wake, int move, uint? expected)
    {
        FutexKey source = FutexKey.Of(task.Memory, from, isFromPrivate), target = FutexKey.Of(task.Memory, to, isToPrivate);
        using Both both = new(BucketOf(source), BucketOf(target));
        if (!task.Memory.TryRead(from, out uint value))
            return -Errno.EFAULT;
        if (expected is { } wanted && value != wanted)
            return -Errno.EAGAIN;
        int woken = WakeLocked(both.First, source, wake, uint.MaxValue);
        int moved = 0;
        for (int i = 0; i < both.First.Waiters.Count && moved < move;)
        {
            FutexWaiter waiter = both.First.Waiters[i];
            if (waiter.Key != source || waiter.IsLock || waiter.Lock is not null)
            {
                i++;
                continue;
            }
            moved++;
            if (source == target)
            {
                i++;
                continue;
            }
            both.First.RemoveAt(i);
            waiter.Key = target;
            waiter.WasRequeued = true;
            both.Second.Announce();
            both.Second.Waiters.Add(waiter);
        }
        return woken + moved;
    }

    /// <summary>Changes a second word, wakes waiters of the first, and those of the second if its old value compares (FUTEX_WAKE_OP).</summary>
    public int WakeOperation(Task task, ulong first, ulong second, bool isPrivate, int wakeFirst, int wakeSecond, uint operation)
    {
        FutexKey key = FutexKey.Of(task.Memory, first, isPrivate), other = FutexKey.Of(task.Memory, second, isPrivate);
        using Both both = new(BucketOf(key), BucketOf(other));
        int error = Operate(task, second, operation, out bool holds);
        if (error != 0)
            return error;
        int woken = WakeLocked(both.First, key, wakeFirst, uint.MaxValue);
        if (holds)
            woken += WakeLocked(both.Second, other, wakeSecond, uint.MaxValue);
        return woken;
    }

    /// <summary>Queues a waiter if its word has the value.</summary>
    private int Queue(FutexWaiter waiter, ulong address, uint expected)
    {
        Bucket bucket = BucketOf(waiter.Key);
        bucket.Announce();
        lock (bucket.Lock)
        {
            bool readable = waiter.Task.Memory.TryRead(address, out uint value);
            if (readable && value == expected)
            {
                bucket.Waiters.Add(waiter);
                return 0;
            }
            bucket.Withdraw();
            return readable ? -Errno.EAGAIN : -Errno.EFAULT;
        }
    }

    /// <summary>Sleeps as long as a waiter is queued.</summary>
    private int Sleep(FutexWaiter waiter, long deadline)
    {
        Task task = waiter.Task;
        while (true)
        {
            task.Waker.Reset();
            if (waiter.IsWoken)
                return 0;
            if (task.IsInterrupted)
                return Leave(waiter) ? -Errno.EINTR : 0;
            if (task.Sleep(deadline))
                return Leave(waiter) ? -Errno.ETIMEDOUT : 0;
        }
    }

    /// <summary>Takes a waiter out of its queue.</summary>
    /// <returns>False when it was woken before.</returns>
    private bool Leave(FutexWaiter waiter)
    {
        while (true)
        {
            FutexKey key = waiter.Key;
            Bucket bucket = BucketOf(key);
            lock (bucket.Lock)
            {
                // It may have been moved meanwhile.
                if (waiter.Key != key)
                    continue;
                if (waiter.IsWoken)
                    return false;
                bucket.Remove(waiter);
                return true;
            }
        }
    }

    private static int WakeLocked(Bucket bucket, in FutexKey key, int count, uint bits)
    {
        int woken = 0;
        for (int i = 0; i < bucket.Waiters.Count && woken < count;)
        {
            FutexWaiter waiter = bucket.Waiters[i];
            if (waiter.Key != key || waiter.IsLock || waiter.Lock is not null || (waiter.Bits & bits) == 0)
            {
                i++;
                continue;
            }
            bucket.RemoveAt(i);
            WakeUp(waiter);
            woken++;
        }
        return woken;
    }

    private static void WakeUp(FutexWaiter waiter)
    {
        // Its thread may end right after it sees that it was woken.
        Host.IHostWaker waker = waiter.Task.Waker;
        waiter.IsWoken = true;
        waker.Wake();
    }

    /// <summary>The word in host memory, for atomic access; null when it cannot be written.</summary>
    private static uint* WordOf(Task task, ulong address) => (uint*)task.Memory.Space.Resolve(address, MemoryAccess.Write, out _);

    private Bucket BucketOf(in FutexKey key) => _buckets[(uint)HashCode.Combine(key.Owner, key.Offset) % Buckets];

    /// <summary>Sign-extends 12 bits.</summary>
    private static int Extend(uint value) => (int)(value << 20) >> 20;

    private static int Operate(Task task, ulong address, uint operation, out bool holds)
    {
        holds = false;
        uint* word = WordOf(task, address);
        if (word is null)
            return -Errno.EFAULT;
        uint kind = (operation >> 28) & 7, compare = (operation >> 24) & 15;
        int argument = Extend((operation >> 12) & 0xFFF), against = Extend(operation & 0xFFF);
        if ((operation >> 28 & 8) != 0)
            argument = 1 << (argument & 31);
        if (kind > 4)
            return -Errno.ENOSYS;
        uint old, next;
        do
        {
            old = Volatile.Read(ref *word);
            next = kind switch
            {
                0 => (uint)argument,
                1 => old + (uint)argument,
                2 => old | (uint)argument,
                3 => old & ~(uint)argument,
                _ => old ^ (uint)argument,
            };
        }
        while (Interlocked.CompareExchange(ref *word, next, old) != old);
        int value = (int)old;
        switch (compare)
        {
            case 0: holds = value == against; break;
            case 1: holds = value != against; break;
            case 2: holds = value < against; break;
            case 3: holds = value <= against; break;
            case 4: holds = value > against; break;
            case 5: holds = value >= against; break;
            default: return -Errno.ENOSYS;
        }
        return 0;
    }

    /// <summary>The waiters for the words that share a hash value, in the order in which they came.</summary>
    private sealed class Bucket(int index)
    {
        /// <summary>
        /// How many wait, or are about to look at their word. Counted before the word is read, so that who changes the word and then finds none here has missed none.
        /// </summary>
        private int _count;

        public Lock Lock { get; } = new();

        public int Index { get; } = index;

        public List<FutexWaiter> Waiters { get; } = [];

        public bool IsEmpty
        {
            get
            {
                Interlocked.MemoryBarrier();
                return Volatile.Read(ref _count) == 0;
            }
        }

        public void Announce() => Interlocked.Increment(ref _count);

        public void Withdraw() => Interlocked.Decrement(ref _count);

        public void Remove(FutexWaiter waiter)
        {
            if (Waiters.Remove(waiter))
                Withdraw();
        }

        public void RemoveAt(int index)
        {
            Waiters.RemoveAt(index);
            Withdraw();
        }
    }

    /// <summary>Two buckets, locked.</summary>
    private readonly ref struct Both
    {
        private readonly bool _isSame;

        public Both(Bucket first, Bucket second)
        {
            First = first;
            Second = second;
            _isSame = first == second;
            (first.Index <= second.Index ? first : second).Lock.Enter();
            if (!_isSame)
                (first.Index <= second.Index ? second : first).Lock.Enter();
        }

        public Bucket First { get; }

        public Bucket Second { get; }

        public void Dispose()
        {
            First.Lock.Exit();
            if (!_isSame)
                Second.Lock.Exit();
        }
    }
}
