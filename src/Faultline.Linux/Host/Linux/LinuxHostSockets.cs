using Faultline.Linux.Abi.Net;

namespace Faultline.Linux.Host.Linux;

/// <summary>Sockets of a Linux host, whose numbers and layouts are the guest's own.</summary>
internal sealed unsafe partial class LinuxHostSockets : IHostSockets
{
    private const int Always = Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;

    private readonly LinuxHostWatch _watch = new();

    /// <inheritdoc/>
    public int Create(int family, int type, int protocol) => Libc.Result(Libc.socket(family, type | Always, protocol));

    /// <inheritdoc/>
    public void Close(int handle) => _ = Libc.close(handle);

    /// <inheritdoc/>
    public int Bind(int handle, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = address)
            return Libc.Result(Libc.bind(handle, p, (uint)address.Length));
    }

    /// <inheritdoc/>
    public int Connect(int handle, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = address)
            return Libc.Result(Libc.connect(handle, p, (uint)address.Length));
    }

    /// <inheritdoc/>
    public int Listen(int handle, int backlog) => Libc.Result(Libc.listen(handle, backlog));

    /// <inheritdoc/>
    public int Accept(int handle) => Libc.Result(Libc.accept4(handle, null, null, Always));

    /// <inheritdoc/>
    public int Shutdown(int handle, int how) => Libc.Result(Libc.shutdown(handle, how));

    /// <inheritdoc/>
    public int GetName(int handle, Span<byte> address, bool peer)
    {
        uint length = (uint)address.Length;
        fixed (byte* p = address)
        {
            int result = Libc.Result(peer ? Libc.getpeername(handle, p, &length) : Libc.getsockname(handle, p, &length));
            return result < 0 ? result : (int)Math.Min(length, (uint)address.Length);
        }
    }

    /// <inheritdoc/>
    public long Send(int handle, ReadOnlySpan<byte> data, int flags, ReadOnlySpan<byte> address, ReadOnlySpan<byte> control)
    {
        fixed (byte* bytes = data, name = address, ancillary = control)
        {
            HostVector vector = new() { Base = bytes, Length = (nuint)data.Length };
            HostMessageHeader header = new()
            {
                Name = name,
                NameLength = (uint)address.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = ancillary,
                ControlLength = (nuint)control.Length,
            };
            return Libc.Result(Libc.sendmsg(handle, &header, flags | MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_NOSIGNAL));
        }
    }

    /// <inheritdoc/>
    public long Receive(int handle, Span<byte> data, Span<byte> address, Span<byte> control, ref HostReceived received)
    {
        fixed (byte* bytes = data, name = address, ancillary = control)
        {
            HostVector vector = new() { Base = bytes, Length = (nuint)data.Length };
            HostMessageHeader header = new()
            {
                Name = name,
                NameLength = (uint)address.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = ancillary,
                ControlLength = (nuint)control.Length,
            };
            long result = Libc.Result(Libc.recvmsg(handle, &header, received.Flags | MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_CMSG_CLOEXEC));
            if (result < 0)
                return result;
            received.Flags = header.Flags & ~MessageFlags.MSG_CMSG_CLOEXEC;
            received.AddressLength = (int)header.NameLength;
            received.ControlLength = (int)Math.Min(header.ControlLength, (nuint)control.Length);
            return result;
        }
    }

    /// <inheritdoc/>
    public int SetOption(int handle, int level, int name, ReadOnlySpan<byte> value)
    {
        fixed (byte* p = value)
            return Libc.Result(Libc.setsockopt(handle, level, name, p, (uint)value.Length));
    }

    /// <inheritdoc/>
    public int GetOption(int handle, int level, int name, Span<byte> value)
    {
        uint length = (uint)value.Length;
        fixed (byte* p = value)
        {
            int result = Libc.Result(Libc.getsockopt(handle, level, name, p, &length));
            return result < 0 ? result : (int)Math.Min(length, (uint)value.Length);
        }
    }

    /// <inheritdoc/>
    public int Control(int handle, uint request, Span<byte> argument)
    {
        fixed (byte* p = argument)
            return Libc.Result(Libc.ioctl(handle, request, p));
    }

    /// <inheritdoc/>
    public IDisposable Watch(int handle, Action changed) => _watch.Add(handle, changed);
}
