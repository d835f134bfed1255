using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Bpf;
using static Faultline.Linux.Abi.Net.SocketOptions;

namespace Faultline.Linux.Net;

/// <summary>Values of SOL_SOCKET options that this kernel keeps itself (sk_setsockopt and sk_getsockopt of net/core/sock.c).</summary>
internal sealed class SocketSettings
{
    /// <summary>No timeout.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Buffer size of a new socket (net.core.wmem_default), which is also the most SO_SNDBUF and SO_RCVBUF take.</summary>
    private const int DefaultBuffer = 212992;

    private const int MinSendBuffer = 4608;
    private const int MinReceiveBuffer = 2304;
    private const long Second = 1_000_000_000;

    private readonly Dictionary<int, int> _plain = [];
    private ulong _linger;
    private bool _isFilterLocked;

    /// <summary>Bytes that may be on their way to the receiver (SO_SNDBUF).</summary>
    public int SendBuffer { get; private set; } = DefaultBuffer;

    /// <summary>SO_RCVBUF; nothing here is limited by it but netlink's dumps.</summary>
    public int ReceiveBuffer { get; private set; } = DefaultBuffer;

    /// <summary>Nanoseconds a receive waits at most.</summary>
    public long ReceiveTimeout { get; private set; } = Never;

    /// <summary>Nanoseconds a send, and a connect, wait at most.</summary>
    public long SendTimeout { get; private set; } = Never;

    /// <summary>SO_RCVLOWAT: bytes that a receive of a byte stream waits for.</summary>
    public int ReceiveLowWater { get; private set; } = 1;

    /// <summary>SO_PASSCRED: the receiver wants the sender's ids.</summary>
    public bool PassCredentials { get; private set; }

    /// <summary>The filter that messages pass before they are queued, or null.</summary>
    public BpfProgram? Filter { get; private set; }

