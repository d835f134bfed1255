using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Bpf;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net;

/// <summary>
/// A socket as an open file (Linux's struct socket with its family's proto_ops). Calls return 0 or more, or a negative errno, and never
/// block: where Linux would wait they return -EAGAIN and the system call waits for <see cref="OpenFile.Poll"/>.
/// </summary>
internal abstract class Socket : OpenFile
{
    /// <summary>Magic number of the file system of sockets (SOCKFS_MAGIC).</summary>
    private const long SOCKFS_MAGIC = 0x534F434B;

    /// <summary>Minor number of the device sockets are on.</summary>
    private const uint SocketDevice = 8;

    private readonly uint _userId;
    private readonly uint _groupId;

    /// <summary>Makes a socket.</summary>
    /// <param name="family">AF_ number.</param>
    /// <param name="type">SOCK_ number.</param>
    /// <param name="protocol">As SO_PROTOCOL shows it.</param>
    /// <param name="flags">O_NONBLOCK or 0.</param>
    /// <param name="userId">Owner to show.</param>
    /// <param name="groupId">Group to show.</param>
    protected Socket(int family, int type, int protocol, int flags, uint userId, uint groupId)
        : base(flags | OpenFlags.O_RDWR)
    {
        Family = family;
        Type = type;
        Protocol = protocol;
        _userId = userId;
        _groupId = groupId;
    }

    /// <summary>AF_ number.</summary>
    public int Family { get; }

    /// <summary>SOCK_ number.</summary>
    public int Type { get; }

    /// <summary>What SO_PROTOCOL says.</summary>
    public int Protocol { get; }

    /// <summary>Whether bytes are a stream: a send may be taken in part, and messages have no ends.</summary>
    public bool IsByteStream => Type == Sockets.SOCK_STREAM;

    /// <summary>Those who wait for this socket.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Inode number.</summary>
    public ulong Inode { get; } = AnonymousFile.NextInode();

    /// <summary>Values of options.</summary>
    public SocketSettings Settings { get; } = new();

    /// <summary>The most bytes of one message; more is EMSGSIZE. Meaningless for byte streams.</summary>
    public abstract int MaxMessage { get; }

    /// <summary>Whether ancillary data is carried as the program wrote it, and not as <see cref="OutgoingMessage.Files"/>.</summary>
    public virtual bool HasRawControl => false;

    /// <summary>Owner and group to show.</summary>
    protected (uint User, uint Group) Owner => (_userId, _groupId);

    /// <inheritdoc/>
    public override string Path => $"socket:[{Inode}]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => Queue.Version;

    /// <summary>Permissions that fstat shows, and that a name in the tree gets.</summary>
    protected uint Mode { get; private set; } = 0x1FF;

    /// <summary>Gives the socket a name.</summary>
    public abstract int Bind(in SocketUser user, ReadOnlySpan<byte> address);

    /// <summary>Connects. -EAGAIN or -EINPROGRESS: not yet; calling again says how it ended.</summary>
    public abstract int Connect(in SocketUser user, ReadOnlySpan<byte> address);

    /// <summary>Lets others connect.</summary>
    public virtual int Listen(in SocketUser user, int backlog) => -Errno.EOPNOTSUPP;

    /// <summary>Takes the next connection; -EAGAIN when there is none.</summary>
    /// <param name="flags">O_NONBLOCK or 0 for the new socket.</param>
    /// <param name="socket">The new socket with one reference.</param>
    public virtual int Accept(int flags, out Socket? socket)
    {
        socket = null;
        return -Errno.EOPNOTSUPP;
    }

    /// <summary>Ends one or both directions (SHUT_ number, checked).</summary>
    public virtual int Shutdown(int how) => -Errno.EOPNOTSUPP;

    /// <summary>Writes this end's address, or the peer's, into a buffer of at least <see cref="Sockets.AddressMax"/> bytes.</summary>
    /// <returns>Its length.</returns>
    public abstract int GetName(Span<byte> address, bool peer);

    /// <summary>Sends; returns how many bytes were taken.</summary>
    public abstract long Send(in SocketUser user, ref OutgoingMessage message);

    /// <summary>Receives; returns how many bytes were written, or with MSG_TRUNC how many the message had.</summary>
    public abstract long Receive(ref IncomingMessage message);

    /// <summary>Sets an option.</summary>
    /// <param name="user">Who.</param>
    /// <param name="level">SOL_ or IPPROTO_ number.</param>
    /// <param name="name">The option.</param>
    /// <param name="value">The value as the program gave it.</param>
    public virtual int SetOption(in SocketUser user, int level, int name, ReadOnlySpan<byte> value)
    {
        int result = level == Sockets.SOL_SOCKET ? Settings.Set(name, value, user.Ids.uid == 0) : -Errno.ENOPROTOOPT;
        if (result == 0)
            Queue.Wake();
        return result;
    }

    /// <summary>Reads an option.</summary>
    /// <param name="level">SOL_ or IPPROTO_ number.</param>
    /// <param name="name">The option.</param>
    /// <param name="value">Room for it.</param>
    /// <returns>The length written, never more than there is room for.</returns>
    public virtual int GetOption(int level, int name, Span<byte> value)
    {
        if (level != Sockets.SOL_SOCKET)
            return level == Sockets.SOL_NETLINK || Family != Sockets.AF_UNIX ? -Errno.ENOPROTOOPT : -Errno.EOPNOTSUPP;
        return name switch
        {
            SocketOptions.SO_TYPE => SocketSettings.Put(value, Type),
            SocketOptions.SO_DOMAIN => SocketSettings.Put(value, Family),
            SocketOptions.SO_PROTOCOL => SocketSettings.Put(value, Protocol),
            SocketOptions.SO_ERROR => SocketSettings.Put(value, TakeError()),
            SocketOptions.SO_ACCEPTCONN => SocketSettings.Put(value, IsListening ? 1 : 0),
            SocketOptions.SO_COOKIE => value.Length < sizeof(ulong) ? -Errno.EINVAL : SocketSettings.Put(value, Inode),
            _ => Settings.Get(name, value),
        };
    }

    /// <summary>Attaches a checked filter, or takes it away with null; 0, -EPERM when it is locked, -ENOENT when there is none.</summary>
    public virtual int SetFilter(BpfProgram? program) => Settings.SetFilter(program);

    /// <summary>Whether others can connect.</summary>
    protected virtual bool IsListening => false;

    /// <summary>Takes the pending error (SO_ERROR), a positive errno or 0.</summary>
    protected virtual int TakeError() => 0;

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = new FileStatus
        {
            DeviceMinor = SocketDevice,
            Inode = Inode,
            Mode = ModeBits.S_IFSOCK | Mode,
            Links = 1,
            UserId = _userId,
            GroupId = _groupId,
            BlockSize = 4096,
        };
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(SOCKFS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override int ChangeMode(uint mode)
    {
        Mode = mode & ModeBits.S_IALLUGO;
        return 0;
    }

    /// <summary>A write without a message around it, for copies from file to file.</summary>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        OutgoingMessage message = new() { Data = IsByteStream ? buffer : buffer[..Math.Min(buffer.Length, MaxMessage)], Flags = MessageFlags.MSG_NOSIGNAL };
        return Send(default, ref message);
    }

    /// <summary>A read without a message around it, for copies from file to file.</summary>
    public override long Read(Span<byte> buffer)
    {
        IncomingMessage message = new() { Data = buffer };
        long result = Receive(ref message);
        foreach (OpenFile file in message.Files ?? [])
            file.Release();
        return result;
    }
}
