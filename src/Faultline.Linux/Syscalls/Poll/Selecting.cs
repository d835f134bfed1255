using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>select(2) and pselect6(2) (fs/select.c).</summary>
internal static class Selecting
{
    private const PollEvents InSet = PollEvents.POLLRDNORM | PollEvents.POLLRDBAND | PollEvents.POLLIN | PollEvents.POLLHUP | PollEvents.POLLERR;
    private const PollEvents OutSet = PollEvents.POLLWRBAND | PollEvents.POLLWRNORM | PollEvents.POLLOUT | PollEvents.POLLERR;
    private const PollEvents ExceptSet = PollEvents.POLLPRI;

    /// <summary>int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout)</summary>
    public static long Select(Task task, in SyscallArguments a)
    {
        int error = Timeout.ReadTimeval(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        long result = Run(task, a, deadline);
        Timeout.WriteTimeval(task, a.A4, deadline);
        return result == -Errno.EINTR ? -Errno.ERESTARTNOHAND : result;
    }

    /// <summary>int pselect6(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timespec *timeout, void *sig)</summary>
    public static long Pselect6(Task task, in SyscallArguments a)
    {
        ulong mask = 0, size = 0;
        if (a.A5 != 0 && (!task.Memory.TryRead(a.A5, out mask) || !task.Memory.TryRead(a.A5 + 8, out size)))
            return -Errno.EFAULT;
        int error = Timeout.ReadTimespec(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        error = TemporaryMask.Set(task, mask, size);
        if (error < 0)
            return error;
        long result = TemporaryMask.End(task, Run(task, a, deadline));
        Timeout.WriteTimespec(task, a.A4, deadline);
        return result;
    }

    private static long Run(Task task, in SyscallArguments a, long deadline)
    {
        if (a.Int0 < 0)
            return -Errno.EINVAL;
        int count = Math.Min(a.Int0, task.Process.Files.Capacity);
        int words = (count + 63) / 64;
        ulong[] sets = new ulong[words * 3];
        for (int i = 0; i < 3; i++)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(sets.AsSpan(i * words, words));
            if (a[i + 1] != 0 && task.Memory.Read(a[i + 1], bytes) != bytes.Length)
                return -Errno.EFAULT;
        }
        PollFd[] fds = Collect(sets, words, count);
        foreach (PollFd entry in fds)
        {
            if (task.Process.Files.Get(entry.fd) is null)
                return -Errno.EBADF;
        }
        long result = Polling.Wait(task, fds, deadline);
        if (result < 0)
            return result;
        result = Fill(sets, words, fds);
        for (int i = 0; i < 3; i++)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(sets.AsSpan(i * words, words));
            if (a[i + 1] != 0 && task.Memory.Write(a[i + 1], bytes) != bytes.Length)
                return -Errno.EFAULT;
        }
        return result;
    }

    private static PollFd[] Collect(ulong[] sets, int words, int count)
    {
        List<PollFd> fds = [];
        for (int fd = 0; fd < count; fd++)
        {
            PollEvents events = (Has(sets, 0, words, fd) ? InSet : 0) | (Has(sets, 1, words, fd) ? OutSet : 0) | (Has(sets, 2, words, fd) ? ExceptSet : 0);
            if (events != 0)
                fds.Add(new PollFd { fd = fd, events = (short)(events & ~(PollEvents.POLLERR | PollEvents.POLLHUP)) });
        }
        return [.. fds];
    }

    /// <summary>Turns what came back into the three sets; returns the number of bits set.</summary>
    private static long Fill(ulong[] sets, int words, PollFd[] fds)
    {
        ulong[] asked = [.. sets];
        Array.Clear(sets);
        long bits = 0;
        foreach (PollFd entry in fds)
        {
            PollEvents ready = (PollEvents)(ushort)entry.revents;
            ReadOnlySpan<PollEvents> masks = [InSet, OutSet, ExceptSet];
            for (int i = 0; i < 3; i++)
            {
                if ((ready & masks[i]) == 0 || !Has(asked, i, words, entry.fd))
                    continue;
                sets[(i * words) + (entry.fd / 64)] |= 1UL << (entry.fd % 64);
                bits++;
            }
        }
        return bits;
    }

    private static bool Has(ulong[] sets, int set, int words, int fd) => (sets[(set * words) + (fd / 64)] & (1UL << (fd % 64))) != 0;
}
