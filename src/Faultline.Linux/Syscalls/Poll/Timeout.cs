using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>Deadlines of poll, select and epoll: monotonic nanoseconds; <see cref="Never"/> waits without end.</summary>
internal static class Timeout
{
    /// <summary>No deadline.</summary>
    public const long Never = long.MaxValue;

    private const long Second = 1_000_000_000;

    /// <summary>A number of milliseconds; negative waits without end.</summary>
    public static long FromMilliseconds(Task task, int milliseconds) =>
        milliseconds < 0 ? Never : milliseconds == 0 ? 0 : Add(task.Host.Clock.Monotonic, milliseconds / 1000, milliseconds % 1000 * 1_000_000L);

    /// <summary>Reads a <c>struct timespec</c>, or none at a null pointer.</summary>
    public static int ReadTimespec(Task task, ulong address, out long deadline)
    {
        deadline = Never;
        if (address == 0)
            return 0;
        if (!task.Memory.TryRead(address, out Timespec time))
            return -Errno.EFAULT;
        if (!time.IsValid)
            return -Errno.EINVAL;
        deadline = time.tv_sec == 0 && time.tv_nsec == 0 ? 0 : Add(task.Host.Clock.Monotonic, time.tv_sec, time.tv_nsec);
        return 0;
    }

    /// <summary>Reads a <c>struct timeval</c>, or none at a null pointer. More than a million microseconds carry over, as select allows.</summary>
    public static int ReadTimeval(Task task, ulong address, out long deadline)
    {
        deadline = Never;
        if (address == 0)
            return 0;
        if (!task.Memory.TryRead(address, out Timeval time))
            return -Errno.EFAULT;
        if (time.tv_sec < 0 || time.tv_usec < 0)
            return -Errno.EINVAL;
        long seconds = time.tv_sec > long.MaxValue - (time.tv_usec / 1_000_000) ? long.MaxValue : time.tv_sec + (time.tv_usec / 1_000_000);
        long rest = time.tv_usec % 1_000_000 * 1000;
        deadline = seconds == 0 && rest == 0 ? 0 : Add(task.Host.Clock.Monotonic, seconds, rest);
        return 0;
    }

    /// <summary>Writes what is left, which Linux does whenever it can; a fault there is not an error.</summary>
    public static void WriteTimespec(Task task, ulong address, long deadline)
    {
        if (address != 0 && deadline != Never)
            _ = task.Memory.TryWrite(address, Timespec.FromNanoseconds(Left(task, deadline)));
    }

    /// <inheritdoc cref="WriteTimespec"/>
    public static void WriteTimeval(Task task, ulong address, long deadline)
    {
        if (address == 0 || deadline == Never)
            return;
        long left = Left(task, deadline);
        _ = task.Memory.TryWrite(address, new Timeval { tv_sec = left / Second, tv_usec = left % Second / 1000 });
    }

    private static long Left(Task task, long deadline) => Math.Max(deadline - task.Host.Clock.Monotonic, 0);

    private static long Add(long now, long seconds, long nanoseconds) =>
        seconds > (Never - now - Second) / Second ? Never : now + (seconds * Second) + nanoseconds;
}
