using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>A counter to wait for (eventfd(2)).</summary>
internal sealed class EventFile(ulong initial, bool isSemaphore, int flags, uint userId, uint groupId) : OpenFile(flags | OpenFlags.O_RDWR)
{
    /// <summary>The largest value it holds.</summary>
    private const ulong Limit = ulong.MaxValue - 1;

    private readonly Lock _lock = new();
    private readonly WaitQueue _queue = new();
    private readonly ulong _inode = AnonymousFile.NextInode();
    private ulong _count = initial;

    /// <inheritdoc/>
    public override string Path => "anon_inode:[eventfd]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => _queue.Version;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        if (buffer.Length < sizeof(ulong))
            return -Errno.EINVAL;
        lock (_lock)
        {
            if (_count == 0)
                return -Errno.EAGAIN;
            ulong value = isSemaphore ? 1 : _count;
            _count -= value;
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        }
        _queue.Wake();
        return sizeof(ulong);
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < sizeof(ulong))
            return -Errno.EINVAL;
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
        if (value == ulong.MaxValue)
            return -Errno.EINVAL;
        lock (_lock)
        {
            if (value > Limit - _count)
                return -Errno.EAGAIN;
            _count += value;
        }
        _queue.Wake();
        return sizeof(ulong);
    }

    /// <inheritdoc/>
    public override long WriteUnreadable(long length) => length < sizeof(ulong) ? -Errno.EINVAL : -Errno.EFAULT;

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, userId, groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(_queue);
        lock (_lock)
        {
            PollEvents events = _count > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
            return _count < Limit ? events | PollEvents.POLLOUT | PollEvents.POLLWRNORM : events;
        }
    }
}
