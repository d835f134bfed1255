using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;

namespace Faultline.Linux.Net.Unix;

// Connections.
internal sealed partial class UnixSocket
{
    private readonly Queue<UnixSocket> _pending = new();
    private int _backlog;

    /// <summary>Messages that may wait in a queue of datagrams for a sender that is not connected (net.unix.max_dgram_qlen).</summary>
    private const int DatagramBacklog = 10;

    /// <summary>The listener whose backlog was full when a connect last looked: what that connect waits for.</summary>
    private UnixSocket? _fullListener;

    /// <inheritdoc/>
    public override int Connect(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(short))
            return -Errno.EINVAL;
        if (!IsConnectionBased)
            return ConnectDatagram(user, address);
        int result = CheckAddress(address, out ReadOnlySpan<byte> name);
        if (result == 0)
            result = BindForCredentials();
        if (result == 0)
            result = _network.Find(user, name, Type, out UnixSocket? listener) is < 0 and int missing ? missing : ConnectTo(user, listener!);
        return result;
    }

    /// <inheritdoc/>
    public override int Listen(in SocketUser user, int backlog)
    {
        if (!IsConnectionBased)
            return -Errno.EOPNOTSUPP;
        lock (_network.Lock)
        {
            if (_name is null || _state == State.Connected)
                return -Errno.EINVAL;
            _state = State.Listening;
            _backlog = (int)Math.Min((uint)backlog, Sockets.SOMAXCONN);
            _ids = user.Ids;
            _groups = user.Groups;
        }
        WakeAll();
        return 0;
    }

    /// <inheritdoc/>
    public override int Accept(int flags, out Socket? socket)
    {
        socket = null;
        if (!IsConnectionBased)
            return -Errno.EOPNOTSUPP;
        if (_state != State.Listening)
            return -Errno.EINVAL;
        lock (_queueLock)
        {
            if (!_pending.TryDequeue(out UnixSocket? next))
                return _shutReceive ? -Errno.EINVAL : -Errno.EAGAIN;
            socket = next;
        }
        _ = socket.SetFlags(flags);
        Space.Wake();
        return 0;
    }

    /// <summary>One step of a connection (unix_stream_connect); takes over the reference to the listener.</summary>
    private int ConnectTo(in SocketUser user, UnixSocket listener)
    {
        try
        {
            lock (_network.Lock)
            {
                if (listener._state != State.Listening || listener._shutReceive)
                    return -Errno.ECONNREFUSED;
                if (listener.PendingCount() > listener._backlog)
                {
                    _fullListener = listener;
                    return -Errno.EAGAIN;
                }
                if (_state != State.Unconnected)
                    return _state == State.Connected ? -Errno.EISCONN : -Errno.EINVAL;
                UnixSocket embryo = new(listener) { _state = State.Connected, _peer = this, _peerIds = user.Ids, _peerGroups = user.Groups };
                _peer = embryo;
                _peerIds = listener._ids;
                _peerGroups = listener._groups;
                _state = State.Connected;
                lock (listener._queueLock)
                    listener._pending.Enqueue(embryo);
            }
            listener.Queue.Wake();
            Queue.Wake();
            return 0;
        }
        finally
        {
            listener.Release();
        }
    }

    private int PendingCount()
    {
        lock (_queueLock)
            return _pending.Count;
    }

    /// <summary>Sets the default receiver of datagrams, and the only sender accepted; AF_UNSPEC takes it away (unix_dgram_connect).</summary>
    private int ConnectDatagram(in SocketUser user, ReadOnlySpan<byte> address)
    {
        UnixSocket? other = null;
        if (BinaryPrimitives.ReadInt16LittleEndian(address) != Sockets.AF_UNSPEC)
        {
            int result = CheckAddress(address, out ReadOnlySpan<byte> name);
            if (result == 0)
                result = BindForCredentials();
            if (result == 0)
                result = _network.Find(user, name, Type, out other);
            if (result < 0)
                return result;
        }
        UnixSocket? old;
        lock (_network.Lock)
        {
            if (other is not null && !MaySend(other))
            {
                other.Release();
                return -Errno.EPERM;
            }
            old = _peer;
            _peer = other;
            _state = other is null ? State.Unconnected : State.Connected;
        }
        other?.Release();
        old?.WakeAll();
        Queue.Wake();
        return 0;
    }

    /// <summary>A datagram socket that is connected takes messages from its peer alone.</summary>
    private bool MaySend(UnixSocket other) => other._peer is null || ReferenceEquals(other._peer, this);
}
