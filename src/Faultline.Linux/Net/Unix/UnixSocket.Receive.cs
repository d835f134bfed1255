using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

// Receiving.
internal sealed partial class UnixSocket
{
    /// <summary>Ids of a message that has none: no process, nobody's (the overflow ids).</summary>
    private static readonly Ucred _unknown = new() { pid = 0, uid = 65534, gid = 65534 };

    /// <inheritdoc/>
    public override long Receive(ref IncomingMessage message)
    {
        if (!IsByteStream)
            return ReceivePacket(ref message);
        if (_state != State.Connected)
            return -Errno.EINVAL;
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        return ReceiveBytes(ref message);
    }

    /// <summary>unix_stream_read_generic: what has been received before ids change, or together with files.</summary>
    private long ReceiveBytes(ref IncomingMessage message)
    {
        bool peek = (message.Flags & MessageFlags.MSG_PEEK) != 0;
        int done = 0;
        bool wakes;
        lock (_queueLock)
        {
            if (_packets.Count == 0)
                return EndOfStream();
            bool wasWritable = IsPeerWritable();
            LinkedListNode<UnixPacket>? node = _packets.First;
            Ucred? ids = node!.Value.Credentials;
            while (node is not null && (done < message.Data.Length || done == 0))
            {
                UnixPacket packet = node.Value;
                if (done > 0 && Settings.PassCredentials && !Equals(packet.Credentials, ids))
                    break;
                int length = Math.Min(packet.Data.Length, message.Data.Length - done);
                packet.Data[..length].CopyTo(message.Data[done..]);
                done += length;
                message.EndsHere = packet.Files is not null;
                TakeFiles(packet, peek, ref message);
                LinkedListNode<UnixPacket>? next = node.Next;
                if (!peek)
                {
                    packet.Consume(length);
                    _queuedBytes -= length;
                    if (packet.Data.IsEmpty)
                        _packets.Remove(node);
                }
                if (message.EndsHere || message.Data.IsEmpty)
                    break;
                node = next;
            }
            TakeCredentials(ids, ref message);
            wakes = !wasWritable && IsPeerWritable();
        }
        if (!peek)
            Deliver(message.Files);
        if (wakes)
            Volatile.Read(ref _peer)?.Queue.Wake();
        return done;
    }

    private long EndOfStream()
    {
        if (TakeError() is not 0 and int error)
            return -error;
        return _shutReceive ? 0 : -Errno.EAGAIN;
    }

    private bool IsPeerWritable() => Volatile.Read(ref _peer) is not { } peer || (long)_queuedBytes * 4 <= peer.Settings.SendBuffer;

    /// <summary>unix_dgram_recvmsg: one message, cut to the room there is.</summary>
    private long ReceivePacket(ref IncomingMessage message)
    {
        if (Type == Sockets.SOCK_SEQPACKET && _state != State.Connected)
            return -Errno.ENOTCONN;
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        bool peek = (message.Flags & MessageFlags.MSG_PEEK) != 0;
        if (TakeError() is not 0 and int error)
            return -error;
        UnixPacket packet;
        bool wasFull;
        lock (_queueLock)
        {
            if (_packets.First is not { } first)
            {
                bool waits = (message.Flags & MessageFlags.MSG_DONTWAIT) == 0;
                return _shutReceive && (waits || Type == Sockets.SOCK_SEQPACKET) ? 0 : -Errno.EAGAIN;
            }
            packet = first.Value;
            wasFull = _packets.Count > DatagramBacklog;
            TakeFiles(packet, peek, ref message);
            if (!peek)
            {
                _packets.RemoveFirst();
                _queuedBytes -= packet.Data.Length;
            }
        }
        int length = Math.Min(packet.Data.Length, message.Data.Length);
        packet.Data[..length].CopyTo(message.Data);
        if (length < packet.Data.Length)
            message.ResultFlags |= MessageFlags.MSG_TRUNC;
        message.AddressLength = packet.Sender.Length;
        packet.Sender.AsSpan(0, Math.Min(packet.Sender.Length, message.Address.Length)).CopyTo(message.Address);
        TakeCredentials(packet.Credentials, ref message);
        if (!peek)
        {
            Deliver(message.Files);
            packet.Owner?.Refund(packet.Charge);
            if (wasFull)
                Space.Wake();
        }
        return (message.Flags & MessageFlags.MSG_TRUNC) != 0 ? packet.Data.Length : length;
    }

    /// <summary>Hands over the files of a packet, or with MSG_PEEK other references to them.</summary>
    private static void TakeFiles(UnixPacket packet, bool peek, ref IncomingMessage message)
    {
        if (packet.Files is not { } files)
            return;
        message.Files = files;
        if (peek)
        {
            foreach (OpenFile file in files)
                file.AddReference();
            return;
        }
        packet.Files = null;
    }

    /// <summary>Files have left the queue. Not with the queue's lock held, which is taken after that of the files in flight.</summary>
    private void Deliver(OpenFile[]? files)
    {
        foreach (OpenFile file in files ?? [])
            _network.InFlight.Deliver(file);
    }

    private void TakeCredentials(Ucred? ids, ref IncomingMessage message)
    {
        if (Settings.PassCredentials)
            message.Credentials = ids ?? _unknown;
    }
}
