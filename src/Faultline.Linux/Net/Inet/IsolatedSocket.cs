using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Inet;

/// <summary>
/// A TCP or UDP socket without a network (<see cref="IsolatedNetwork"/>). A namespace that never had an address has no table of local ones, and without it IPv4 lets
/// a socket be bound to any address; IPv6 only to the unspecified one.
/// </summary>
internal sealed class IsolatedSocket(IsolatedNetwork network, int family, int type, int flags, in SocketUser user)
    : Socket(family, type, type == Sockets.SOCK_STREAM ? Sockets.IPPROTO_TCP : Sockets.IPPROTO_UDP, flags, user.Ids.uid, user.Ids.gid)
{
    private const int LowPorts = 1024;
    private const int IPV6_V6ONLY = 26;

    private readonly Dictionary<(int Level, int Name), int> _options = [];
    private readonly byte[] _local = new byte[family == Sockets.AF_INET ? 16 : 28];
    private bool _isBound;
    private bool _listens;
    private bool _shutReceive;
    private bool _shutSend;

    /// <inheritdoc/>
    public override int MaxMessage => 0xFFFF;

    /// <inheritdoc/>
    protected override bool IsListening => _listens;

    private bool IsIpv4 => Family == Sockets.AF_INET;

    /// <inheritdoc/>
    public override int Bind(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (CheckAddress(address, allowUnspecified: true) is < 0 and int wrong)
            return wrong;
        ReadOnlySpan<byte> ip = IsIpv4 ? address.Slice(4, 4) : address.Slice(8, 16);
        if (!IsIpv4 && ip.ContainsAnyExcept((byte)0))
            return -Errno.EADDRNOTAVAIL;
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        if (port is > 0 and < LowPorts && user.Ids.uid != 0)
            return -Errno.EACCES;
        if (_isBound)
            return -Errno.EINVAL;
        if (!TakePort(port))
            return -Errno.EADDRINUSE;
        ip.CopyTo(_local.AsSpan(IsIpv4 ? 4 : 8));
        return 0;
    }

    /// <inheritdoc/>
    public override int Connect(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(short))
            return -Errno.EINVAL;
        if (BinaryPrimitives.ReadInt16LittleEndian(address) == Sockets.AF_UNSPEC)
            return 0;
        if (_listens)
            return -Errno.EISCONN;
        // A datagram socket of IPv6 may be connected to an IPv4 address.
        if (!IsIpv4 && !IsByteStream && BinaryPrimitives.ReadInt16LittleEndian(address) == Sockets.AF_INET)
            return address.Length < 16 ? -Errno.EINVAL : -Errno.ENETUNREACH;
        return CheckAddress(address, allowUnspecified: false) is < 0 and int wrong ? wrong : Unreachable(address);
    }

    /// <inheritdoc/>
    public override int Listen(in SocketUser user, int backlog)
    {
        if (!IsByteStream)
            return -Errno.EOPNOTSUPP;
        if (!_isBound && !TakePort(0))
            return -Errno.EADDRINUSE;
        _listens = true;
        Queue.Wake();
        return 0;
    }

    /// <inheritdoc/>
    public override int Accept(int flags, out Socket? socket)
    {
        socket = null;
        return !IsByteStream ? -Errno.EOPNOTSUPP : _listens && !_shutReceive ? -Errno.EAGAIN : -Errno.EINVAL;
    }

    /// <inheritdoc/>
    public override int Shutdown(int how)
    {
        _shutReceive |= how != Sockets.SHUT_WR;
        _shutSend |= how != Sockets.SHUT_RD;
        Queue.Wake();
        return _listens ? 0 : -Errno.ENOTCONN;
    }

    /// <inheritdoc/>
    public override int GetName(Span<byte> address, bool peer)
    {
        if (peer)
            return -Errno.ENOTCONN;
        _local.CopyTo(address);
        address[0] = (byte)Family;
        return _local.Length;
    }

    /// <inheritdoc/>
    public override long Send(in SocketUser user, ref OutgoingMessage message)
    {
        if (IsByteStream || _shutSend)
            return -Errno.EPIPE;
        if (DatagramAddress.Check(Family, message, isConnected: false) is < 0 and int wrong)
            return wrong;
        if (message.Refusal != 0)
            return message.Refusal;
        // The unspecified address means this host: the datagram is sent, and lost at the interface that is down.
        return IsIpv4 && !message.Address.Slice(4, 4).ContainsAnyExcept((byte)0) ? message.Data.Length : Unreachable(message.Address);
    }

    /// <inheritdoc/>
    public override long Receive(ref IncomingMessage message) => IsByteStream ? -Errno.ENOTCONN : _shutReceive ? 0 : -Errno.EAGAIN;

    /// <inheritdoc/>
    public override int SetOption(in SocketUser user, int level, int name, ReadOnlySpan<byte> value)
    {
        if (level == Sockets.SOL_SOCKET)
            return base.SetOption(user, level, name, value);
        if (!InetOptions.IsPassed(level, name) || (level == Sockets.IPPROTO_TCP) != IsByteStream && level is Sockets.IPPROTO_TCP or Sockets.IPPROTO_UDP)
            return -Errno.ENOPROTOOPT;
        if (value.Length < sizeof(int))
            return -Errno.EINVAL;
        _options[(level, name)] = BinaryPrimitives.ReadInt32LittleEndian(value);
        return 0;
    }

    /// <inheritdoc/>
    public override int GetOption(int level, int name, Span<byte> value)
    {
        if (level == Sockets.SOL_SOCKET)
            return base.GetOption(level, name, value);
        return InetOptions.IsPassed(level, name) ? SocketSettings.Put(value, _options.GetValueOrDefault((level, name), DefaultOf(level, name))) : -Errno.ENOPROTOOPT;
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument) =>
        request is IoctlRequests.FIONREAD or IoctlRequests.TIOCOUTQ ? _listens ? -Errno.EINVAL : argument.WriteInt(0) : base.Control(request, argument);

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Queue);
        if (_listens && !_shutReceive)
            return PollEvents.None;
        PollEvents events = PollEvents.POLLOUT | PollEvents.POLLWRNORM;
        events |= IsByteStream ? PollEvents.POLLHUP : PollEvents.POLLWRBAND;
        if (_shutReceive)
            events |= PollEvents.POLLIN | PollEvents.POLLRDNORM | PollEvents.POLLRDHUP;
        return _shutReceive && _shutSend ? events | PollEvents.POLLHUP : events;
    }

    /// <summary>Whether another socket may have the same port (SO_REUSEADDR on both and neither listens, SO_REUSEPORT on both).</summary>
    public bool CanShare(IsolatedSocket other) =>
        (!_listens && !other._listens && Has(SocketOptions.SO_REUSEADDR) && other.Has(SocketOptions.SO_REUSEADDR))
        || (Has(SocketOptions.SO_REUSEPORT) && other.Has(SocketOptions.SO_REUSEPORT))
        || (Family != other.Family && (IsIpv4 ? other : this)._options.GetValueOrDefault((Sockets.IPPROTO_IPV6, IPV6_V6ONLY)) != 0);

    /// <inheritdoc/>
    protected override void OnClose()
    {
        if (_isBound)
            network.Free(this, BinaryPrimitives.ReadUInt16BigEndian(_local.AsSpan(2)));
    }

    private static int DefaultOf(int level, int name) => (level, name) switch
    {
        (Sockets.IPPROTO_IP, 2) or (Sockets.IPPROTO_IPV6, 16) => 64,
        (Sockets.IPPROTO_IP, 33 or 34) or (Sockets.IPPROTO_IPV6, 18 or 19) => 1,
        (Sockets.IPPROTO_TCP, 2) => 536,
        (Sockets.IPPROTO_TCP, 4) => 7200,
        (Sockets.IPPROTO_TCP, 5) => 75,
        (Sockets.IPPROTO_TCP, 6) => 9,
        _ => 0,
    };

    private int CheckAddress(ReadOnlySpan<byte> address, bool allowUnspecified)
    {
        if (address.Length < DatagramAddress.LeastLength(Family))
            return -Errno.EINVAL;
        int given = BinaryPrimitives.ReadInt16LittleEndian(address);
        bool isUnspecified = given == Sockets.AF_UNSPEC && allowUnspecified && IsIpv4 && !address.Slice(4, 4).ContainsAnyExcept((byte)0);
        return given == Family || isUnspecified ? 0 : -Errno.EAFNOSUPPORT;
    }

    /// <summary>IPv4 finds no route; IPv6 finds no address of its own to send from before it looks for one, but for addresses that carry an IPv4 one.</summary>
    private int Unreachable(ReadOnlySpan<byte> address)
    {
        ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        return IsIpv4 || address.Slice(8, 12).SequenceEqual(mapped) ? -Errno.ENETUNREACH : -Errno.EADDRNOTAVAIL;
    }

    private bool TakePort(int wanted)
    {
        int port = network.Take(this, wanted);
        if (port == 0)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_local.AsSpan(2), (ushort)port);
        return _isBound = true;
    }

    private bool Has(int option)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        return Settings.Get(option, value) > 0 && value[0] != 0;
    }
}
