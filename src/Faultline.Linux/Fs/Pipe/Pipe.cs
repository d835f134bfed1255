using System.Buffers;
using System.Numerics;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Pipe;

/// <summary>
/// What is between the two ends of a pipe (pipe(7), fs/pipe.c): a queue of pages, each with a run of bytes. Room is counted in pages as Linux does, so that
/// a pipe is full at the same number of writes.
/// </summary>
internal sealed class Pipe
{
    /// <summary>Writes up to this length are not mixed with others' (PIPE_BUF), and bytes of a page.</summary>
    public const int PIPE_BUF = 4096;

    /// <summary>Capacity of a new pipe.</summary>
    public const int DefaultCapacity = 64 * 1024;

    /// <summary>The most F_SETPIPE_SZ gives (/proc/sys/fs/pipe-max-size).</summary>
    public const int MaxCapacity = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<PipePage> _pages = new();
    private int _slots = DefaultCapacity / PIPE_BUF;
    private int _count;
    private int _readers;
    private int _writers;
    private long _readerOpens;
    private long _writerOpens;

    /// <summary>Those who wait for either end.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Inode number of both ends.</summary>
    public ulong Inode { get; } = AnonymousFile.NextInode();

    /// <summary>Bytes it can hold.</summary>
    public int Capacity => _slots * PIPE_BUF;

    /// <summary>Bytes in it.</summary>
    public int Count => _count;

