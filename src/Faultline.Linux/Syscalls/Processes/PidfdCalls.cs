using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Fs.Proc;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>Descriptors of processes (kernel/pid.c, kernel/signal.c).</summary>
internal static class PidfdCalls
{
    /// <summary>Opens a descriptor of a process, close-on-exec.</summary>
    public static int Open(Task task, int pid, bool nonBlocking)
    {
        Process? process = task.Kernel.Find(pid);
        if (process is null)
            return task.Kernel.FindTask(pid) is null ? -Errno.ESRCH : -Errno.ENOENT;
        return task.Process.Files.Add(new PidFile(process, OpenFlags.O_RDWR | (nonBlocking ? OpenFlags.O_NONBLOCK : 0)), closeOnExec: true);
    }

    public static long PidfdOpen(Task task, in SyscallArguments a)
    {
        if ((a.Int1 & ~OpenFlags.O_NONBLOCK) != 0 || a.Int0 <= 0)
            return -Errno.EINVAL;
        return Open(task, a.Int0, (a.Int1 & OpenFlags.O_NONBLOCK) != 0);
    }

    public static long PidfdSendSignal(Task task, in SyscallArguments a)
    {
        if (a.Int3 != 0)
            return -Errno.EINVAL;
        if (task.Process.Files.Get(a.Int0) is not { } file)
            return -Errno.EBADF;
        if (ProcessOf(file) is not { } process)
            return -Errno.EBADF;
        Siginfo info = new() { si_signo = a.Int1, si_code = Sig.SI_USER, si_pid = task.Process.Pid, si_uid = task.Credentials.Uid };
        if (a.A2 != 0)
        {
            if (!task.Memory.TryRead(a.A2, out info))
                return -Errno.EFAULT;
            if (info.si_signo != a.Int1)
                return -Errno.EINVAL;
            if (process != task.Process && (info.si_code >= 0 || info.si_code == Sig.SI_TKILL))
                return -Errno.EPERM;
        }
        if (a.Int1 is < 0 or > Sig.SIGRTMAX)
            return -Errno.EINVAL;
        if (task.Kernel.Find(process.Pid) != process)
            return -Errno.ESRCH;
        return a.Int1 == 0 ? 0 : process.Send(info);
    }

    /// <summary>What a descriptor stands for: one of a process, or its directory in /proc, but not that of one of its threads (tgid_pidfd_to_pid).</summary>
    private static Process? ProcessOf(OpenFile file) => file switch
    {
        PidFile pid => pid.Process,
        { IsPath: false, Directory: TreeDirectoryNode { Tree: LazyDirectory directory } } => directory.Process,
        _ => null,
    };

    public static long PidfdGetfd(Task task, in SyscallArguments a)
    {
        if (a.Int2 != 0)
            return -Errno.EINVAL;
        if (task.Process.Files.Get(a.Int0) is not PidFile pid)
            return -Errno.EBADF;
        if (pid.Process.HasEnded)
            return -Errno.ESRCH;
        OpenFile? file = pid.Process.Files.Acquire(a.Int1);
        return file is null ? -Errno.EBADF : task.Process.Files.Add(file, closeOnExec: true);
    }
}
