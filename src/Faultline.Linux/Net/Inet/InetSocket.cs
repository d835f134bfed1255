using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Bpf;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Inet;

/// <summary>
/// A TCP or UDP socket: one of the host's, which never blocks. Timeouts, credentials and O_NONBLOCK are this side's; everything else is as the
/// host's kernel has it.
/// </summary>
internal sealed class InetSocket : Socket
{
    /// <summary>The longest datagram before its headers (udp_sendmsg).</summary>
    private const int LongestDatagram = 0xFFFF;

    private const uint SIOCATMARK = 0x8905;

    private readonly IHost _host;
    private readonly int _handle;
    private readonly Lock _watchLock = new();
    private IDisposable? _watch;

    /// <summary>Counts edges and calls of ours: what poll may answer differently after.</summary>
    private long _changes;

    /// <summary>What poll said last (low 16 bits), and the count of changes before it looked.</summary>
    private long _known = -1;

    private InetSocket(IHost host, int handle, int family, int type, int protocol, int flags, uint userId, uint groupId)
        : base(family, type, protocol, flags, userId, groupId)
    {
        _host = host;
        _handle = handle;
    }

    /// <inheritdoc/>
    public override int MaxMessage => LongestDatagram;

    /// <inheritdoc/>
    public override bool HasRawControl => true;

    /// <summary>Edges matter to whoever asks: from now on they are counted.</summary>
    public override long Activity
    {
        get
        {
            Watch();
            return Queue.Version;
        }
    }

    /// <summary>Makes a socket of the host's; 0 or its errno.</summary>
    public static int Create(IHost host, int family, int type, int protocol, int flags, in SocketUser user, out Socket? socket)
    {
        int handle = host.Sockets.Create(family, type, protocol);
        int shown = protocol != 0 ? protocol : type == Sockets.SOCK_STREAM ? Sockets.IPPROTO_TCP : Sockets.IPPROTO_UDP;
        socket = handle < 0 ? null : new InetSocket(host, handle, family, type, shown, flags, user.Ids.uid, user.Ids.gid);
        return Math.Min(handle, 0);
    }

    /// <inheritdoc/>
    public override int Bind(in SocketUser user, ReadOnlySpan<byte> address) => Changed(_host.Sockets.Bind(_handle, address));

    /// <inheritdoc/>
    public override int Connect(in SocketUser user, ReadOnlySpan<byte> address) => Changed(_host.Sockets.Connect(_handle, address));

    /// <inheritdoc/>
    public override int Listen(in SocketUser user, int backlog) => Changed(_host.Sockets.Listen(_handle, backlog));

    /// <inheritdoc/>
    public override int Accept(int flags, out Socket? socket)
    {
        socket = null;
        int handle = Changed(_host.Sockets.Accept(_handle));
        if (handle < 0)
            return handle;
        socket = new InetSocket(_host, handle, Family, Type, Protocol, flags, Owner.User, Owner.Group);
        return 0;
    }

    /// <inheritdoc/>
    public override int Shutdown(int how)
    {
        int result = Changed(_host.Sockets.Shutdown(_handle, how));
        Queue.Wake();
        return result;
    }

    /// <inheritdoc/>
    public override int GetName(Span<byte> address, bool peer) => _host.Sockets.GetName(_handle, address, peer);

    /// <inheritdoc/>
    public override long Send(in SocketUser user, ref OutgoingMessage message)
    {
        if (Type == Sockets.SOCK_DGRAM && (message.Refusal != 0 || (message.IsNamed && message.Address.IsEmpty)))
        {
            Span<byte> peer = stackalloc byte[Sockets.AddressMax];
            int wrong = DatagramAddress.Check(Family, message, isConnected: _host.Sockets.GetName(_handle, peer, peer: true) > 0);
            return wrong < 0 ? wrong : message.Refusal;
        }
        if (!IsByteStream && message.Refusal != 0)
            return message.Refusal;
        // Zero-copy sends would read this process's buffers after the call.
        int flags = message.Flags & ~MessageFlags.MSG_ZEROCOPY;
        return Changed(_host.Sockets.Send(_handle, message.Data, flags, message.Address, message.Control));
    }

    /// <inheritdoc/>
    public override long Receive(ref IncomingMessage message)
    {
        HostReceived received = new() { Flags = message.Flags & ~MessageFlags.MSG_WAITALL };
        long result = Changed(_host.Sockets.Receive(_handle, message.Data, message.Address, message.Control, ref received));
        if (result < 0)
            return result;
        message.ResultFlags |= received.Flags;
        message.AddressLength = received.AddressLength;
        message.ControlLength = received.ControlLength;
        message.EndsHere = (received.Flags & MessageFlags.MSG_OOB) != 0;
        return result;
    }

