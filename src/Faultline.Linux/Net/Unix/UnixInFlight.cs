using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

/// <summary>
/// Open files in receive queues. A file there is held by its queue, so sockets that hold each other, or themselves, would never be closed: when
/// a socket closes, those that no program can reach any more are emptied (net/unix/garbage.c).
/// </summary>
/// <remarks>Its lock is taken before those of sockets' queues.</remarks>
internal sealed class UnixInFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UnixSocket, int> _sockets = [];

    /// <summary>How many sockets are in a queue now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sockets.Count;
        }
    }

    /// <summary>A file is put into a queue, with a reference of the queue's own.</summary>
    public void Launch(OpenFile file)
    {
        file.AddReference();
        if (file is not UnixSocket socket)
            return;
        lock (_lock)
            _sockets[socket] = _sockets.GetValueOrDefault(socket) + 1;
    }

    /// <summary>A file leaves a queue and stays referenced: the reference is the caller's now.</summary>
    public void Deliver(OpenFile file)
    {
        if (file is not UnixSocket socket)
            return;
        lock (_lock)
        {
            int left = _sockets.GetValueOrDefault(socket) - 1;
            if (left > 0)
                _sockets[socket] = left;
            else
                _ = _sockets.Remove(socket);
        }
    }

    /// <summary>A file leaves a queue and nobody has it.</summary>
    public void Land(OpenFile file)
    {
        Deliver(file);
        file.Release();
    }

    /// <summary>Empties the queues of sockets that are held by nothing but each other's queues.</summary>
    public void Collect()
    {
        List<UnixPacket> garbage = [];
        lock (_lock)
        {
            // Whatever has a holder besides queues can be reached by a program.
            Dictionary<UnixSocket, int> outside = [];
            foreach ((UnixSocket socket, int count) in _sockets)
            {
                if (socket.References == count)
                    outside.Add(socket, count);
            }
            if (outside.Count == 0)
                return;
            foreach (UnixSocket held in outside.Keys.ToArray().SelectMany(socket => socket.HeldSockets()))
            {
                if (outside.TryGetValue(held, out int count))
                    outside[held] = count - 1;
            }
            // Those that a queue outside the set holds can still be received, and so can what is in their queues.
            Queue<UnixSocket> reached = new(outside.Where(entry => entry.Value > 0).Select(entry => entry.Key));
            while (reached.TryDequeue(out UnixSocket? socket))
            {
                if (!outside.Remove(socket))
                    continue;
                foreach (UnixSocket held in socket.HeldSockets())
                    reached.Enqueue(held);
            }
            foreach (UnixSocket socket in outside.Keys)
                socket.TakeFiles(garbage);
        }
        foreach (UnixPacket packet in garbage)
            packet.Drop(this);
    }
}
