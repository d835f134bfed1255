using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>epoll_create(2), epoll_ctl(2) and epoll_wait(2) (fs/eventpoll.c).</summary>
internal static class Epoll
{
    /// <summary>Bytes of an event in guest memory.</summary>
    private const int EventSize = 12;

    /// <summary>Most events of one call (EP_MAX_EVENTS).</summary>
    private const int MaxEvents = int.MaxValue / EventSize;

    private const uint ExclusiveAllowed = (uint)(PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLERR | PollEvents.POLLHUP)
        | EpollEvent.EPOLLWAKEUP | EpollEvent.EPOLLET | EpollEvent.EPOLLEXCLUSIVE;

    /// <summary>int epoll_create(int size)</summary>
    public static long EpollCreate(Task task, in SyscallArguments a) => a.Int0 <= 0 ? -Errno.EINVAL : Create(task, closeOnExec: false);

    /// <summary>int epoll_create1(int flags)</summary>
    public static long EpollCreate1(Task task, in SyscallArguments a) =>
        (a.Int0 & ~OpenFlags.O_CLOEXEC) != 0 ? -Errno.EINVAL : Create(task, a.Int0 != 0);

    /// <summary>int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)</summary>
    public static long EpollCtl(Task task, in SyscallArguments a)
    {
        EpollEvent wanted = default;
        int operation = a.Int1;
        if (operation != EpollEvent.EPOLL_CTL_DEL && !task.Memory.TryRead(a.A3, out wanted))
            return -Errno.EFAULT;
        using FileUse set = FileUse.Of(task, a.Int0);
        using FileUse target = FileUse.Of(task, a.Int2);
        if (set.IsBad || target.IsBad)
            return -Errno.EBADF;
        OpenFile file = target.File;
        if (!file.CanPoll)
            return -Errno.EPERM;
        if (set.File is not EpollFile epoll || ReferenceEquals(file, epoll))
            return -Errno.EINVAL;
        bool exclusive = (wanted.events & EpollEvent.EPOLLEXCLUSIVE) != 0;
        if (exclusive && (operation == EpollEvent.EPOLL_CTL_MOD || file is EpollFile || (wanted.events & ~ExclusiveAllowed) != 0))
            return -Errno.EINVAL;
        return operation switch
        {
            EpollEvent.EPOLL_CTL_ADD => epoll.Add(file, a.Int2, wanted),
            EpollEvent.EPOLL_CTL_MOD => epoll.Modify(file, a.Int2, wanted),
            EpollEvent.EPOLL_CTL_DEL => epoll.Delete(file, a.Int2),
            _ => -Errno.EINVAL,
        };
    }

    /// <summary>int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)</summary>
    public static long EpollWait(Task task, in SyscallArguments a) => Wait(task, a, Timeout.FromMilliseconds(task, a.Int3));

    /// <summary>int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask, size_t size)</summary>
    public static long EpollPwait(Task task, in SyscallArguments a)
    {
        int error = TemporaryMask.Set(task, a.A4, a.A5);
        return error < 0 ? error : TemporaryMask.EndWithEintr(task, Wait(task, a, Timeout.FromMilliseconds(task, a.Int3)));
    }

    /// <summary>int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents, const struct timespec *timeout, const sigset_t *sigmask, size_t size)</summary>
    public static long EpollPwait2(Task task, in SyscallArguments a)
    {
        int error = Timeout.ReadTimespec(task, a.A3, out long deadline);
        if (error < 0)
            return error;
        error = TemporaryMask.Set(task, a.A4, a.A5);
        return error < 0 ? error : TemporaryMask.EndWithEintr(task, Wait(task, a, deadline));
    }

    private static long Create(Task task, bool closeOnExec)
    {
        IHostIdentity identity = task.Host.Identity;
        return task.Process.Files.Add(new EpollFile(identity.EffectiveUserId, identity.EffectiveGroupId), closeOnExec);
    }

    private static long Wait(Task task, in SyscallArguments a, long deadline)
    {
        int room = a.Int2;
        if (room is <= 0 or > MaxEvents)
            return -Errno.EINVAL;
        if (!Transfer.IsUserRange(a.A1, (ulong)room * EventSize))
            return -Errno.EFAULT;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if (use.File is not EpollFile epoll)
            return -Errno.EINVAL;
        EpollEvent[] events = new EpollEvent[Math.Min(room, Math.Max(epoll.Count, 1))];
        int count = Wait(task, epoll, events, deadline);
        if (count <= 0)
            return count;
        Span<byte> bytes = MemoryMarshal.AsBytes(events.AsSpan(0, count));
        return task.Memory.Write(a.A1, bytes) == bytes.Length ? count : -Errno.EFAULT;
    }

    private static int Wait(Task task, EpollFile epoll, EpollEvent[] events, long deadline)
    {
        int count = epoll.Collect(events, null);
        if (count > 0 || deadline == 0)
            return count;
        using WaitSet set = new(task);
        while (true)
        {
            set.Clear();
            count = epoll.Collect(events, set);
            if (count > 0)
                return count;
            int error = set.Sleep(deadline);
            if (error == -Errno.ETIMEDOUT)
                return epoll.Collect(events, null);
            if (error < 0)
                return error;
        }
    }
}
