using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

/// <summary>A local socket (unix(7), net/unix/af_unix.c): byte stream, datagrams, or sequenced packets.</summary>
/// <remarks>
/// <see cref="UnixNetwork.Lock"/> guards names, peers and states; <see cref="_queueLock"/> the receive queue, and whether it still takes anything. A
/// sender holds only the receiver's queue lock.
/// </remarks>
internal sealed partial class UnixSocket : Socket
{
    private enum State
    {
        Unconnected,
        Listening,
        Connected,
    }

    private readonly UnixNetwork _network;
    private State _state;
    private UnixSocket? _peer;
    private int _error;
    private bool _shutReceive;
    private bool _shutSend;
    private Ucred _ids;
    private uint[] _groups = [];
    private Ucred? _peerIds;
    private uint[] _peerGroups = [];

    /// <summary>Makes an unconnected socket.</summary>
    public UnixSocket(UnixNetwork network, int type, int flags, in SocketUser user)
        : base(Sockets.AF_UNIX, type, 0, flags, user.Ids.uid, user.Ids.gid)
    {
        _network = network;
        _ids = user.Ids;
        _groups = user.Groups;
    }

    private UnixSocket(UnixSocket listener)
        : base(Sockets.AF_UNIX, listener.Type, 0, 0, listener.Owner.User, listener.Owner.Group)
    {
        _network = listener._network;
        _ids = listener._ids;
        _groups = listener._groups;
        _name = listener._name;
    }

    /// <inheritdoc/>
    public override int MaxMessage => Settings.SendBuffer - 32;

    /// <summary>Room for messages has become free: those who wait to send here without being connected.</summary>
    public WaitQueue Space { get; } = new();

    /// <inheritdoc/>
    public override long Activity => Queue.Version + (IsByteStream ? 0 : Volatile.Read(ref _peer)?.Space.Version ?? 0);

    /// <inheritdoc/>
    protected override bool IsListening => _state == State.Listening;

    private bool IsConnectionBased => Type != Sockets.SOCK_DGRAM;

    /// <summary>Makes two sockets that are connected to each other (socketpair).</summary>
    public static (UnixSocket, UnixSocket) CreatePair(UnixNetwork network, int type, int flags, in SocketUser user)
    {
        UnixSocket one = new(network, type, flags, user), other = new(network, type, flags, user);
        one._peer = other;
        other._peer = one;
        one._peerIds = other._peerIds = user.Ids;
        one._peerGroups = other._peerGroups = user.Groups;
        one._state = other._state = State.Connected;
        return (one, other);
    }

    /// <inheritdoc/>
    public override int GetOption(int level, int name, Span<byte> value)
    {
        if (level != Sockets.SOL_SOCKET)
            return -Errno.EOPNOTSUPP;
        switch (name)
        {
            case SocketOptions.SO_PEERCRED:
                return SocketSettings.Put(value, _peerIds ?? new Ucred { pid = 0, uid = uint.MaxValue, gid = uint.MaxValue });
            case SocketOptions.SO_PEERGROUPS:
                if (_peerIds is null)
                    return -Errno.ENODATA;
                ReadOnlySpan<byte> groups = System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(_peerGroups);
                if (value.Length < groups.Length)
                    return -Errno.ERANGE;
                groups.CopyTo(value);
                return groups.Length;
            default:
                return base.GetOption(level, name, value);
        }
    }

    /// <inheritdoc/>
    public override int SetOption(in SocketUser user, int level, int name, ReadOnlySpan<byte> value) =>
        level == Sockets.SOL_SOCKET ? base.SetOption(user, level, name, value) : -Errno.EOPNOTSUPP;

