using System.Numerics;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

// Sending.
internal sealed partial class UnixSocket
{
    /// <summary>Guards the receive queue and what it counts; taken last, one socket's at a time.</summary>
    private readonly Lock _queueLock = new();
    private readonly LinkedList<UnixPacket> _packets = [];

    /// <summary>Bytes in the receive queue.</summary>
    private int _queuedBytes;

    /// <summary>What this socket's messages in others' queues count (sk_wmem_alloc); byte streams count what is in the peer's queue instead.</summary>
    private int _sent;
    private bool _isDead;

    /// <inheritdoc/>
    public override long Send(in SocketUser user, ref OutgoingMessage message)
    {
        if (IsByteStream)
            return SendBytes(user, ref message);
        if (Type == Sockets.SOCK_SEQPACKET)
        {
            if (TakeError() is not 0 and int error)
                return -error;
            if (_state != State.Connected)
                return -Errno.ENOTCONN;
            message.Address = default;
        }
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        return SendPacket(user, ref message);
    }

    private long SendBytes(in SocketUser user, ref OutgoingMessage message)
    {
        UnixSocket? peer = Volatile.Read(ref _peer);
        if (!message.Address.IsEmpty)
            return _state == State.Connected ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
        if (peer is null)
            return _state == State.Connected ? -Errno.EPIPE : -Errno.ENOTCONN;
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        if (_shutSend)
            return -Errno.EPIPE;
        if (message.Data.IsEmpty)
            return 0;
        Launch(message.Files);
        int length = Push(peer, message, message.Credentials ?? IdsFor(user, peer));
        if (length < 0)
            Land(message.Files);
        else
            peer.Queue.Wake();
        return length;
    }

    private int Push(UnixSocket peer, in OutgoingMessage message, Ucred? ids)
    {
        lock (peer._queueLock)
        {
            if (peer._isDead || peer._shutReceive)
                return -Errno.EPIPE;
            int room = Settings.SendBuffer - peer._queuedBytes;
            if (room <= 0)
                return -Errno.EAGAIN;
            int length = Math.Min(room, message.Data.Length);
            peer.Append(message.Data[..length], message.Files, ids);
            return length;
        }
    }

    /// <summary>Puts bytes at the end of the stream: with what is there, unless ids or files keep them apart. With the queue's lock held.</summary>
    private void Append(ReadOnlySpan<byte> data, OpenFile[]? files, Ucred? ids)
    {
        _queuedBytes += data.Length;
        if (files is null && _packets.Last?.Value is { Files: null } last && Equals(last.Credentials, ids))
            data = data[last.Append(data)..];
        if (data.IsEmpty)
            return;
        _ = _packets.AddLast(new UnixPacket(data, canGrow: files is null) { Files = files, Credentials = ids });
    }

    /// <summary>unix_dgram_sendmsg.</summary>
    private long SendPacket(in SocketUser user, ref OutgoingMessage message)
    {
        UnixSocket? other;
        bool isNamed = !message.Address.IsEmpty;
        ReadOnlySpan<byte> name = default;
        if (isNamed)
        {
            if (CheckAddress(message.Address, out name) is < 0 and int wrong)
                return wrong;
        }
        else if (Volatile.Read(ref _peer) is null && !(Type == Sockets.SOCK_SEQPACKET && _shutSend))
        {
            return -Errno.ENOTCONN;
        }
        if (BindForCredentials() is < 0 and int unbound)
            return unbound;
        if (message.Refusal == -Errno.EMSGSIZE || message.Data.Length > MaxMessage)
            return -Errno.EMSGSIZE;
        if (TakeError() is not 0 and int error)
            return -error;
        if (_shutSend)
            return -Errno.EPIPE;
        if (Volatile.Read(ref _sent) >= Settings.SendBuffer)
            return -Errno.EAGAIN;
        if (message.Refusal != 0)
            return message.Refusal;

        if (isNamed)
        {
            if (_network.Find(user, name, Type, out other) is < 0 and int missing)
                return missing;
        }
        else
        {
            other = Volatile.Read(ref _peer);
            if (other is null || !other.TryAddReference())
                return Disconnect(other);
        }
        try
        {
            return Deliver(user, ref message, other!, isNamed);
        }
        finally
        {
            other!.Release();
        }
    }

