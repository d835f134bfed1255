using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Ipc;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Files;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Ipc;

/// <summary>mq_open(2) and its kin (ipc/mqueue.c).</summary>
internal static class PosixQueueCalls
{
    private const uint MQ_PRIO_MAX = 32768;

    /// <summary>fs.mqueue: what an unprivileged user may ask for, and anybody (HARD_MSGMAX, HARD_MSGSIZEMAX).</summary>
    private const long DefaultMessages = 10, DefaultSize = 8192, HardMessages = 65536, HardSize = 16 * 1024 * 1024;

    /// <summary>fs.mqueue.queues_max.</summary>
    private const int MostQueues = 256;

    private const int SI_MESGQ = -3;

    /// <summary>int mq_open(const char *name, int oflag, mode_t mode, struct mq_attr *attr): the C library has taken the slash off the name.</summary>
    public static long MqOpen(Task task, in SyscallArguments a)
    {
        MqAttributes wanted = new() { MostMessages = DefaultMessages, MessageSize = DefaultSize };
        if (a.A3 != 0 && !task.Memory.TryRead(a.A3, out wanted))
            return -Errno.EFAULT;
        int error = ReadName(task, a.A0, out string name);
        if (error < 0)
            return error;
        int flags = a.Int1;
        Dictionary<string, PosixQueue> queues = task.Kernel.Ipc.PosixQueues;
        PosixQueue? queue;
        lock (queues)
        {
            if (queues.TryGetValue(name, out queue))
            {
                if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
                    return -Errno.EEXIST;
                if ((flags & O_ACCMODE) == O_ACCMODE)
                    return -Errno.EINVAL;
                error = CheckAccess(task, queue, flags & O_ACCMODE);
            }
            else
            {
                error = (flags & O_CREAT) == 0 ? -Errno.ENOENT : Make(task, queues, wanted, a.Int2, out queue);
                if (error == 0)
                    queues.Add(name, queue!);
            }
        }
        if (error < 0)
            return error;
        // A descriptor of a queue is always closed by execve.
        return task.Process.Files.Add(new PosixQueueFile(queue!, name, flags & (O_ACCMODE | O_NONBLOCK)), closeOnExec: true);
    }

    /// <summary>int mq_unlink(const char *name)</summary>
    public static long MqUnlink(Task task, in SyscallArguments a)
    {
        int error = ReadName(task, a.A0, out string name);
        if (error < 0)
            return error;
        Dictionary<string, PosixQueue> queues = task.Kernel.Ipc.PosixQueues;
        lock (queues)
        {
            if (!queues.TryGetValue(name, out PosixQueue? queue))
                return -Errno.ENOENT;
            // The directory is sticky.
            if (queue.UserId != task.Credentials.Euid && !task.Credentials.IsPrivileged)
                return -Errno.EPERM;
            _ = queues.Remove(name);
            return 0;
        }
    }

    /// <summary>int mq_timedsend(mqd_t mqdes, const char *msg_ptr, size_t msg_len, unsigned int msg_prio, const struct timespec *abs_timeout)</summary>
    public static long MqTimedsend(Task task, in SyscallArguments a)
    {
        int error = ReadDeadline(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        if ((uint)a.A3 >= MQ_PRIO_MAX)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || use.File is not PosixQueueFile { CanWrite: true } file)
            return -Errno.EBADF;
        PosixQueue queue = file.Queue;
        if (a.A2 > (ulong)queue.MessageSize)
            return -Errno.EMSGSIZE;
        byte[] text = new byte[a.A2];
        if (task.Memory.Read(a.A1, text) != text.Length)
            return -Errno.EFAULT;
        using WaitSet wait = new(task);
        while (true)
        {
            wait.Clear();
            wait.Add(queue.Queue);
            Process? told = null;
            Sigevent how = default;
            bool sent = false;
            lock (queue.Lock)
            {
                if (queue.Count < queue.MostMessages)
                {
                    if (queue.Count == 0 && queue.Receivers == 0 && queue.Notified is not null)
                    {
                        (told, how) = (queue.Notified, queue.Notification);
                        queue.Notified = null;
                    }
                    queue.Add(text, (uint)a.A3);
                    sent = true;
                }
            }
            if (sent)
            {
                queue.Queue.Wake();
                if (told is not null && how.sigev_notify == Sigevent.SIGEV_SIGNAL && how.sigev_signo != 0)
                {
                    _ = told.Send(new Siginfo
                    {
                        si_signo = how.sigev_signo,
                        si_code = SI_MESGQ,
                        si_pid = task.Process.Pid,
                        si_uid = task.Credentials.Uid,
                        si_value = how.sigev_value,
                    });
                }
                return 0;
            }
            error = Wait(task, file, wait, deadline);
            if (error < 0)
                return error;
        }
    }

