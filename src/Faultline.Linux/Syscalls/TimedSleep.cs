using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Timespec = Faultline.Linux.Abi.Time.Timespec;

namespace Faultline.Linux.Syscalls;

/// <summary>Sleeps with Linux's rules of what is left when a signal comes (hrtimer_nanosleep).</summary>
internal static class TimedSleep
{
    /// <summary>Adds without wrapping.</summary>
    public static long Add(long a, long b) => b > 0 && a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>Sleeps to a monotonic time and goes on after signals that no handler catches.</summary>
    /// <param name="task">Who.</param>
    /// <param name="deadline">When.</param>
    /// <param name="remainder">Where the time left is written; 0 for nowhere.</param>
    public static long Relative(Task task, long deadline, ulong remainder)
    {
        if (task.SleepUntil(deadline))
            return 0;
        if (remainder != 0)
        {
            long left = deadline - task.Host.Clock.Monotonic;
            if (left <= 0)
                return 0;
            if (!task.Memory.TryWrite(remainder, Timespec.FromNanoseconds(left)))
                return -Errno.EFAULT;
        }
        task.Restart = again => Relative(again, deadline, remainder);
        return -Errno.ERESTART_RESTARTBLOCK;
    }
}