    private long Deliver(in SocketUser user, ref OutgoingMessage message, UnixSocket other, bool isNamed)
    {
        if (!MaySend(other))
            return -Errno.EPERM;
        int keep = message.Data.Length;
        if (other.Settings.Filter is { } filter)
        {
            keep = (int)Math.Min(filter.Run(message.Data), (uint)keep);
            // A message that the receiver's filter drops was sent as far as its sender can tell.
            if (keep == 0 && message.Data.Length > 0)
                return message.Data.Length;
        }
        UnixPacket packet = new(message.Data[..keep], canGrow: false)
        {
            Files = message.Files,
            Credentials = message.Credentials ?? IdsFor(user, other),
            Sender = _name is null ? [] : AddressOf(this),
            Owner = this,
            Charge = ChargeOf(message.Data.Length),
        };
        Launch(message.Files);
        int result = Push(other, packet);
        if (result == 0)
        {
            other.Queue.Wake();
            return message.Data.Length;
        }
        Land(message.Files);
        if (result == -Errno.EAGAIN)
            message.Full = other.Space;
        return result == -Errno.ECONNREFUSED && !isNamed ? Disconnect(other) : result;
    }

    private int Push(UnixSocket other, UnixPacket packet)
    {
        lock (other._queueLock)
        {
            if (other._isDead)
                return -Errno.ECONNREFUSED;
            if (other._shutReceive)
                return -Errno.EPIPE;
            if (!ReferenceEquals(other, this) && !ReferenceEquals(other._peer, this) && other._packets.Count > DatagramBacklog)
                return -Errno.EAGAIN;
            _ = Interlocked.Add(ref _sent, packet.Charge);
            _ = other._packets.AddLast(packet);
            other._queuedBytes += packet.Data.Length;
            return 0;
        }
    }

    private void Launch(OpenFile[]? files)
    {
        foreach (OpenFile file in files ?? [])
            _network.InFlight.Launch(file);
    }

    private void Land(OpenFile[]? files)
    {
        foreach (OpenFile file in files ?? [])
            _network.InFlight.Land(file);
    }

    /// <summary>The peer is gone: a datagram socket is unconnected from then on.</summary>
    private long Disconnect(UnixSocket? gone)
    {
        if (IsConnectionBased)
            return -Errno.EPIPE;
        lock (_network.Lock)
        {
            if (ReferenceEquals(_peer, gone))
            {
                _peer = null;
                _state = State.Unconnected;
            }
        }
        return -Errno.ECONNREFUSED;
    }

    /// <summary>Ids go along when either end wants them (unix_maybe_add_creds).</summary>
    private Ucred? IdsFor(in SocketUser user, UnixSocket receiver) =>
        Settings.PassCredentials || receiver.Settings.PassCredentials ? user.Ids : null;

    /// <summary>What a message counts against the send buffer: its memory with the kernel's overhead, as SKB_TRUESIZE has it.</summary>
    private static int ChargeOf(int length) => 256 + (int)Math.Max(BitOperations.RoundUpToPowerOf2((uint)length + 320), 512);

    private int SendBufferUsed()
    {
        if (!IsByteStream)
            return Volatile.Read(ref _sent);
        return Volatile.Read(ref _peer) is { } peer ? Volatile.Read(ref peer._queuedBytes) : 0;
    }

    /// <summary>Linux reports room only when three quarters of the send buffer are free (unix_writable).</summary>
    private bool IsWritable() => _state != State.Listening && (long)SendBufferUsed() * 4 <= Settings.SendBuffer;

    private bool IsFull()
    {
        lock (_queueLock)
            return _packets.Count > DatagramBacklog;
    }

    /// <summary>A message of this socket has been received or dropped.</summary>
    private void Refund(int charge)
    {
        _ = Interlocked.Add(ref _sent, -charge);
        if (IsWritable())
            Queue.Wake();
    }
}