    /// <summary>ssize_t mq_timedreceive(mqd_t mqdes, char *msg_ptr, size_t msg_len, unsigned int *msg_prio, const struct timespec *abs_timeout)</summary>
    public static long MqTimedreceive(Task task, in SyscallArguments a)
    {
        int error = ReadDeadline(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || use.File is not PosixQueueFile { CanRead: true } file)
            return -Errno.EBADF;
        PosixQueue queue = file.Queue;
        if (a.A2 < (ulong)queue.MessageSize)
            return -Errno.EMSGSIZE;
        using WaitSet wait = new(task);
        while (true)
        {
            wait.Clear();
            wait.Add(queue.Queue);
            byte[]? text = null;
            uint priority = 0;
            lock (queue.Lock)
            {
                if (queue.Count > 0)
                    text = queue.Take(out priority);
                else
                    queue.Receivers++;
            }
            if (text is not null)
            {
                queue.Queue.Wake();
                bool delivered = (a.A3 == 0 || task.Memory.TryWrite(a.A3, priority)) && task.Memory.Write(a.A1, text) == text.Length;
                return delivered ? text.Length : -Errno.EFAULT;
            }
            error = Wait(task, file, wait, deadline);
            lock (queue.Lock)
                queue.Receivers--;
            if (error < 0)
                return error;
        }
    }

