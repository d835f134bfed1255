namespace Faultline.Linux.Host;

/// <summary>
/// A latch that one host thread sleeps on: <see cref="Wake"/> from any thread ends its sleep, and stays in force until <see cref="Reset"/>. It is slept on alone by
/// <see cref="Sleep"/>, or together with host handles by <see cref="IHostPoll.Wait"/> between <see cref="BeginPoll"/> and <see cref="EndPoll"/>.
/// </summary>
internal interface IHostWaker : IDisposable
{
    /// <summary>Becomes readable when woken while a poll is on.</summary>
    int Handle { get; }

    /// <summary>Whether it has been woken since the last <see cref="Reset"/>: whoever sleeps on it does not any more, though the host may not have given its thread time yet.</summary>
    bool IsWoken { get; }

    /// <summary>Wakes the waiter, or the next to wait.</summary>
    void Wake();

    /// <summary>Takes back earlier wakes.</summary>
    void Reset();

    /// <summary>Sleeps until woken.</summary>
    /// <param name="timeout">Nanoseconds; negative for no end.</param>
    /// <returns>False after the timeout.</returns>
    bool Sleep(long timeout);

    /// <summary>The calling thread is about to wait for <see cref="Handle"/>.</summary>
    /// <returns>False when it was woken already and must not wait.</returns>
    bool BeginPoll();

    /// <summary>The wait is over.</summary>
    void EndPoll();
}