    /// <inheritdoc/>
    public override int SetOption(in SocketUser user, int level, int name, ReadOnlySpan<byte> value)
    {
        if (level == Sockets.SOL_SOCKET)
        {
            switch (name)
            {
                case SocketOptions.SO_RCVTIMEO or SocketOptions.SO_RCVTIMEO_NEW or SocketOptions.SO_SNDTIMEO or SocketOptions.SO_SNDTIMEO_NEW or SocketOptions.SO_PASSCRED:
                    return base.SetOption(user, level, name, value);
                case SocketOptions.SO_RCVLOWAT:
                    _ = base.SetOption(user, level, name, value);
                    break;
                case SocketOptions.SO_DETACH_FILTER or SocketOptions.SO_LOCK_FILTER:
                    return value.Length < sizeof(int) ? -Errno.EINVAL : SetFilterOption(user, name, value);
            }
        }
        return InetOptions.IsPassed(level, name) ? Changed(_host.Sockets.SetOption(_handle, level, name, value)) : -Errno.ENOPROTOOPT;
    }

    /// <inheritdoc/>
    public override int GetOption(int level, int name, Span<byte> value)
    {
        if (level == Sockets.SOL_SOCKET
            && name is SocketOptions.SO_RCVTIMEO or SocketOptions.SO_RCVTIMEO_NEW or SocketOptions.SO_SNDTIMEO or SocketOptions.SO_SNDTIMEO_NEW or SocketOptions.SO_PASSCRED)
            return base.GetOption(level, name, value);
        if (level == Sockets.SOL_SOCKET && name == SocketOptions.SO_PEERCRED)
            return SocketSettings.Put(value, new Ucred { pid = 0, uid = uint.MaxValue, gid = uint.MaxValue });
        return InetOptions.IsPassed(level, name) ? Changed(_host.Sockets.GetOption(_handle, level, name, value)) : -Errno.ENOPROTOOPT;
    }

    /// <summary>A checked filter goes to where the packets are: only the host sees headers, and segments before they are acknowledged.</summary>
    public override unsafe int SetFilter(BpfProgram? program)
    {
        int result = Settings.SetFilter(program);
        if (result < 0 || program is null)
            return result < 0 ? result : Changed(_host.Sockets.SetOption(_handle, Sockets.SOL_SOCKET, SocketOptions.SO_DETACH_FILTER, stackalloc byte[sizeof(int)]));
        Span<byte> description = stackalloc byte[2 * sizeof(ulong)];
        description.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(description, (ushort)program.Length);
        fixed (BpfInstruction* code = program.Instructions)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(description[sizeof(ulong)..], (ulong)code);
            return Changed(_host.Sockets.SetOption(_handle, Sockets.SOL_SOCKET, SocketOptions.SO_ATTACH_FILTER, description));
        }
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        if (request is not (IoctlRequests.FIONREAD or IoctlRequests.TIOCOUTQ or SIOCATMARK))
            return base.Control(request, argument);
        int value = 0;
        int result = _host.Sockets.Control(_handle, request, MemoryMarshal.AsBytes(new Span<int>(ref value)));
        return result < 0 ? result : argument.WriteInt(value);
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        if (wait is not null && wait.Interest != PollEvents.None)
        {
            wait.Add(_handle, wait.Interest);
        }
        else if (wait is not null)
        {
            Watch();
            wait.Add(Queue);
        }
        long changes = Volatile.Read(ref _changes), known = Volatile.Read(ref _known);
        // Without an edge since, there is nothing new to learn; idle sockets of a large set cost no call.
        if (_watch is not null && known >> 16 == changes)
            return (PollEvents)(ushort)known;
        const PollEvents wanted = PollEvents.POLLIN | PollEvents.POLLPRI | PollEvents.POLLOUT | PollEvents.POLLRDHUP | PollEvents.POLLRDNORM | PollEvents.POLLWRNORM
            | PollEvents.POLLRDBAND | PollEvents.POLLWRBAND;
        HostPollItem item = new() { Handle = _handle, Wanted = (short)wanted };
        PollEvents found = _host.Poll.Wait(new Span<HostPollItem>(ref item), 0) > 0 ? (PollEvents)(ushort)item.Returned : PollEvents.None;
        Volatile.Write(ref _known, (changes << 16) | (long)found);
        return found;
    }

    /// <inheritdoc/>
    protected override void OnClose()
    {
        _watch?.Dispose();
        _host.Sockets.Close(_handle);
    }

    private int SetFilterOption(in SocketUser user, int name, ReadOnlySpan<byte> value)
    {
        if (name == SocketOptions.SO_DETACH_FILTER)
            return SetFilter(null);
        int result = base.SetOption(user, Sockets.SOL_SOCKET, name, value);
        return result < 0 ? result : _host.Sockets.SetOption(_handle, Sockets.SOL_SOCKET, name, value);
    }

    private void Watch()
    {
        if (Volatile.Read(ref _watch) is not null)
            return;
        lock (_watchLock)
        {
            if (_watch is not null)
                return;
            IDisposable watch = _host.Sockets.Watch(_handle, OnEdge);
            // What was learnt before may have changed without an edge that anyone counted.
            _ = Interlocked.Increment(ref _changes);
            Volatile.Write(ref _watch, watch);
        }
    }

    private void OnEdge()
    {
        _ = Interlocked.Increment(ref _changes);
        Queue.Wake();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Changed<T>(T result)
    {
        _ = Interlocked.Increment(ref _changes);
        return result;
    }
}
