using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>RLIMIT_FSIZE: how long a process may make a file (generic_write_check_limits, inode_newsize_ok).</summary>
internal static class FileSizeLimit
{
    /// <summary>How many bytes may be written at a place. A file that has the limit's length takes none, and the thread gets SIGXFSZ.</summary>
    /// <param name="task">Who writes.</param>
    /// <param name="file">To what; only regular files are limited.</param>
    /// <param name="offset">Where, or <see cref="Transfer.AtPosition"/>.</param>
    /// <param name="continues">The call has written already: it ends there without a signal.</param>
    /// <returns>The most that fits, or -EFBIG.</returns>
    public static long RoomAt(Task task, OpenFile file, long offset, bool continues)
    {
        ulong limit = task.Process.Limits[Resource.RLIMIT_FSIZE].rlim_cur;
        if (limit >= long.MaxValue || file.IsStream || file.Stat(out FileStatus status) < 0 || !status.IsRegular)
            return long.MaxValue;
        long place = (file.Flags & OpenFlags.O_APPEND) != 0 ? status.Size
            : offset == Transfer.AtPosition ? file.Seek(0, FcntlCommands.SEEK_CUR)
            : offset;
        if (place >= (long)limit)
            return continues ? 0 : Exceeded(task);
        return (long)limit - place;
    }

    /// <summary>Whether a file may get a length: 0, or -EFBIG with SIGXFSZ where it would grow beyond the limit.</summary>
    /// <param name="task">Who asks.</param>
    /// <param name="now">The file's present status.</param>
    /// <param name="length">The length that it is to have.</param>
    public static long Check(Task task, in FileStatus now, long length)
    {
        ulong limit = task.Process.Limits[Resource.RLIMIT_FSIZE].rlim_cur;
        return now.IsRegular && length > now.Size && (ulong)length > limit ? Exceeded(task) : 0;
    }

    private static long Exceeded(Task task)
    {
        _ = task.Process.Send(new Siginfo { si_signo = Sig.SIGXFSZ, si_code = Sig.SI_USER, si_pid = task.Process.Pid, si_uid = task.Credentials.Uid }, task);
        return -Errno.EFBIG;
    }
}