    /// <summary>Sets an option.</summary>
    /// <param name="name">SO_ number.</param>
    /// <param name="value">As the program gave it.</param>
    /// <param name="isPrivileged">Whether the caller has all capabilities.</param>
    public int Set(int name, ReadOnlySpan<byte> value, bool isPrivileged)
    {
        // No name at all unbinds a socket, which is bound to nothing.
        if (name == SO_BINDTODEVICE)
            return value.IsEmpty || value[0] == 0 ? 0 : -Errno.EPERM;
        if (value.Length < sizeof(int))
            return -Errno.EINVAL;
        int number = BinaryPrimitives.ReadInt32LittleEndian(value);
        switch (name)
        {
            case SO_TYPE or SO_PROTOCOL or SO_DOMAIN or SO_ERROR or SO_ACCEPTCONN:
                return -Errno.ENOPROTOOPT;
            case SO_DEBUG when number != 0 && !isPrivileged:
                return -Errno.EACCES;
            case SO_SNDBUF or SO_SNDBUFFORCE:
                if (name == SO_SNDBUFFORCE && !isPrivileged)
                    return -Errno.EPERM;
                SendBuffer = BufferSize(number, MinSendBuffer, name == SO_SNDBUFFORCE);
                return 0;
            case SO_RCVBUF or SO_RCVBUFFORCE:
                if (name == SO_RCVBUFFORCE && !isPrivileged)
                    return -Errno.EPERM;
                ReceiveBuffer = BufferSize(number, MinReceiveBuffer, name == SO_RCVBUFFORCE);
                return 0;
            case SO_PRIORITY when number is < 0 or > 6 && !isPrivileged:
            case SO_MARK when !isPrivileged:
                return -Errno.EPERM;
            case SO_LINGER:
                if (value.Length < sizeof(ulong))
                    return -Errno.EINVAL;
                _linger = BinaryPrimitives.ReadUInt64LittleEndian(value);
                if ((uint)_linger != 0)
                    _linger = (_linger & ~0xFFFF_FFFFUL) | 1;
                return 0;
            case SO_PASSCRED:
                PassCredentials = number != 0;
                return 0;
            case SO_RCVLOWAT:
                ReceiveLowWater = number < 0 ? int.MaxValue : number == 0 ? 1 : number;
                return 0;
            case SO_RCVTIMEO or SO_RCVTIMEO_NEW or SO_SNDTIMEO or SO_SNDTIMEO_NEW:
                return SetTimeout(name is SO_RCVTIMEO or SO_RCVTIMEO_NEW, value);
            case SO_DETACH_FILTER:
                return SetFilter(null);
            case SO_LOCK_FILTER:
                if (_isFilterLocked && number == 0)
                    return -Errno.EPERM;
                _isFilterLocked = number != 0;
                return 0;
            // Negative means off, which it is.
            case SO_PEEK_OFF when number < 0:
                return 0;
            case SO_BUSY_POLL when number < 0:
                return -Errno.EINVAL;
            case SO_PEEK_OFF or SO_ZEROCOPY:
                return -Errno.EOPNOTSUPP;
            case SO_DEBUG or SO_REUSEADDR or SO_REUSEPORT or SO_DONTROUTE or SO_BROADCAST or SO_KEEPALIVE or SO_OOBINLINE or SO_NO_CHECK or SO_TIMESTAMP
                or SO_TIMESTAMPNS or SO_RXQ_OVFL or SO_WIFI_STATUS or SO_PASSSEC or SO_SELECT_ERR_QUEUE or SO_NOFCS:
                _plain[name] = number != 0 ? 1 : 0;
                return 0;
            case SO_PRIORITY or SO_MARK or SO_INCOMING_CPU or SO_BUSY_POLL or SO_MAX_PACING_RATE:
                _plain[name] = number;
                return 0;
            case SO_BSDCOMPAT:
                return 0;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    /// <summary>Reads an option; returns its length, cut to the room there is.</summary>
    public int Get(int name, Span<byte> value)
    {
        switch (name)
        {
            case SO_SNDBUF:
                return Put(value, SendBuffer);
            case SO_RCVBUF:
                return Put(value, ReceiveBuffer);
            case SO_LINGER:
                return Put(value, _linger);
            case SO_PASSCRED:
                return Put(value, PassCredentials ? 1 : 0);
            case SO_RCVLOWAT:
                return Put(value, ReceiveLowWater);
            case SO_SNDLOWAT:
                return Put(value, 1);
            case SO_RCVTIMEO or SO_RCVTIMEO_NEW:
                return Put(value, ToTimeval(ReceiveTimeout));
            case SO_SNDTIMEO or SO_SNDTIMEO_NEW:
                return Put(value, ToTimeval(SendTimeout));
            case SO_LOCK_FILTER:
                return Put(value, _isFilterLocked ? 1 : 0);
            case SO_BPF_EXTENSIONS:
                return Put(value, BpfProgram.Extensions);
            case SO_INCOMING_CPU:
                return Put(value, _plain.GetValueOrDefault(name, -1));
            case SO_MAX_PACING_RATE:
                return Put(value, _plain.GetValueOrDefault(name, -1));
            case SO_DEBUG or SO_REUSEADDR or SO_REUSEPORT or SO_DONTROUTE or SO_BROADCAST or SO_KEEPALIVE or SO_OOBINLINE or SO_NO_CHECK or SO_TIMESTAMP
                or SO_TIMESTAMPNS or SO_RXQ_OVFL or SO_WIFI_STATUS or SO_PASSSEC or SO_SELECT_ERR_QUEUE or SO_NOFCS or SO_PRIORITY or SO_MARK or SO_BUSY_POLL
                or SO_BSDCOMPAT:
                return Put(value, _plain.GetValueOrDefault(name));
            case SO_PEEK_OFF:
                return -Errno.EOPNOTSUPP;
            default:
                return -Errno.ENOPROTOOPT;
        }
    }

    /// <summary>Attaches a filter, or takes it away.</summary>
    public int SetFilter(BpfProgram? program)
    {
        if (_isFilterLocked)
            return -Errno.EPERM;
        if (program is null && Filter is null)
            return -Errno.ENOENT;
        Filter = program;
        return 0;
    }

    /// <summary>Writes a value as far as there is room, and returns how far.</summary>
    public static int Put<T>(Span<byte> room, T value)
        where T : unmanaged
    {
        int length = Math.Min(room.Length, Unsafe.SizeOf<T>());
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))[..length].CopyTo(room);
        return length;
    }

    /// <summary>Sets a timeout from a <c>struct timeval</c>; zero means none (sock_set_timeout).</summary>
    public int SetTimeout(bool receive, ReadOnlySpan<byte> value)
    {
        if (value.Length < Unsafe.SizeOf<Timeval>())
            return -Errno.EINVAL;
        Timeval time = MemoryMarshal.Read<Timeval>(value);
        if (time.tv_usec is < 0 or >= 1_000_000)
            return -Errno.EDOM;
        long timeout = time.tv_sec < 0 ? 0 : Never;
        if (time.tv_sec >= 0 && (time.tv_sec != 0 || time.tv_usec != 0) && time.tv_sec < (Never / Second) - 1)
            timeout = (time.tv_sec * Second) + (time.tv_usec * 1000);
        if (receive)
            ReceiveTimeout = timeout;
        else
            SendTimeout = timeout;
        return 0;
    }

    private static Timeval ToTimeval(long timeout) =>
        timeout == Never ? default : new Timeval { tv_sec = timeout / Second, tv_usec = timeout % Second / 1000 };

    /// <summary>The kernel doubles what was asked for, for its own overhead.</summary>
    private static int BufferSize(int wanted, int least, bool isForced)
    {
        if (!isForced)
            wanted = (int)Math.Min((uint)wanted, DefaultBuffer);
        wanted = Math.Clamp(wanted, 0, int.MaxValue / 2);
        return Math.Max(wanted * 2, least);
    }
}