    /// <inheritdoc/>
    public override int Shutdown(int how)
    {
        bool receive = how is Sockets.SHUT_RD or Sockets.SHUT_RDWR, send = how is Sockets.SHUT_WR or Sockets.SHUT_RDWR;
        UnixSocket? other;
        lock (_network.Lock)
        {
            Shut(receive, send);
            other = IsConnectionBased ? _peer : null;
            other?.Shut(receive: send, send: receive);
        }
        WakeAll();
        other?.WakeAll();
        return 0;
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        switch (request)
        {
            case IoctlRequests.FIONREAD:
                if (_state == State.Listening)
                    return -Errno.EINVAL;
                lock (_queueLock)
                    return argument.WriteInt(IsConnectionBased ? _queuedBytes : _packets.First?.Value.Data.Length ?? 0);
            case IoctlRequests.TIOCOUTQ:
                return argument.WriteInt(SendBufferUsed());
            default:
                return base.Control(request, argument);
        }
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Queue);
        if (Volatile.Read(ref _fullListener) is { } listener)
            wait?.Add(listener.Space);
        UnixSocket? peer = Volatile.Read(ref _peer);
        if (Type == Sockets.SOCK_DGRAM && peer is not null)
            wait?.Add(peer.Space);
        PollEvents events = PollEvents.None;
        if (Volatile.Read(ref _error) != 0)
            events |= PollEvents.POLLERR;
        if (_shutReceive && _shutSend)
            events |= PollEvents.POLLHUP;
        if (_shutReceive)
            events |= PollEvents.POLLRDHUP | PollEvents.POLLIN | PollEvents.POLLRDNORM;
        lock (_queueLock)
        {
            if (_packets.Count > 0 || _pending.Count > 0)
                events |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
        }
        if (IsConnectionBased && _state == State.Unconnected)
            events |= PollEvents.POLLHUP;
        if (IsWritable() && !(Type == Sockets.SOCK_DGRAM && peer is not null && !ReferenceEquals(peer._peer, this) && peer.IsFull()))
            events |= PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLWRBAND;
        return events;
    }

    /// <summary>Sockets in this one's queue, and in those of connections that nobody has accepted.</summary>
    public List<UnixSocket> HeldSockets()
    {
        List<UnixSocket> held = [];
        lock (_queueLock)
        {
            foreach (UnixPacket packet in _packets)
                held.AddRange((packet.Files ?? []).OfType<UnixSocket>());
            foreach (UnixSocket embryo in _pending)
                held.AddRange(embryo.HeldSockets());
        }
        return held;
    }

    /// <summary>Moves everything that carries files out of the queues.</summary>
    public void TakeFiles(List<UnixPacket> taken)
    {
        lock (_queueLock)
        {
            for (LinkedListNode<UnixPacket>? node = _packets.First, next; node is not null; node = next)
            {
                next = node.Next;
                if (node.Value.Files is null)
                    continue;
                taken.Add(node.Value);
                _packets.Remove(node);
            }
            foreach (UnixSocket embryo in _pending)
                embryo.TakeFiles(taken);
        }
    }

    /// <inheritdoc/>
    protected override int TakeError() => Interlocked.Exchange(ref _error, 0);

    /// <inheritdoc/>
    protected override void OnClose() => Close(isEmbryo: false);

    /// <summary>The end of a socket (unix_release_sock).</summary>
    /// <param name="isEmbryo">It was never accepted: the other end is told so.</param>
    private void Close(bool isEmbryo)
    {
        UnixPacket[] rest;
        UnixSocket[] embryos;
        UnixSocket? peer;
        lock (_network.Lock)
        {
            RemoveName();
            peer = _peer;
            _peer = null;
            _state = State.Unconnected;
            lock (_queueLock)
            {
                _isDead = true;
                _shutReceive = _shutSend = true;
                rest = [.. _packets];
                embryos = [.. _pending];
                _packets.Clear();
                _pending.Clear();
            }
            if (peer is not null && IsConnectionBased)
            {
                peer.Shut(receive: true, send: true);
                if (rest.Length > 0 || isEmbryo)
                    Volatile.Write(ref peer._error, Errno.ECONNRESET);
            }
        }
        foreach (UnixPacket packet in rest)
        {
            packet.Owner?.Refund(packet.Charge);
            packet.Drop(_network.InFlight);
        }
        foreach (UnixSocket embryo in embryos)
            embryo.Close(isEmbryo: true);
        WakeAll();
        peer?.WakeAll();
        _network.InFlight.Collect();
    }

    private void Shut(bool receive, bool send)
    {
        lock (_queueLock)
        {
            _shutReceive |= receive;
            _shutSend |= send;
        }
    }

    private void WakeAll()
    {
        Queue.Wake();
        Space.Wake();
    }
}
