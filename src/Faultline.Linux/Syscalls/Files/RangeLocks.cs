using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.FcntlCommands;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>Record locks of fcntl(2), of processes and of open file descriptions (fs/locks.c).</summary>
internal static class RangeLocks
{
    /// <summary>How often a lock of the host's, of whose end nobody tells, is looked at: from a millisecond to a twentieth of a second.</summary>
    private const long FirstPause = 1_000_000, LongestPause = 50_000_000;

    /// <summary>F_GETLK, F_SETLK, F_SETLKW and their F_OFD_ forms.</summary>
    public static long Control(Task task, OpenFile file, int command, ulong address)
    {
        if (!task.Memory.TryRead(address, out Flock request))
            return -Errno.EFAULT;
        bool ofd = command >= F_OFD_GETLK;
        if (ofd && request.l_pid != 0)
            return -Errno.EINVAL;
        bool asks = command is F_GETLK or F_OFD_GETLK;
        if (request.l_type is not (F_RDLCK or F_WRLCK or F_UNLCK) || (asks && !ofd && request.l_type == F_UNLCK))
            return -Errno.EINVAL;
        if (Range(file, request, out long start, out long end) is < 0 and int error)
            return error;
        RecordLockTable table = task.Process.FileSystem.Vfs.RecordLocks;
        object owner = ofd ? file : task.Process.Files;
        if (asks)
        {
            Show(table.Test(file, owner, start, end, request.l_type == F_WRLCK), ref request);
            return task.Memory.TryWrite(address, request) ? 0 : -Errno.EFAULT;
        }
        if ((request.l_type == F_RDLCK && !file.CanRead) || (request.l_type == F_WRLCK && !file.CanWrite))
            return -Errno.EBADF;
        if (request.l_type == F_UNLCK)
        {
            table.Release(file, owner, start, end);
            return 0;
        }
        if (ofd)
            file.DescriptionLocks = table;
        else
            task.Process.Files.RecordLocks = table;
        RecordLock wanted = new(owner, ofd ? -1 : task.Process.Pid, start, end, request.l_type == F_WRLCK);
        return command is F_SETLKW or F_OFD_SETLKW ? Wait(task, table, file, wanted, detects: !ofd) : table.Take(file, wanted, detects: false, out _);
    }

    private static int Wait(Task task, RecordLockTable table, OpenFile file, RecordLock wanted, bool detects)
    {
        using WaitSet set = new(task);
        long pause = FirstPause;
        while (true)
        {
            set.Clear();
            set.Add(table.Queue);
            int result = table.Take(file, wanted, detects, out RecordLock? blocker);
            if (result != -Errno.EAGAIN)
                return result;
            long deadline = blocker is null ? task.Host.Clock.Monotonic + pause : long.MaxValue;
            pause = Math.Min(pause * 2, LongestPause);
            if (set.Sleep(deadline) == -Errno.EINTR)
            {
                table.StopWaiting(wanted.Owner);
                return -Errno.ERESTARTSYS;
            }
        }
    }

    private static void Show(RecordLock? conflict, ref Flock request)
    {
        if (conflict is null)
        {
            request.l_type = F_UNLCK;
            return;
        }
        request.l_type = conflict.IsWrite ? F_WRLCK : F_RDLCK;
        request.l_whence = SEEK_SET;
        request.l_start = conflict.Start;
        request.l_len = conflict.End == long.MaxValue ? 0 : conflict.End - conflict.Start + 1;
        request.l_pid = conflict.Pid;
    }

    /// <summary>flock64_to_posix_lock: the range's first and last byte.</summary>
    private static int Range(OpenFile file, in Flock request, out long start, out long end)
    {
        (start, end) = (0, long.MaxValue);
        long origin = 0;
        switch (request.l_whence)
        {
            case SEEK_SET:
                break;
            case SEEK_CUR:
                origin = Math.Max(file.Seek(0, SEEK_CUR), 0);
                break;
            case SEEK_END:
                if (file.Stat(out FileStatus status) is < 0 and int error)
                    return error;
                origin = status.Size;
                break;
            default:
                return -Errno.EINVAL;
        }
        if (request.l_start > long.MaxValue - origin)
            return -Errno.EOVERFLOW;
        start = origin + request.l_start;
        if (start < 0)
            return -Errno.EINVAL;
        if (request.l_len > 0)
        {
            if (request.l_len - 1 > long.MaxValue - start)
                return -Errno.EOVERFLOW;
            end = start + request.l_len - 1;
        }
        else if (request.l_len < 0)
        {
            if (start + request.l_len < 0)
                return -Errno.EINVAL;
            end = start - 1;
            start += request.l_len;
        }
        return 0;
    }
}
