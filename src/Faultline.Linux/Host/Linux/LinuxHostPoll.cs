namespace Faultline.Linux.Host.Linux;

/// <summary>Waiting by ppoll(2).</summary>
internal sealed unsafe class LinuxHostPoll : IHostPoll
{
    /// <summary>Data can be read.</summary>
    public const short POLLIN = 1;

    /// <inheritdoc/>
    public int Wait(Span<HostPollItem> items, long timeout)
    {
        HostTime time = HostTime.From(Math.Max(timeout, 0));
        fixed (HostPollItem* p = items)
            return Libc.Result(Libc.ppoll(p, (nuint)items.Length, timeout < 0 ? null : &time, null));
    }

    /// <inheritdoc/>
    public IHostWaker CreateWaker() => new LinuxHostWaker();
}
