using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Ipc;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Ipc.IpcLimits;

namespace Faultline.Linux.Syscalls.Ipc;

/// <summary>msgget(2), msgsnd(2), msgrcv(2), msgctl(2) (ipc/msg.c).</summary>
internal static class MessageQueueCalls
{
    private const int MSG_NOERROR = 0x1000;
    private const int MSG_EXCEPT = 0x2000;
    private const int MSG_COPY = 0x4000;
    private const int MSG_STAT = 11;
    private const int MSG_INFO = 12;
    private const int MSG_STAT_ANY = 13;
    private const int StatusSize = 120;

    /// <summary>int msgget(key_t key, int msgflg)</summary>
    public static long Msgget(Task task, in SyscallArguments a) => task.Kernel.Ipc.Queues.Get(task, a.Int0, a.Int1, _ => 0, () => (new MessageQueue(), 0));

    /// <summary>int msgsnd(int msqid, const void *msgp, size_t msgsz, int msgflg)</summary>
    public static long Msgsnd(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A1, out long type))
            return -Errno.EFAULT;
        if (a.A2 > MSGMAX || a.Int0 < 0 || type < 1)
            return -Errno.EINVAL;
        byte[] text = new byte[a.A2];
        if (task.Memory.Read(a.A1 + sizeof(long), text) != text.Length)
            return -Errno.EFAULT;
        IpcTable<MessageQueue> table = task.Kernel.Ipc.Queues;
        using WaitSet wait = new(task);
        MessageQueue? queue = null;
        while (true)
        {
            wait.Clear();
            if (queue is not null)
                wait.Add(queue.Queue);
            lock (table.Lock)
            {
                int error = queue is { IsRemoved: true } ? -Errno.EIDRM : table.Find(a.Int0, out MessageQueue? found) is < 0 and int missing ? missing : 0;
                if (error != 0)
                    return error;
                error = (queue ??= table.At(a.Int0 & ((1 << IndexBits) - 1))!).Check(task, 0x92);
                if (error != 0)
                    return error;
                if (queue.Fits(text.Length))
                {
                    _ = queue.Messages.AddLast((type, text));
                    queue.Bytes += (ulong)text.Length;
                    queue.SenderPid = task.Process.Pid;
                    queue.SendTime = task.Host.Clock.Realtime / 1_000_000_000;
                    break;
                }
                if ((a.Int3 & IPC_NOWAIT) != 0)
                    return -Errno.EAGAIN;
            }
            // The first time round the queue was not yet known: look again with it watched.
            if (!wait.IsEmpty && wait.Sleep(long.MaxValue) == -Errno.EINTR)
                return -Errno.ERESTARTNOHAND;
        }
        queue.Queue.Wake();
        return 0;
    }

    /// <summary>ssize_t msgrcv(int msqid, void *msgp, size_t msgsz, long msgtyp, int msgflg)</summary>
    public static long Msgrcv(Task task, in SyscallArguments a)
    {
        int flags = a.Int4;
        if (a.Int0 < 0 || (long)a.A2 < 0)
            return -Errno.EINVAL;
        bool copies = (flags & MSG_COPY) != 0;
        if (copies && ((flags & MSG_EXCEPT) != 0 || (flags & IPC_NOWAIT) == 0))
            return -Errno.EINVAL;
        IpcTable<MessageQueue> table = task.Kernel.Ipc.Queues;
        using WaitSet wait = new(task);
        MessageQueue? queue = null;
        (long Type, byte[] Text) message;
        while (true)
        {
            wait.Clear();
            if (queue is not null)
                wait.Add(queue.Queue);
            lock (table.Lock)
            {
                int error = queue is { IsRemoved: true } ? -Errno.EIDRM : table.Find(a.Int0, out MessageQueue? found) is < 0 and int missing ? missing : 0;
                if (error != 0)
                    return error;
                error = (queue ??= table.At(a.Int0 & ((1 << IndexBits) - 1))!).Check(task, 0x124);
                if (error != 0)
                    return error;
                LinkedListNode<(long Type, byte[] Text)>? node = copies ? At(queue, (long)a.A3) : queue.Find((long)a.A3, (flags & MSG_EXCEPT) != 0);
                if (node is not null)
                {
                    message = node.Value;
                    if ((ulong)message.Text.Length > a.A2 && (flags & MSG_NOERROR) == 0)
                        return -Errno.E2BIG;
                    if (!copies)
                    {
                        queue.Messages.Remove(node);
                        queue.Bytes -= (ulong)message.Text.Length;
                        queue.ReceiverPid = task.Process.Pid;
                        queue.ReceiveTime = task.Host.Clock.Realtime / 1_000_000_000;
                    }
                    break;
                }
                if ((flags & IPC_NOWAIT) != 0)
                    return -Errno.ENOMSG;
            }
            if (!wait.IsEmpty && wait.Sleep(long.MaxValue) == -Errno.EINTR)
                return -Errno.ERESTARTNOHAND;
        }
        queue.Queue.Wake();
        int length = (int)Math.Min((ulong)message.Text.Length, a.A2);
        bool delivered = task.Memory.TryWrite(a.A1, message.Type) && task.Memory.Write(a.A1 + sizeof(long), message.Text.AsSpan(0, length)) == length;
        return delivered ? length : -Errno.EFAULT;
    }

    /// <summary>int msgctl(int msqid, int op, struct msqid_ds *buf)</summary>
    public static long Msgctl(Task task, in SyscallArguments a)
    {
        (int id, int command) = (a.Int0, a.Int1);
        if (id < 0 || command < 0)
            return -Errno.EINVAL;
        IpcTable<MessageQueue> table = task.Kernel.Ipc.Queues;
        return command switch
        {
            IPC_INFO or MSG_INFO => Info(task, table, command, a.A2),
            IPC_STAT or MSG_STAT or MSG_STAT_ANY => Stat(task, table, id, command, a.A2),
            IPC_SET or IPC_RMID => Change(task, table, id, command, a.A2),
            _ => -Errno.EINVAL,
        };
    }

    private static LinkedListNode<(long Type, byte[] Text)>? At(MessageQueue queue, long index)
    {
        LinkedListNode<(long Type, byte[] Text)>? node = queue.Messages.First;
        for (; node is not null && index > 0; index--)
            node = node.Next;
        return index < 0 ? null : node;
    }

    private static long Change(Task task, IpcTable<MessageQueue> table, int id, int command, ulong address)
    {
        Span<byte> wanted = stackalloc byte[StatusSize];
        if (command == IPC_SET && task.Memory.Read(address, wanted) != wanted.Length)
            return -Errno.EFAULT;
        MessageQueue? queue;
        lock (table.Lock)
        {
            int error = table.Find(id, out queue);
            error = error == 0 ? queue!.CheckOwner(task) : error;
            if (error != 0)
                return error;
            if (command == IPC_SET)
            {
                ulong limit = BinaryPrimitives.ReadUInt64LittleEndian(wanted[88..]);
                // More than the default would need a capability.
                if (limit > MSGMNB)
                    return -Errno.EPERM;
                queue!.Limit = limit;
                queue.ReadPermissions(wanted);
                queue.ChangeTime = task.Host.Clock.Realtime / 1_000_000_000;
            }
            else
            {
                table.Remove(queue!);
            }
        }
        queue!.Queue.Wake();
        return 0;
    }

    private static long Stat(Task task, IpcTable<MessageQueue> table, int id, int command, ulong address)
    {
        byte[] bytes = new byte[StatusSize];
        long result;
        lock (table.Lock)
        {
            MessageQueue? queue;
            int error = 0;
            if (command == IPC_STAT)
                error = table.Find(id, out queue);
            else
                queue = table.At(id);
            if (queue is null)
                return error == 0 ? -Errno.EINVAL : error;
            error = command == MSG_STAT_ANY ? 0 : queue.Check(task, 0x124);
            if (error != 0)
                return error;
            queue.WritePermissions(bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), queue.SendTime);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), queue.ReceiveTime);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(64), queue.ChangeTime);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(72), queue.Bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(80), queue.Messages.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(88), queue.Limit);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(96), queue.SenderPid);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(100), queue.ReceiverPid);
            result = command == IPC_STAT ? 0 : queue.Id;
        }
        return task.Memory.Write(address, bytes) == bytes.Length ? result : -Errno.EFAULT;
    }

    /// <summary>struct msginfo: seven ints and an unsigned short.</summary>
    private static long Info(Task task, IpcTable<MessageQueue> table, int command, ulong address)
    {
        int highest, pool = MSGMNI * MSGMNB / 1024, map = MSGMNB, total = MSGMNB;
        lock (table.Lock)
        {
            highest = table.HighestIndex;
            if (command == MSG_INFO)
            {
                (pool, map, total) = (table.Count, 0, 0);
                foreach (MessageQueue queue in table.Objects)
                {
                    map += queue.Messages.Count;
                    total += (int)queue.Bytes;
                }
            }
        }
        ReadOnlySpan<int> info = [pool, map, MSGMAX, MSGMNB, MSGMNI, 16, total, 0xFFFF];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(info);
        return task.Memory.Write(address, bytes) == bytes.Length ? highest : -Errno.EFAULT;
    }
}
