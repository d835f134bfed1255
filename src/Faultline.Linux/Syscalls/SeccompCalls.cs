using Faultline.Linux.Abi;
using Faultline.Linux.Bpf;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Seccomp;
using Faultline.Linux.Syscalls.Net;
using static Faultline.Linux.Abi.Processes.Seccomp;

namespace Faultline.Linux.Syscalls;

/// <summary>seccomp(2), and prctl(2)'s older way to it (kernel/seccomp.c).</summary>
internal static class SeccompCalls
{
    private const uint KnownFlags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_TSYNC_ESRCH;

    /// <summary>int seccomp(unsigned int operation, unsigned int flags, void *args)</summary>
    public static long Seccomp(Task task, in SyscallArguments a)
    {
        uint flags = (uint)a.A1;
        switch ((uint)a.A0)
        {
            case SECCOMP_SET_MODE_STRICT:
                return flags != 0 || a.A2 != 0 ? -Errno.EINVAL : task.EnterStrictMode();
            case SECCOMP_SET_MODE_FILTER:
                return SetFilter(task, flags, a.A2);
            case SECCOMP_GET_ACTION_AVAIL:
                if (flags != 0)
                    return -Errno.EINVAL;
                if (!task.Memory.TryRead(a.A2, out uint action))
                    return -Errno.EFAULT;
                return action is SECCOMP_RET_KILL_PROCESS or SECCOMP_RET_KILL_THREAD or SECCOMP_RET_TRAP or SECCOMP_RET_ERRNO or SECCOMP_RET_TRACE or SECCOMP_RET_LOG
                    or SECCOMP_RET_ALLOW
                    ? 0
                    : -Errno.EOPNOTSUPP;
            default:
                return -Errno.EINVAL;
        }
    }

    /// <summary>prctl(PR_SET_SECCOMP, mode, filter)</summary>
    internal static long SetMode(Task task, ulong mode, ulong filter) => mode switch
    {
        SECCOMP_MODE_STRICT => task.EnterStrictMode(),
        SECCOMP_MODE_FILTER => SetFilter(task, 0, filter),
        _ => -Errno.EINVAL,
    };

    private static long SetFilter(Task task, uint flags, ulong address)
    {
        if ((flags & ~KnownFlags) != 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(address, out ushort _))
            return -Errno.EFAULT;
        int result = OptionCalls.ReadProgram(task, address, out BpfInstruction[] code);
        if (result == -Errno.EINVAL)
            return result;
        if (!task.Credentials.NoNewPrivileges && !task.Credentials.IsPrivileged)
            return -Errno.EACCES;
        if (result < 0)
            return result;
        if (BpfProgram.ForSeccomp(code) is not { } program)
            return -Errno.EINVAL;
        SeccompFilter filter;
        do
        {
            if (task.SeccompMode == SECCOMP_MODE_STRICT)
                return -Errno.EINVAL;
            filter = new SeccompFilter(program, task.Seccomp);
            if (filter.IsTooLong)
                return -Errno.ENOMEM;
            if ((flags & SECCOMP_FILTER_FLAG_TSYNC) != 0 && FindDivergent(task) is { } other)
                return (flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH) != 0 ? -Errno.ESRCH : other.Tid;
        }
        while (!task.TrySetSeccomp(filter));
        if ((flags & SECCOMP_FILTER_FLAG_TSYNC) != 0)
        {
            foreach (Task other in task.Process.Tasks)
            {
                if (!ReferenceEquals(other, task))
                    other.SynchronizeSeccomp(task);
            }
        }
        return 0;
    }

    /// <summary>A thread whose filters are not among the caller's, and which therefore cannot be given them (seccomp_can_sync_threads).</summary>
    private static Task? FindDivergent(Task task) => Array.Find(
        task.Process.Tasks,
        other => !ReferenceEquals(other, task) && !other.HasEnded
            && (other.SeccompMode == SECCOMP_MODE_STRICT || (other.Seccomp is { } theirs && !theirs.IsPartOf(task.Seccomp))));
}
