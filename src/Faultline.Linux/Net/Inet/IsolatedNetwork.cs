using Faultline.Linux.Host;

namespace Faultline.Linux.Net.Inet;

/// <summary>The internet of a network namespace whose loopback is down: ports can be taken, and nothing can be reached.</summary>
internal sealed class IsolatedNetwork
{
    private const int FirstAutomatic = 32768;
    private const int Automatic = 28232;
    private const uint IFF_LOOPBACK = 8;
    private const int LoopbackMtu = 65536;
    private const ushort ARPHRD_LOOPBACK = 772;

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Type, int Port), List<IsolatedSocket>> _ports = [];
    private int _next;

    /// <summary>The one interface of a new namespace: down, without an internet address.</summary>
    public static HostInterface Loopback { get; } = new()
    {
        Index = 1,
        Name = "lo",
        Flags = IFF_LOOPBACK,
        Mtu = LoopbackMtu,
        HardwareType = ARPHRD_LOOPBACK,
        HardwareAddress = new byte[6],
        HardwareBroadcast = new byte[6],
    };

    /// <summary>Takes a port, or any with 0; the port, or 0 when it is taken by one that does not share it.</summary>
    public int Take(IsolatedSocket socket, int port)
    {
        lock (_lock)
        {
            for (int tries = 0; port == 0 && tries < Automatic; tries++)
            {
                int candidate = FirstAutomatic + ((_next++ & int.MaxValue) % Automatic);
                if (!_ports.ContainsKey((socket.Type, candidate)))
                    port = candidate;
            }
            if (port == 0)
                return 0;
            if (!_ports.TryGetValue((socket.Type, port), out List<IsolatedSocket>? users))
                _ports.Add((socket.Type, port), users = []);
            if (!users.TrueForAll(user => user.CanShare(socket)))
                return 0;
            users.Add(socket);
            return port;
        }
    }

    /// <summary>Gives a port up.</summary>
    public void Free(IsolatedSocket socket, int port)
    {
        lock (_lock)
        {
            if (!_ports.TryGetValue((socket.Type, port), out List<IsolatedSocket>? users))
                return;
            _ = users.Remove(socket);
            if (users.Count == 0)
                _ = _ports.Remove((socket.Type, port));
        }
    }
}
