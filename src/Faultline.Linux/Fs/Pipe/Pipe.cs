using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Pipe;

/// <summary>The bytes between the two ends of a pipe (pipe(7)), with who is still at either end.</summary>
internal sealed class Pipe
{
    /// <summary>Writes up to this length are not mixed with others' (PIPE_BUF).</summary>
    public const int PIPE_BUF = 4096;

    /// <summary>Capacity of a new pipe.</summary>
    public const int DefaultCapacity = 64 * 1024;

    /// <summary>The most F_SETPIPE_SZ gives (/proc/sys/fs/pipe-max-size).</summary>
    public const int MaxCapacity = 1024 * 1024;

    private readonly Lock _lock = new();
    private byte[] _ring = [];
    private int _capacity = DefaultCapacity;
    private int _start;
    private int _count;
    private int _readers;
    private int _writers;

    /// <summary>Those who wait for either end.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Inode number of both ends.</summary>
    public ulong Inode { get; } = AnonymousFile.NextInode();

    /// <summary>Bytes it can hold.</summary>
    public int Capacity => _capacity;

    /// <summary>Bytes in it.</summary>
    public int Count => _count;

    /// <summary>An end is opened.</summary>
    public void Open(bool reader, bool writer)
    {
        lock (_lock)
        {
            _readers += reader ? 1 : 0;
            _writers += writer ? 1 : 0;
        }
        Queue.Wake();
    }

    /// <summary>An end is closed.</summary>
    public void Close(bool reader, bool writer)
    {
        lock (_lock)
        {
            _readers -= reader ? 1 : 0;
            _writers -= writer ? 1 : 0;
        }
        Queue.Wake();
    }

    /// <summary>Takes bytes out: 0 when it is empty and has no writer, -EAGAIN when it is empty.</summary>
    public long Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int done;
        lock (_lock)
        {
            if (_count == 0)
                return _writers == 0 ? 0 : -Errno.EAGAIN;
            done = Math.Min(buffer.Length, _count);
            CopyOut(buffer[..done]);
            _start = (_start + done) % _ring.Length;
            _count -= done;
        }
        Queue.Wake();
        return done;
    }

    /// <summary>
    /// Puts bytes in: all of them, or none (-EAGAIN), when they are PIPE_BUF or fewer; otherwise as many as there is room for. -EPIPE
    /// without readers.
    /// </summary>
    public long Write(ReadOnlySpan<byte> buffer)
    {
        int done;
        lock (_lock)
        {
            if (_readers == 0)
                return -Errno.EPIPE;
            if (buffer.IsEmpty)
                return 0;
            int room = _capacity - _count;
            if (room == 0 || (buffer.Length <= PIPE_BUF && buffer.Length > room))
                return -Errno.EAGAIN;
            done = Math.Min(buffer.Length, room);
            Reserve(_count + done);
            CopyIn(buffer[..done]);
            _count += done;
        }
        Queue.Wake();
        return done;
    }

    /// <summary>Copies bytes without taking them out (tee).</summary>
    public int Peek(Span<byte> buffer)
    {
        lock (_lock)
        {
            int length = Math.Min(buffer.Length, _count);
            if (length > 0)
                CopyOut(buffer[..length]);
            return length;
        }
    }

    /// <summary>Changes the capacity (F_SETPIPE_SZ): rounded up to a power of two of pages.</summary>
    /// <returns>The new capacity, -EBUSY when more is in the pipe, -EPERM above the limit, -EINVAL.</returns>
    public int Resize(uint capacity)
    {
        if (capacity > 0x80000000)
            return -Errno.EINVAL;
        uint rounded = System.Numerics.BitOperations.RoundUpToPowerOf2(Math.Max(capacity, PIPE_BUF));
        if (rounded > MaxCapacity)
            return -Errno.EPERM;
        lock (_lock)
        {
            if (rounded < _count)
                return -Errno.EBUSY;
            _capacity = (int)rounded;
        }
        Queue.Wake();
        return (int)rounded;
    }

    /// <summary>What poll reports at an end.</summary>
    public PollEvents Poll(bool reader, bool writer)
    {
        PollEvents events = PollEvents.None;
        lock (_lock)
        {
            if (reader && _count > 0)
                events |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
            if (reader && _writers == 0)
                events |= PollEvents.POLLHUP;
            if (writer && _capacity - _count >= PIPE_BUF)
                events |= PollEvents.POLLOUT | PollEvents.POLLWRNORM;
            if (writer && _readers == 0)
                events |= PollEvents.POLLERR;
        }
        return events;
    }

    /// <summary>The ring grows with what is in the pipe: most never hold more than a line.</summary>
    private void Reserve(int count)
    {
        if (count <= _ring.Length)
            return;
        byte[] ring = new byte[Math.Min(_capacity, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, PIPE_BUF)))];
        if (_count > 0)
            CopyOut(ring.AsSpan(0, _count));
        _ring = ring;
        _start = 0;
    }

    private void CopyOut(Span<byte> destination)
    {
        int first = Math.Min(destination.Length, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(destination);
        _ring.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    private void CopyIn(ReadOnlySpan<byte> source)
    {
        int at = (_start + _count) % _ring.Length;
        int first = Math.Min(source.Length, _ring.Length - at);
        source[..first].CopyTo(_ring.AsSpan(at));
        source[first..].CopyTo(_ring);
    }
}
