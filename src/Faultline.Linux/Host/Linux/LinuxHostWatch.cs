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
    private const long IdleNanoseconds = 1_000_000_000;

    /// <summary>Only x86-64 packs struct epoll_event.</summary>
    private static readonly int _eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Action> _watched = [];
    private long _last;
    private int _epoll = -1;

    /// <summary>Watches a handle. What holds already is no edge: the event that the host reports for it at once is taken here and passed over.</summary>
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
            Take(_epoll, watched.Id);
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
        while (true)
        {
            // Only looks: events are taken with the lock held, so that whoever adds a handle finds the first one of it.
            HostPollItem item = new() { Handle = epoll, Wanted = LinuxHostPoll.POLLIN };
            HostTime idle = HostTime.From(IdleNanoseconds);
            int count = Libc.ppoll(&item, 1, &idle, null);
            lock (_lock)
            {
                if (count != 0)
                    Take(epoll, passedOver: 0);
                if (count != 0 || _watched.Count > 0)
                    continue;
                _epoll = -1;
                _ = Libc.close(epoll);
                return;
            }
        }
    }

    /// <summary>Takes the events there are and tells of them, with the lock held; of one handle it does not tell.</summary>
    private void Take(int epoll, long passedOver)
    {
        byte* events = stackalloc byte[Batch * 16];
        int count;
        do
        {
            count = Libc.epoll_wait(epoll, events, Batch, 0);
            for (int i = 0; i < count; i++)
            {
                long id = *(long*)(events + (i * _eventSize) + _eventSize - sizeof(long));
                if (id != passedOver && _watched.TryGetValue(id, out Action? changed))
                    changed.Invoke();
            }
        }
        while (count == Batch);
    }

    private sealed class Watched(LinuxHostWatch owner, int handle, long id) : IDisposable
    {
        public int Handle { get; } = handle;

        public long Id { get; } = id;

        public void Dispose() => owner.Remove(this);
    }
}
