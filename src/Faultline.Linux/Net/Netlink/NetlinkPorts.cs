namespace Faultline.Linux.Net.Netlink;

/// <summary>Addresses (port ids) of netlink sockets: a process's id for its first, any other number for more.</summary>
internal sealed class NetlinkPorts
{
    private readonly Lock _lock = new();
    private readonly HashSet<uint> _taken = [];
    private uint _last = uint.MaxValue - 4096;

    /// <summary>Takes an address; false when it is taken already.</summary>
    public bool TryTake(uint port)
    {
        lock (_lock)
            return _taken.Add(port);
    }

    /// <summary>Takes a process's own address, or a free one (netlink_autobind).</summary>
    public uint TakeAny(uint process)
    {
        lock (_lock)
        {
            uint port = process;
            while (!_taken.Add(port))
                port = _last--;
            return port;
        }
    }

    /// <summary>Gives an address up.</summary>
    public void Free(uint port)
    {
        lock (_lock)
            _ = _taken.Remove(port);
    }
}
