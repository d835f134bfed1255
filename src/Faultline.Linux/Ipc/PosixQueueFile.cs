using System.Globalization;
using System.Text;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Ipc;

/// <summary>An open POSIX message queue. Read as a file it tells its state in a line.</summary>
internal sealed class PosixQueueFile(PosixQueue queue, string name, int flags) : OpenFile(flags)
{
    private const long MqueueMagic = 0x19800202;

    private long _position;

    /// <summary>The queue.</summary>
    public PosixQueue Queue { get; } = queue;

    /// <inheritdoc/>
    public override string Path => "/" + name;

    /// <inheritdoc/>
    public override long Activity => Queue.Queue.Version;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        long n = ReadAt(buffer, _position);
        _position += Math.Max(n, 0);
        return n;
    }

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset)
    {
        string line;
        lock (Queue.Lock)
        {
            bool signals = Queue.Notified is not null && Queue.Notification.sigev_notify == Sigevent.SIGEV_SIGNAL;
            (int kind, int signal) = (Queue.Notified is null ? 0 : Queue.Notification.sigev_notify, signals ? Queue.Notification.sigev_signo : 0);
            line = string.Create(CultureInfo.InvariantCulture, $"QSIZE:{Queue.Bytes,-10} NOTIFY:{kind,-5} SIGNO:{signal,-5} NOTIFY_PID:{Queue.Notified?.Pid ?? 0,-6}\n");
        }
        byte[] bytes = Encoding.ASCII.GetBytes(line);
        if (offset >= bytes.Length)
            return 0;
        int length = (int)Math.Min(buffer.Length, bytes.Length - offset);
        bytes.AsSpan((int)offset, length).CopyTo(buffer);
        return length;
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = new FileStatus
        {
            DeviceMinor = 19,
            Inode = Queue.Inode,
            Mode = ModeBits.S_IFREG | Queue.Mode,
            Links = 1,
            UserId = Queue.UserId,
            GroupId = Queue.GroupId,
            Size = 80,
            BlockSize = 4096,
        };
        status.Accessed = status.Modified = status.Changed = FileTime.FromNanoseconds(Queue.CreationTime);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(MqueueMagic);
        return 0;
    }

    /// <inheritdoc/>
    public override int ChangeMode(uint mode)
    {
        Queue.Mode = mode & ModeBits.S_IALLUGO;
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Queue.Queue);
        lock (Queue.Lock)
        {
            PollEvents events = Queue.Count > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
            return Queue.Count < Queue.MostMessages ? events | PollEvents.POLLOUT | PollEvents.POLLWRNORM : events;
        }
    }

    /// <inheritdoc/>
    protected override void OnClose()
    {
        // Linux forgets a registration when its process closes any descriptor of the queue; here it is the last one of this description.
        lock (Queue.Lock)
        {
            if (Queue.Notified is { } told && (told.HasEnded || ReferenceEquals(told, Task.Current?.Process)))
                Queue.Notified = null;
        }
    }
}
