using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>A place within pieces of guest memory (Linux's iov_iter).</summary>
internal ref struct PieceCursor(ReadOnlySpan<IoVector> pieces)
{
    /// <summary>The most that is seen at once: a read of a short file into a huge buffer must not make all its pages present.</summary>
    private const ulong LongestSpan = 1 << 20;

    private ReadOnlySpan<IoVector> _pieces = pieces;
    private ulong _done;

    /// <summary>Whether no byte is left.</summary>
    public bool IsDone
    {
        get
        {
            Skip();
            return _pieces.IsEmpty;
        }
    }

    /// <summary>Tries to see all that is left, or a megabyte of it, as one span of host memory.</summary>
    /// <param name="task">Whose memory.</param>
    /// <param name="access">What is to be done with it.</param>
    /// <param name="span">The span; empty with true when nothing is left.</param>
    /// <param name="left">Bytes left.</param>
    /// <param name="faults">The very next byte cannot be accessed.</param>
    /// <returns>False when the rest lies in several places.</returns>
    public bool TryGetSpan(Task task, MemoryAccess access, out Span<byte> span, out long left, out bool faults)
    {
        span = default;
        faults = false;
        Skip();
        left = Left();
        if (left == 0)
            return true;
        ulong here = Math.Min(_pieces[0].iov_len - _done, LongestSpan);
        if (!task.Memory.Space.TryGetSpan(_pieces[0].iov_base + _done, (int)here, access, out span, out _))
        {
            faults = true;
            return false;
        }
        return span.Length == left || span.Length == (int)LongestSpan;
    }

    /// <summary>Moves on.</summary>
    public void Advance(long bytes)
    {
        ulong left = (ulong)bytes;
        while (left > 0)
        {
            Skip();
            ulong step = Math.Min(left, _pieces[0].iov_len - _done);
            _done += step;
            left -= step;
        }
    }

    /// <summary>Moves on past bytes that were stored in the span of <see cref="TryGetSpan"/>, before <see cref="AddressSpaceUser.EndStores"/>.</summary>
    public void AdvanceStored(Task task, ReadOnlySpan<byte> stored)
    {
        Skip();
        if (!stored.IsEmpty)
            task.Memory.Space.Confirm(_pieces[0].iov_base + _done, stored);
        Advance(stored.Length);
    }

    /// <summary>Copies into guest memory and moves on; returns bytes before the first that faults.</summary>
    public long CopyOut(Task task, ReadOnlySpan<byte> data)
    {
        long total = 0;
        while (!data.IsEmpty)
        {
            Skip();
            int step = (int)Math.Min((ulong)data.Length, _pieces[0].iov_len - _done);
            int n = task.Memory.Write(_pieces[0].iov_base + _done, data[..step]);
            _done += (ulong)n;
            total += n;
            if (n < step)
                break;
            data = data[step..];
        }
        return total;
    }

    /// <summary>Copies out of guest memory without moving; returns bytes before the first that faults.</summary>
    public readonly int Peek(Task task, Span<byte> data)
    {
        int total = 0;
        ulong done = _done;
        foreach (IoVector piece in _pieces)
        {
            int step = (int)Math.Min((ulong)(data.Length - total), piece.iov_len - done);
            int n = task.Memory.Read(piece.iov_base + done, data.Slice(total, step));
            total += n;
            if (n < step || total == data.Length)
                break;
            done = 0;
        }
        return total;
    }

    private readonly long Left()
    {
        ulong total = 0;
        foreach (IoVector piece in _pieces)
            total += piece.iov_len;
        return (long)(total - _done);
    }

    private void Skip()
    {
        while (!_pieces.IsEmpty && _done == _pieces[0].iov_len)
        {
            _pieces = _pieces[1..];
            _done = 0;
        }
    }
}
