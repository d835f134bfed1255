using Faultline.Linux.Host;

namespace Faultline.Linux.Vfs;

/// <summary>Whoever sleeps in a blocking call: a guest thread.</summary>
internal interface IWaiter
{
    /// <summary>The host it sleeps on.</summary>
    IHost Host { get; }

    /// <summary>
    /// Ends its sleep: woken by the files waited for, and by whoever sends it a signal. Made when first asked for.
    /// </summary>
    IHostWaker Waker { get; }

    /// <summary>A signal to act on is pending, or the thread is being ended: a sleep gives up (signal_pending).</summary>
    bool IsInterrupted { get; }

    /// <summary>The thread goes to sleep: it holds no pointer or span of guest memory, which may be taken away meanwhile.</summary>
    void FallAsleep();

    /// <summary>It is awake again.</summary>
    void WakeUp();
}
