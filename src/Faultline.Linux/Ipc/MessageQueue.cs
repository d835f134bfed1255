using Faultline.Linux.Vfs;

namespace Faultline.Linux.Ipc;

/// <summary>A System V message queue (ipc/msg.c). Guarded by its table's lock.</summary>
internal sealed class MessageQueue : IpcObject
{
    /// <summary>The messages, oldest first.</summary>
    public LinkedList<(long Type, byte[] Text)> Messages { get; } = new();

    /// <summary>Bytes of all messages.</summary>
    public ulong Bytes { get; set; }

    /// <summary>How many bytes there may be.</summary>
    public ulong Limit { get; set; } = IpcLimits.MSGMNB;

    /// <summary>Who sent last.</summary>
    public int SenderPid { get; set; }

    /// <summary>Who received last.</summary>
    public int ReceiverPid { get; set; }

    /// <summary>When, in seconds; 0 for never.</summary>
    public long SendTime { get; set; }

    /// <summary>When, in seconds; 0 for never.</summary>
    public long ReceiveTime { get; set; }

    /// <summary>Rings when a message comes or goes, and when the queue is changed or removed.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Whether a message of some length fits now (msg_fits_inqueue).</summary>
    public bool Fits(int length) => (ulong)length + Bytes <= Limit && (ulong)Messages.Count + 1 <= Limit;

    /// <summary>The first message that a receiver wants, or null.</summary>
    /// <param name="type">0 any, positive that type, negative the lowest type up to its size.</param>
    /// <param name="except">With a positive type: any other.</param>
    public LinkedListNode<(long Type, byte[] Text)>? Find(long type, bool except)
    {
        LinkedListNode<(long Type, byte[] Text)>? best = null;
        for (LinkedListNode<(long Type, byte[] Text)>? node = Messages.First; node is not null; node = node.Next)
        {
            long present = node.Value.Type;
            if (type == 0 || (type > 0 && (present == type) != except))
                return node;
            long most = type == long.MinValue ? long.MaxValue : -type;
            if (type < 0 && present <= most && (best is null || present < best.Value.Type))
                best = node;
        }
        return best;
    }
}
