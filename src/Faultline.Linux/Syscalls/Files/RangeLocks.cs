using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.FcntlCommands;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>
/// Record locks of fcntl(2). Such a lock never stands in the way of the process that holds it, so within one process every request
/// succeeds; the arguments are checked as Linux does. Locks held by programs of the host are not seen.
/// </summary>
internal static class RangeLocks
{
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
        if (CheckRange(file, request) is < 0 and int error)
            return error;
        if (asks)
        {
            request.l_type = F_UNLCK;
            return task.Memory.TryWrite(address, request) ? 0 : -Errno.EFAULT;
        }
        if ((request.l_type == F_RDLCK && !file.CanRead) || (request.l_type == F_WRLCK && !file.CanWrite))
            return -Errno.EBADF;
        return 0;
    }

    private static int CheckRange(OpenFile file, in Flock request)
    {
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
        long start = origin + request.l_start;
        if (start < 0)
            return -Errno.EINVAL;
        if (request.l_len > 0 && request.l_len - 1 > long.MaxValue - start)
            return -Errno.EOVERFLOW;
        return request.l_len < 0 && start + request.l_len < 0 ? -Errno.EINVAL : 0;
    }
}