    /// <summary>int mq_notify(mqd_t mqdes, const struct sigevent *sevp): SIGEV_THREAD, which Linux does through a netlink socket, is refused.</summary>
    public static long MqNotify(Task task, in SyscallArguments a)
    {
        Sigevent request = default;
        if (a.A1 != 0)
        {
            if (!task.Memory.TryRead(a.A1, out request))
                return -Errno.EFAULT;
            if (request.sigev_notify is not (Sigevent.SIGEV_NONE or Sigevent.SIGEV_SIGNAL or Sigevent.SIGEV_THREAD))
                return -Errno.EINVAL;
            if (request.sigev_notify == Sigevent.SIGEV_SIGNAL && (uint)request.sigev_signo > Sig.SIGRTMAX)
                return -Errno.EINVAL;
            if (request.sigev_notify == Sigevent.SIGEV_THREAD)
                return -Errno.ENOSYS;
        }
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || use.File is not PosixQueueFile file)
            return -Errno.EBADF;
        PosixQueue queue = file.Queue;
        lock (queue.Lock)
        {
            if (a.A1 == 0)
            {
                if (ReferenceEquals(queue.Notified, task.Process))
                    queue.Notified = null;
                return 0;
            }
            if (queue.Notified is { HasEnded: false })
                return -Errno.EBUSY;
            (queue.Notified, queue.Notification) = (task.Process, request);
            return 0;
        }
    }

    /// <summary>int mq_getsetattr(mqd_t mqdes, const struct mq_attr *newattr, struct mq_attr *oldattr)</summary>
    public static long MqGetsetattr(Task task, in SyscallArguments a)
    {
        MqAttributes wanted = default;
        if (a.A1 != 0)
        {
            if (!task.Memory.TryRead(a.A1, out wanted))
                return -Errno.EFAULT;
            if ((wanted.Flags & ~(long)O_NONBLOCK) != 0)
                return -Errno.EINVAL;
        }
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad || use.File is not PosixQueueFile file)
            return -Errno.EBADF;
        MqAttributes present = new()
        {
            Flags = file.Flags & O_NONBLOCK,
            MostMessages = file.Queue.MostMessages,
            MessageSize = file.Queue.MessageSize,
            Count = file.Queue.Count,
        };
        if (a.A1 != 0)
            _ = file.SetFlags((file.Flags & ~O_NONBLOCK) | (int)wanted.Flags);
        return a.A2 == 0 || task.Memory.TryWrite(a.A2, present) ? 0 : -Errno.EFAULT;
    }

    private static int Wait(Task task, PosixQueueFile file, WaitSet wait, long deadline)
    {
        if (file.IsNonBlocking)
            return -Errno.EAGAIN;
        // The deadline is a time of day; a clock that is set meanwhile is not followed.
        long monotonic = deadline == long.MaxValue ? deadline : task.Host.Clock.Monotonic + (deadline - task.Host.Clock.Realtime);
        int slept = wait.Sleep(monotonic);
        return slept == -Errno.EINTR ? -Errno.ERESTARTSYS : slept;
    }

    private static int ReadDeadline(Task task, ulong address, out long deadline)
    {
        deadline = long.MaxValue;
        if (address == 0)
            return 0;
        if (!task.Memory.TryRead(address, out Timespec time))
            return -Errno.EFAULT;
        if (!time.IsValid)
            return -Errno.EINVAL;
        deadline = time.ToNanoseconds();
        return 0;
    }

    /// <summary>getname, and lookup_one_len's rules for a name without directories.</summary>
    private static int ReadName(Task task, ulong address, out string name)
    {
        int result = task.Memory.ReadString(address, PathWalk.PathMax, out name);
        if (result < 0)
            return result;
        if (name.Length == 0)
            return -Errno.ENOENT;
        if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
            return -Errno.EACCES;
        return name.Length > PathWalk.NameMax ? -Errno.ENAMETOOLONG : 0;
    }

    private static int Make(Task task, Dictionary<string, PosixQueue> queues, in MqAttributes wanted, int mode, out PosixQueue? queue)
    {
        queue = null;
        bool isPrivileged = task.Credentials.IsPrivileged;
        if (queues.Count >= MostQueues && !isPrivileged)
            return -Errno.ENOSPC;
        (long most, long largest) = isPrivileged ? (HardMessages, HardSize) : (DefaultMessages, DefaultSize);
        if (wanted.MostMessages <= 0 || wanted.MessageSize <= 0 || wanted.MostMessages > most || wanted.MessageSize > largest)
            return -Errno.EINVAL;
        ulong cost = PosixQueue.Cost(wanted.MostMessages, wanted.MessageSize);
        foreach (PosixQueue present in queues.Values)
            cost += PosixQueue.Cost(present.MostMessages, present.MessageSize);
        if (cost > task.Process.Limits[Resource.RLIMIT_MSGQUEUE].rlim_cur)
            return -Errno.EMFILE;
        uint permissions = (uint)mode & ModeBits.S_IALLUGO & ~task.Process.FileSystem.Umask;
        queue = new PosixQueue(wanted.MostMessages, wanted.MessageSize, permissions, task.Credentials.Fsuid, task.Credentials.Fsgid, task.Host.Clock.Realtime);
        return 0;
    }

    private static int CheckAccess(Task task, PosixQueue queue, int access)
    {
        if (task.Credentials.IsPrivileged)
            return 0;
        uint wanted = access == O_RDONLY ? 4u : access == O_WRONLY ? 2u : 6u;
        uint granted = task.Credentials.Fsuid == queue.UserId ? queue.Mode >> 6 : task.Credentials.Fsgid == queue.GroupId ? queue.Mode >> 3 : queue.Mode;
        return (wanted & ~granted) != 0 ? -Errno.EACCES : 0;
    }

    /// <summary><c>struct mq_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct MqAttributes
    {
        public long Flags;
        public long MostMessages;
        public long MessageSize;
        public long Count;
    }
}
