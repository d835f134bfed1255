namespace Faultline.Linux.Host;

/// <summary>
/// A latch that a waiting host thread includes in its <see cref="IHostPoll.Wait"/>: <see cref="Wake"/> from any thread ends the wait, and
/// stays in force until <see cref="Reset"/>.
/// </summary>
internal interface IHostWaker : IDisposable
{
    /// <summary>Becomes readable when woken.</summary>
    int Handle { get; }

    /// <summary>Wakes the waiter, or the next to wait.</summary>
    void Wake();

    /// <summary>Takes back earlier wakes.</summary>
    void Reset();
}
