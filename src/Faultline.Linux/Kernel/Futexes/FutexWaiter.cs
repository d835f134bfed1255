namespace Faultline.Linux.Kernel.Futexes;

/// <summary>A thread that waits for one futex, alone or as one of several (struct futex_q). Guarded by the lock of its bucket.</summary>
internal sealed class FutexWaiter
{
    /// <summary>Who.</summary>
    public required Task Task { get; init; }

    /// <summary>For what; changed when it is requeued.</summary>
    public required FutexKey Key { get; set; }

    /// <summary>Which wakes it takes.</summary>
    public uint Bits { get; init; } = uint.MaxValue;

    /// <summary>It waits to own a lock with priority inheritance.</summary>
    public bool IsLock { get; set; }

    /// <summary>Where its thread sees the word of the lock with priority inheritance that it waits for, or is to be moved to.</summary>
    public ulong LockAddress { get; init; }

    /// <summary>It waits in FUTEX_WAIT_REQUEUE_PI for this lock.</summary>
    public FutexKey? Lock { get; init; }

    /// <summary>It has been woken, and is in no queue any more.</summary>
    public volatile bool IsWoken;

    /// <summary>It was moved to another futex.</summary>
    public volatile bool WasRequeued;
}
