namespace Faultline.Linux.Kernel.Timers;

/// <summary>Something a <see cref="TimerQueue"/> calls back.</summary>
internal abstract class QueuedTimer
{
    /// <summary>Changed whenever the timer is set or cancelled; the queue's own.</summary>
    public int Generation { get; set; }

    /// <summary>Called on the queue's thread at the time set.</summary>
    public abstract void Expire();
}
