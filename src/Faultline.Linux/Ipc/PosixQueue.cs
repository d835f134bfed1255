using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Ipc;

/// <summary>A POSIX message queue (mq_overview(7), ipc/mqueue.c): messages by priority, the oldest of the highest first.</summary>
internal sealed class PosixQueue(long mostMessages, long messageSize, uint mode, uint userId, uint groupId, long now)
{
    private readonly SortedList<uint, Queue<byte[]>> _messages = [];

    /// <summary>Guards the queue.</summary>
    public Lock Lock { get; } = new();

    /// <summary>How many messages it holds at most (mq_maxmsg).</summary>
    public long MostMessages { get; } = mostMessages;

    /// <summary>How long a message may be (mq_msgsize).</summary>
    public long MessageSize { get; } = messageSize;

    /// <summary>Permissions.</summary>
    public uint Mode { get; set; } = mode;

    /// <summary>Owner.</summary>
    public uint UserId { get; } = userId;

    /// <summary>Group.</summary>
    public uint GroupId { get; } = groupId;

    /// <summary>When it was made, in nanoseconds.</summary>
    public long CreationTime { get; } = now;

    /// <summary>Inode number.</summary>
    public ulong Inode { get; } = AnonymousFile.NextInode();

    /// <summary>Messages in it (mq_curmsgs).</summary>
    public int Count { get; private set; }

    /// <summary>Bytes in them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Threads that wait for a message: with one, nobody is notified.</summary>
    public int Receivers { get; set; }

    /// <summary>Rings when a message comes or goes.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Who is told when a message comes into the empty queue; null for nobody.</summary>
    public Process? Notified { get; set; }

    /// <summary>How: SIGEV_NONE or SIGEV_SIGNAL with signal and value.</summary>
    public Sigevent Notification { get; set; }

    /// <summary>What the queue counts against RLIMIT_MSGQUEUE: the messages, and the kernel's structures for each (mqueue_get_inode).</summary>
    public static ulong Cost(long mostMessages, long messageSize)
    {
        const ulong messageStructure = 48, treeNode = 48, priorities = 32768;
        ulong count = (ulong)mostMessages;
        return (count * messageStructure) + (Math.Min(count, priorities) * treeNode) + (count * (ulong)messageSize);
    }

    /// <summary>Adds a message, with the lock held and room for it.</summary>
    public void Add(byte[] text, uint priority)
    {
        if (!_messages.TryGetValue(priority, out Queue<byte[]>? queue))
            _messages.Add(priority, queue = new Queue<byte[]>());
        queue.Enqueue(text);
        Count++;
        Bytes += text.Length;
    }

    /// <summary>Takes the oldest message of the highest priority, with the lock held and one in it.</summary>
    public byte[] Take(out uint priority)
    {
        priority = _messages.Keys[^1];
        Queue<byte[]> queue = _messages.Values[^1];
        byte[] text = queue.Dequeue();
        if (queue.Count == 0)
            _messages.RemoveAt(_messages.Count - 1);
        Count--;
        Bytes -= text.Length;
        return text;
    }
}