    /// <summary>Bytes that surely fit now: those of the free pages.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
                return Math.Max(_slots - _pages.Count, 0) * PIPE_BUF;
        }
    }

    /// <summary>Whether somebody has the end for reading open.</summary>
    public bool HasReaders => Volatile.Read(ref _readers) > 0;

    /// <summary>Whether somebody has the end for writing open.</summary>
    public bool HasWriters => Volatile.Read(ref _writers) > 0;

    /// <summary>How often the end for reading was opened (r_counter).</summary>
    public long ReaderOpens => Volatile.Read(ref _readerOpens);

    /// <summary>How often the end for writing was opened (w_counter).</summary>
    public long WriterOpens => Volatile.Read(ref _writerOpens);

    /// <summary>An end is opened.</summary>
    public void Open(bool reader, bool writer)
    {
        lock (_lock)
        {
            _readers += reader ? 1 : 0;
            _writers += writer ? 1 : 0;
            _readerOpens += reader ? 1 : 0;
            _writerOpens += writer ? 1 : 0;
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
            if (_readers == 0 && _writers == 0)
                Drop(int.MaxValue);
        }
        Queue.Wake();
    }

    /// <summary>Takes bytes out: 0 when it is empty and has no writer, -EAGAIN when it is empty. A packet is taken whole, whatever fits of it.</summary>
    public long Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int done = 0;
        lock (_lock)
        {
            if (_pages.Count == 0)
                return _writers == 0 ? 0 : -Errno.EAGAIN;
            while (done < buffer.Length && _pages.First is { } node)
            {
                PipePage page = node.Value;
                int step = Math.Min(buffer.Length - done, page.Length);
                page.Bytes.AsSpan(page.Start, step).CopyTo(buffer[done..]);
                done += step;
                bool isPacket = page.IsPacket;
                Take(page, isPacket ? page.Length : step);
                if (isPacket)
                    break;
            }
        }
        Queue.Wake();
        return done;
    }

    /// <summary>
    /// Puts bytes in: all of them, or none (-EAGAIN), when they are PIPE_BUF or fewer; otherwise as many as there are pages for. -EPIPE
    /// without readers.
    /// </summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="asPackets">Each page becomes a packet of its own (O_DIRECT).</param>
    public long Write(ReadOnlySpan<byte> buffer, bool asPackets = false)
    {
        int done = 0;
        lock (_lock)
        {
            if (_readers == 0)
                return -Errno.EPIPE;
            if (buffer.IsEmpty)
                return 0;
            // What is more than whole pages joins the last page when it fits there, so that later pages stay whole.
            int odd = buffer.Length % PIPE_BUF;
            if (odd > 0 && !asPackets && _pages.Last?.Value is { IsPacket: false } last && last.Start + last.Length + odd <= PIPE_BUF)
            {
                buffer[..odd].CopyTo(last.Bytes.AsSpan(last.Start + last.Length));
                last.Length += odd;
                done = odd;
            }
            while (done < buffer.Length && _pages.Count < _slots)
            {
                int step = Math.Min(PIPE_BUF, buffer.Length - done);
                PipePage page = new(ArrayPool<byte>.Shared.Rent(PIPE_BUF), asPackets) { Length = step };
                buffer.Slice(done, step).CopyTo(page.Bytes);
                _ = _pages.AddLast(page);
                done += step;
            }
            _count += done;
            if (done == 0)
                return -Errno.EAGAIN;
        }
        Queue.Wake();
        return done;
    }

    /// <summary>Copies bytes without taking them out (tee).</summary>
    public int Peek(Span<byte> buffer)
    {
        int done = 0;
        lock (_lock)
        {
            for (LinkedListNode<PipePage>? node = _pages.First; node is not null && done < buffer.Length; node = node.Next)
            {
                int step = Math.Min(buffer.Length - done, node.Value.Length);
                node.Value.Bytes.AsSpan(node.Value.Start, step).CopyTo(buffer[done..]);
                done += step;
            }
        }
        return done;
    }

    /// <summary>Takes out bytes that were looked at with <see cref="Peek"/>.</summary>
    public void Skip(int bytes)
    {
        lock (_lock)
            Drop(bytes);
        Queue.Wake();
    }

    /// <summary>Changes the capacity (F_SETPIPE_SZ): rounded up to a power of two of pages.</summary>
    /// <returns>The new capacity, -EBUSY when more is in the pipe, -EPERM above the limit, -EINVAL.</returns>
    public int Resize(uint capacity)
    {
        if (capacity > 0x80000000)
            return -Errno.EINVAL;
        uint rounded = BitOperations.RoundUpToPowerOf2(Math.Max(capacity, PIPE_BUF));
        if (rounded > MaxCapacity)
            return -Errno.EPERM;
        lock (_lock)
        {
            if (rounded / PIPE_BUF < _pages.Count)
                return -Errno.EBUSY;
            _slots = (int)rounded / PIPE_BUF;
        }
        Queue.Wake();
        return (int)rounded;
    }

    /// <summary>What poll reports at an end.</summary>
    /// <param name="reader">The end for reading.</param>
    /// <param name="writer">The end for writing.</param>
    /// <param name="opened">How often the end for writing had been opened when a FIFO was opened without waiting: until then nobody hangs up.</param>
    public PollEvents Poll(bool reader, bool writer, long opened)
    {
        PollEvents events = PollEvents.None;
        lock (_lock)
        {
            if (reader && _pages.Count > 0)
                events |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
            if (reader && _writers == 0 && _writerOpens != opened)
                events |= PollEvents.POLLHUP;
            if (writer && _pages.Count < _slots)
                events |= PollEvents.POLLOUT | PollEvents.POLLWRNORM;
            if (writer && _readers == 0)
                events |= PollEvents.POLLERR;
        }
        return events;
    }

    private void Drop(int bytes)
    {
        while (bytes > 0 && _pages.First?.Value is { } page)
        {
            int step = Math.Min(bytes, page.Length);
            Take(page, step);
            bytes -= step;
        }
    }

    /// <summary>Takes bytes of the first page, and the page when none is left.</summary>
    private void Take(PipePage page, int bytes)
    {
        page.Start += bytes;
        page.Length -= bytes;
        _count -= bytes;
        if (page.Length > 0)
            return;
        _pages.RemoveFirst();
        ArrayPool<byte>.Shared.Return(page.Bytes);
    }
}
