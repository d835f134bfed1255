namespace Faultline.Linux.Host;

/// <summary>Waiting for host handles and for other host threads.</summary>
internal interface IHostPoll
{
    /// <summary>Waits until an item is ready.</summary>
    /// <param name="items">Handles and events wanted (POLL bits); results are written to <see cref="HostPollItem.Returned"/>.</param>
    /// <param name="timeout">Nanoseconds; 0 looks only, negative waits without end.</param>
    /// <returns>How many items are ready, 0 after the timeout, or a negative errno (-EINTR when a host signal came in between).</returns>
    int Wait(Span<HostPollItem> items, long timeout);

    /// <summary>Makes something another host thread can wake a waiter with.</summary>
    IHostWaker CreateWaker();
}
