using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Netlink;

/// <summary>
/// A socket that asks about interfaces and addresses (netlink(7), rtnetlink(7)), or that waits for devices to come and go, which none do here. Questions are answered while they
/// are sent; nothing ever comes unasked.
/// </summary>
internal sealed class NetlinkSocket(Network network, int type, int protocol, int flags, in SocketUser user)
    : Socket(Sockets.AF_NETLINK, type, protocol, flags, user.Ids.uid, user.Ids.gid)
{
    /// <summary>Interfaces and addresses.</summary>
    public const int NETLINK_ROUTE = 0;

    /// <summary>Events of devices, as a process in a network of its own has it: silent.</summary>
    public const int NETLINK_KOBJECT_UEVENT = 15;

    private const int AddressSize = 12;

    /// <summary>Answers that may wait: no question brings more, and a program that asks without listening is told so.</summary>
    private const int MaxWaiting = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _answers = new();
    private readonly Dictionary<int, int> _options = [];
    private readonly int _process = user.Ids.pid;
    private readonly NetlinkPorts _ports = protocol == NETLINK_ROUTE ? network.NetlinkPorts : network.EventPorts;
    private uint _port;
    private uint _groups;
    private bool _isBound;

    /// <inheritdoc/>
    public override int MaxMessage => Settings.SendBuffer - 32;

    /// <inheritdoc/>
    public override int Bind(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (address.Length < AddressSize || BinaryPrimitives.ReadInt16LittleEndian(address) != Sockets.AF_NETLINK)
            return -Errno.EINVAL;
        uint port = BinaryPrimitives.ReadUInt32LittleEndian(address[4..]);
        lock (_lock)
        {
            if (_isBound)
            {
                if (port != _port)
                    return -Errno.EINVAL;
            }
            else if (port != 0)
            {
                if (!_ports.TryTake(port))
                    return -Errno.EADDRINUSE;
                _port = port;
                _isBound = true;
            }
            else
            {
                BindAutomatically();
            }
            _groups = BinaryPrimitives.ReadUInt32LittleEndian(address[8..]);
            return 0;
        }
    }

    /// <inheritdoc/>
    public override int Connect(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(short))
            return -Errno.EINVAL;
        if (BinaryPrimitives.ReadInt16LittleEndian(address) == Sockets.AF_UNSPEC)
            return 0;
        int result = CheckReceiver(address);
        lock (_lock)
        {
            if (result == 0)
                BindAutomatically();
        }
        return result;
    }

    /// <inheritdoc/>
    public override int GetName(Span<byte> address, bool peer)
    {
        address[..AddressSize].Clear();
        address[0] = Sockets.AF_NETLINK;
        if (!peer)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(address[4..], _port);
            BinaryPrimitives.WriteUInt32LittleEndian(address[8..], _groups);
        }
        return AddressSize;
    }

    /// <inheritdoc/>
    public override long Send(in SocketUser user, ref OutgoingMessage message)
    {
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        if (!message.Address.IsEmpty && CheckReceiver(message.Address) is < 0 and int wrong)
            return wrong;
        if (message.Refusal != 0 || message.Data.Length > MaxMessage)
            return message.Refusal != 0 ? message.Refusal : -Errno.EMSGSIZE;
        lock (_lock)
        {
            BindAutomatically();
            if (_answers.Count < MaxWaiting)
                RouteAnswers.Answer(message.Data, _port, Protocol == NETLINK_ROUTE ? network : null, _answers);
        }
        Queue.Wake();
        return message.Data.Length;
    }

    /// <inheritdoc/>
    public override long Receive(ref IncomingMessage message)
    {
        if ((message.Flags & MessageFlags.MSG_OOB) != 0)
            return -Errno.EOPNOTSUPP;
        byte[]? answer;
        lock (_lock)
        {
            bool found = (message.Flags & MessageFlags.MSG_PEEK) != 0 ? _answers.TryPeek(out answer) : _answers.TryDequeue(out answer);
            if (!found)
                return -Errno.EAGAIN;
        }
        int length = Math.Min(answer!.Length, message.Data.Length);
        answer.AsSpan(0, length).CopyTo(message.Data);
        if (length < answer.Length)
            message.ResultFlags |= MessageFlags.MSG_TRUNC;
        // The kernel is port 0.
        Span<byte> sender = stackalloc byte[AddressSize];
        sender.Clear();
        sender[0] = Sockets.AF_NETLINK;
        message.AddressLength = AddressSize;
        sender[..Math.Min(AddressSize, message.Address.Length)].CopyTo(message.Address);
        if (Settings.PassCredentials)
            message.Credentials = default(Ucred);
        return (message.Flags & MessageFlags.MSG_TRUNC) != 0 ? answer.Length : length;
    }

    /// <inheritdoc/>
    public override int SetOption(in SocketUser user, int level, int name, ReadOnlySpan<byte> value)
    {
        if (level == Sockets.SOL_SOCKET)
            return base.SetOption(user, level, name, value);
        if (level != Sockets.SOL_NETLINK || !IsKnown(name))
            return -Errno.ENOPROTOOPT;
        if (value.Length < sizeof(int))
            return -Errno.EINVAL;
        _options[name] = BinaryPrimitives.ReadInt32LittleEndian(value);
        return 0;
    }

    /// <inheritdoc/>
    public override int GetOption(int level, int name, Span<byte> value)
    {
        if (level == Sockets.SOL_SOCKET)
            return base.GetOption(level, name, value);
        if (level != Sockets.SOL_NETLINK || !IsKnown(name))
            return -Errno.ENOPROTOOPT;
        return value.Length < sizeof(int) ? -Errno.EINVAL : SocketSettings.Put(value, _options.GetValueOrDefault(name));
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Queue);
        lock (_lock)
        {
            PollEvents events = PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLWRBAND;
            return _answers.Count > 0 ? events | PollEvents.POLLIN | PollEvents.POLLRDNORM : events;
        }
    }

    /// <inheritdoc/>
    protected override void OnClose()
    {
        if (_isBound)
            _ports.Free(_port);
    }

    /// <summary>NETLINK_ADD_MEMBERSHIP, DROP_MEMBERSHIP, PKTINFO, BROADCAST_ERROR, NO_ENOBUFS, CAP_ACK, EXT_ACK, GET_STRICT_CHK.</summary>
    private static bool IsKnown(int name) => name is (>= 1 and <= 5) or (>= 10 and <= 12);

    /// <summary>Only the kernel answers here: another program's port is refused as one that nobody has.</summary>
    private static int CheckReceiver(ReadOnlySpan<byte> address)
    {
        if (address.Length < AddressSize || BinaryPrimitives.ReadInt16LittleEndian(address) != Sockets.AF_NETLINK)
            return -Errno.EINVAL;
        if (BinaryPrimitives.ReadUInt32LittleEndian(address[8..]) != 0)
            return -Errno.EPERM;
        return BinaryPrimitives.ReadUInt32LittleEndian(address[4..]) != 0 ? -Errno.ECONNREFUSED : 0;
    }

    private void BindAutomatically()
    {
        if (_isBound)
            return;
        _port = _ports.TakeAny((uint)_process);
        _isBound = true;
    }
}
