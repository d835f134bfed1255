using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;

namespace Faultline.Linux.Host.Linux;

/// <summary>
/// Tells of edges at handles: one epoll of the host, and one thread that sleeps in it while something is watched and for a second after.
/// </summary>
internal sealed unsafe class LinuxHostWatch
{
    private const int EPOLL_CLOEXEC = 0x80000;
    private const int EPOLL_CTL_ADD = 1;
    private const int EPOLL_CTL_DEL = 2;

    /// <summary>EPOLLIN, PRI, OUT, RDHUP and EPOLLET.</summary>
    private const uint Edges = 0x8000_2007;
    private const int Batch = 64;
    private const int IdleMilliseconds = 1000;

    /// <summary>Only x86-64 packs struct epoll_event.</summary>
    private static readonly int _eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Action> _watched = [];
    private long _last;
    private int _epoll = -1;

    /// <summary>Watches a handle.</summary>
    public IDisposable Add(int handle, Action changed)
    {
        lock (_lock)
        {
            if (_epoll < 0)
                Start();
            Watched watched = new(this, handle, ++_last);
            _watched.Add(watched.Id, changed);
            byte* value = stackalloc byte[16];
            Span<byte> bytes = new(value, 16);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Edges);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(_eventSize - sizeof(long))..], watched.Id);
            if (Libc.epoll_ctl(_epoll, EPOLL_CTL_ADD, handle, value) < 0)
                throw new IOException("the host does not watch a socket: " + Errno.Describe(-Libc.LastError()));
            return watched;
        }
    }

    private void Start()
    {
        _epoll = Libc.epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new IOException("the host gives no epoll descriptor: " + Errno.Describe(-Libc.LastError()));
        new Thread(Run) { IsBackground = true, Name = "sockets" }.Start(_epoll);
    }

    private void Remove(Watched watched)
    {
        lock (_lock)
        {
            if (!_watched.Remove(watched.Id))
                return;
            byte* unused = stackalloc byte[16];
            _ = Libc.epoll_ctl(_epoll, EPOLL_CTL_DEL, watched.Handle, unused);
        }
    }

    private void Run(object? state)
    {
        int epoll = (int)state!;
        byte* events = stackalloc byte[Batch * 16];
        while (true)
        {
            int count = Libc.epoll_wait(epoll, events, Batch, IdleMilliseconds);
            for (int i = 0; i < count; i++)
            {
                Action? changed;
                lock (_lock)
                    _ = _watched.TryGetValue(*(long*)(events + (i * _eventSize) + _eventSize - sizeof(long)), out changed);
                changed?.Invoke();
            }
            if (count != 0)
                continue;
            lock (_lock)
            {
                if (_watched.Count > 0)
                    continue;
                _epoll = -1;
                _ = Libc.close(epoll);
                return;
            }
        }
    }

    private sealed class Watched(LinuxHostWatch owner, int handle, long id) : IDisposable
    {
        public int Handle { get; } = handle;

        public long Id { get; } = id;

        public void Dispose() => owner.Remove(this);
    }
}
