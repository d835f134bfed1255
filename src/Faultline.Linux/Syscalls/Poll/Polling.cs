using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>poll(2) and ppoll(2) (fs/select.c).</summary>
internal static class Polling
{
    private const PollEvents Always = PollEvents.POLLERR | PollEvents.POLLHUP;

    /// <summary>int poll(struct pollfd *fds, nfds_t nfds, int timeout)</summary>
    public static long Poll(Task task, in SyscallArguments a) => PollUntil(task, a.A0, (uint)a.A1, Timeout.FromMilliseconds(task, a.Int2));

    /// <summary>After a signal without a handler (a stop, say) the wait goes on to the same end (do_restart_poll).</summary>
    private static long PollUntil(Task task, ulong address, uint count, long deadline)
    {
        long result = Run(task, address, count, deadline);
        if (result != -Errno.EINTR)
            return result;
        task.Restart = again => PollUntil(again, address, count, deadline);
        return -Errno.ERESTART_RESTARTBLOCK;
    }

    /// <summary>int ppoll(struct pollfd *fds, nfds_t nfds, struct timespec *tmo_p, const sigset_t *sigmask, size_t sigsetsize)</summary>
    public static long Ppoll(Task task, in SyscallArguments a)
    {
        int error = Timeout.ReadTimespec(task, a.A2, out long deadline);
        if (error < 0)
            return error;
        error = TemporaryMask.Set(task, a.A3, a.A4);
        if (error < 0)
            return error;
        long result = TemporaryMask.End(task, Run(task, a.A0, (uint)a.A1, deadline));
        Timeout.WriteTimespec(task, a.A2, deadline);
        return result;
    }

    private static long Run(Task task, ulong address, uint count, long deadline)
    {
        if (count > (uint)task.Process.Files.Limit)
            return -Errno.EINVAL;
        PollFd[] fds = count == 0 ? [] : new PollFd[count];
        Span<byte> bytes = MemoryMarshal.AsBytes(fds.AsSpan());
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return -Errno.EFAULT;
        long ready = Wait(task, fds, deadline);
        if (ready < 0)
            return ready;
        // Only revents is written back, entry by entry.
        for (int i = 0; i < fds.Length; i++)
        {
            if (!task.Memory.TryWrite(address + ((ulong)i * 8) + 6, fds[i].revents))
                return -Errno.EFAULT;
        }
        return ready;
    }

    /// <summary>Waits until a descriptor is ready; results go to <see cref="PollFd.revents"/>.</summary>
    /// <param name="task">Who waits.</param>
    /// <param name="fds">The descriptors.</param>
    /// <param name="deadline">When to give up; 0 looks once.</param>
    /// <returns>How many are ready, or -EINTR.</returns>
    internal static long Wait(Task task, Span<PollFd> fds, long deadline)
    {
        int ready = Look(task, fds, null);
        if (ready > 0 || deadline == 0)
            return ready;
        using WaitSet set = new(task);
        while (true)
        {
            set.Clear();
            ready = Look(task, fds, set);
            if (ready > 0)
                return ready;
            int error = set.Sleep(deadline);
            if (error == -Errno.ETIMEDOUT)
                return Look(task, fds, null);
            if (error < 0)
                return error;
        }
    }

    private static int Look(Task task, Span<PollFd> fds, WaitSet? set)
    {
        int ready = 0;
        foreach (ref PollFd entry in fds)
        {
            entry.revents = 0;
            if (entry.fd < 0)
                continue;
            OpenFile? file = task.Process.Files.Acquire(entry.fd);
            if (file is null || file.IsPath)
            {
                entry.revents = (short)PollEvents.POLLNVAL;
            }
            else
            {
                PollEvents wanted = (PollEvents)(ushort)entry.events | Always;
                entry.revents = (short)(file.Poll(ready == 0 ? set : null) & wanted);
            }
            file?.Release();
            if (entry.revents != 0)
                ready++;
        }
        return ready;
    }
}
