using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Futexes;
using Faultline.Memory;
using static Faultline.Linux.Abi.Processes.Futex;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>futex, futex_waitv, and the single calls of Linux 6.7 (kernel/futex/syscalls.c).</summary>
internal static class FutexCalls
{
    public static long Futex(Task task, in SyscallArguments a)
    {
        int operation = a.Int1 & FUTEX_CMD_MASK;
        bool isPrivate = (a.Int1 & FUTEX_PRIVATE_FLAG) != 0, isRealtime = (a.Int1 & FUTEX_CLOCK_REALTIME) != 0;
        if (isRealtime && operation is not (FUTEX_WAIT_BITSET or FUTEX_WAIT_REQUEUE_PI or FUTEX_LOCK_PI2))
            return -Errno.ENOSYS;
        long deadline = long.MaxValue;
        bool hasTimeout = operation is FUTEX_WAIT or FUTEX_WAIT_BITSET or FUTEX_WAIT_REQUEUE_PI or FUTEX_LOCK_PI or FUTEX_LOCK_PI2;
        if (hasTimeout && a.A3 != 0)
        {
            // FUTEX_WAIT has a relative timeout, the others an absolute one; FUTEX_LOCK_PI's is always on the real-time clock.
            int error = ReadTimeout(task, a.A3, operation == FUTEX_WAIT, isRealtime || operation == FUTEX_LOCK_PI, out deadline);
            if (error != 0)
                return error;
        }
        if ((a.A0 & 3) != 0 && operation is not (FUTEX_FD or > FUTEX_LOCK_PI2))
            return -Errno.EINVAL;
        FutexTable futexes = task.Kernel.Futexes;
        uint value = (uint)a.A2;
        // Where there is no timeout, its place has a second count.
        int second = (int)a.A3;
        switch (operation)
        {
            case FUTEX_WAIT:
                return Wait(task, a.A0, isPrivate, value, uint.MaxValue, deadline);
            case FUTEX_WAIT_BITSET:
                return (uint)a.A5 == 0 ? -Errno.EINVAL : Wait(task, a.A0, isPrivate, value, (uint)a.A5, deadline);
            case FUTEX_WAKE:
                return Wake(task, a.A0, isPrivate, (int)value, uint.MaxValue);
            case FUTEX_WAKE_BITSET:
                return (uint)a.A5 == 0 ? -Errno.EINVAL : Wake(task, a.A0, isPrivate, (int)value, (uint)a.A5);
            case FUTEX_REQUEUE:
            case FUTEX_CMP_REQUEUE:
                if ((a.A4 & 3) != 0 || (int)value < 0 || second < 0)
                    return -Errno.EINVAL;
                if (CheckAddress(task, a.A4, isPrivate) is < 0 and int unknown)
                    return unknown;
                return futexes.Requeue(task, a.A0, a.A4, isPrivate, isPrivate, (int)value, second, operation == FUTEX_CMP_REQUEUE ? (uint)a.A5 : null);
            case FUTEX_WAKE_OP:
                if ((a.A4 & 3) != 0)
                    return -Errno.EINVAL;
                return CheckAddress(task, a.A0, isPrivate) is < 0 and int bad ? bad : futexes.WakeOperation(task, a.A0, a.A4, isPrivate, (int)value, second, (uint)a.A5);
            case FUTEX_LOCK_PI:
            case FUTEX_LOCK_PI2:
                return Restarting(futexes.LockPi(task, a.A0, isPrivate, deadline, tryOnly: false));
            case FUTEX_TRYLOCK_PI:
                return futexes.LockPi(task, a.A0, isPrivate, 0, tryOnly: true);
            case FUTEX_UNLOCK_PI:
                return futexes.UnlockPi(task, a.A0, isPrivate);
            case FUTEX_WAIT_REQUEUE_PI:
                if ((a.A4 & 3) != 0 || (uint)a.A5 == 0)
                    return -Errno.EINVAL;
                return Restarting(futexes.WaitRequeuePi(task, a.A0, a.A4, isPrivate, value, (uint)a.A5, deadline));
            case FUTEX_CMP_REQUEUE_PI:
                if ((a.A4 & 3) != 0 || value != 1 || second < 0)
                    return -Errno.EINVAL;
                return futexes.RequeuePi(task, a.A0, a.A4, isPrivate, second, (uint)a.A5);
            default:
                return -Errno.ENOSYS;
        }
    }

    /// <summary>futex_waitv(waiters, count, flags, timeout, clockid).</summary>
    public static unsafe long FutexWaitv(Task task, in SyscallArguments a)
    {
        uint count = (uint)a.A1;
        if (a.Int2 != 0 || count is 0 or > FUTEX_WAITV_MAX || a.A0 == 0)
            return -Errno.EINVAL;
        long deadline = long.MaxValue;
        if (a.A3 != 0)
        {
            if (a.Int4 is not (Clocks.CLOCK_MONOTONIC or Clocks.CLOCK_REALTIME))
                return -Errno.EINVAL;
            int error = ReadTimeout(task, a.A3, isRelative: false, a.Int4 == Clocks.CLOCK_REALTIME, out deadline);
            if (error != 0)
                return error;
        }
        Abi.Processes.FutexWaitv[] words = new Abi.Processes.FutexWaitv[count];
        for (int i = 0; i < words.Length; i++)
        {
            if (!task.Memory.TryRead(a.A0 + (ulong)(i * sizeof(Abi.Processes.FutexWaitv)), out words[i]))
                return -Errno.EFAULT;
            if (!AreFlags(words[i].flags) || words[i].__reserved != 0 || (words[i].uaddr & 3) != 0 || words[i].val > uint.MaxValue)
                return -Errno.EINVAL;
        }
        int result = task.Kernel.Futexes.WaitForAny(task, words, deadline);
        return result == -Errno.EINTR ? -Errno.ERESTARTSYS : result;
    }

    /// <summary>futex_wake(uaddr, mask, nr, flags).</summary>
    public static long FutexWake(Task task, in SyscallArguments a)
    {
        if (!AreFlags((uint)a.A3) || (a.A0 & 3) != 0 || a.A1 is 0 or > uint.MaxValue)
            return -Errno.EINVAL;
        return Wake(task, a.A0, (a.A3 & FUTEX2_PRIVATE) != 0, a.Int2, (uint)a.A1, isStrict: true);
    }

    /// <summary>futex_wait(uaddr, val, mask, flags, timeout, clockid).</summary>
    public static long FutexWait(Task task, in SyscallArguments a)
    {
        if (!AreFlags((uint)a.A3) || (a.A0 & 3) != 0 || a.A1 > uint.MaxValue || a.A2 is 0 or > uint.MaxValue)
            return -Errno.EINVAL;
        long deadline = long.MaxValue;
        if (a.A4 != 0)
        {
            if (a.Int5 is not (Clocks.CLOCK_MONOTONIC or Clocks.CLOCK_REALTIME))
                return -Errno.EINVAL;
            int error = ReadTimeout(task, a.A4, isRelative: false, a.Int5 == Clocks.CLOCK_REALTIME, out deadline);
            if (error != 0)
                return error;
        }
        int result = task.Kernel.Futexes.Wait(task, a.A0, (a.A3 & FUTEX2_PRIVATE) != 0, (uint)a.A1, (uint)a.A2, deadline);
        return result == -Errno.EINTR ? -Errno.ERESTARTSYS : result;
    }

    /// <summary>futex_requeue(waiters, flags, nr_wake, nr_requeue).</summary>
    public static unsafe long FutexRequeue(Task task, in SyscallArguments a)
    {
        if (a.Int1 != 0 || a.A0 == 0 || a.Int2 < 0 || a.Int3 < 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A0, out Abi.Processes.FutexWaitv from) || !task.Memory.TryRead(a.A0 + (ulong)sizeof(Abi.Processes.FutexWaitv), out Abi.Processes.FutexWaitv to))
            return -Errno.EFAULT;
        foreach (Abi.Processes.FutexWaitv word in (ReadOnlySpan<Abi.Processes.FutexWaitv>)[from, to])
        {
            if (!AreFlags(word.flags) || word.__reserved != 0 || (word.uaddr & 3) != 0)
                return -Errno.EINVAL;
        }
        bool isFromPrivate = (from.flags & FUTEX2_PRIVATE) != 0, isToPrivate = (to.flags & FUTEX2_PRIVATE) != 0;
        return task.Kernel.Futexes.Requeue(task, from.uaddr, to.uaddr, isFromPrivate, isToPrivate, a.Int2, a.Int3, (uint)from.val);
    }

    /// <summary>Words of 32 bits, private or not; other sizes came later.</summary>
    private static bool AreFlags(uint flags) => (flags & ~(FUTEX2_SIZE_MASK | FUTEX2_PRIVATE)) == 0 && (flags & FUTEX2_SIZE_MASK) == FUTEX2_SIZE_U32;

    private static long Wait(Task task, ulong address, bool isPrivate, uint value, uint bits, long deadline)
    {
        if (CheckAddress(task, address, isPrivate) is < 0 and int error)
            return error;
        int result = task.Kernel.Futexes.Wait(task, address, isPrivate, value, bits, deadline);
        if (result != -Errno.EINTR)
            return result;
        if (deadline == long.MaxValue)
            return -Errno.ERESTARTSYS;
        task.Restart = again => Wait(again, address, isPrivate, value, bits, deadline);
        return -Errno.ERESTART_RESTARTBLOCK;
    }

    private static long Wake(Task task, ulong address, bool isPrivate, int count, uint bits, bool isStrict = false)
    {
        // A private word need not be there; a shared one is looked up. Unless the call is the new one, at least one is woken (futex_wake).
        if (CheckAddress(task, address, isPrivate) is < 0 and int error)
            return error;
        if (isStrict && count == 0)
            return 0;
        return task.Kernel.Futexes.Wake(task, address, isPrivate, Math.Max(count, 1), bits);
    }

    /// <summary>
    /// Whether a word can have a key (get_futex_key): a private one needs no more than a user's address, a shared one a page, which must be writable where it is nobody else's.
    /// </summary>
    private static int CheckAddress(Task task, ulong address, bool isPrivate)
    {
        if (address >= Mm.MemoryLayout.TaskSize)
            return -Errno.EFAULT;
        if (isPrivate)
            return 0;
        if (!task.Memory.TryRead<uint>(address, out _))
            return -Errno.EFAULT;
        return task.Process.Mm.Space.Find(address) is { Source: null } own && (own.Protection & PageProtection.Write) == 0 ? -Errno.EFAULT : 0;
    }

    private static long Restarting(int result) => result == -Errno.EINTR ? -Errno.ERESTARTNOINTR : result;

    private static int ReadTimeout(Task task, ulong address, bool isRelative, bool isRealtime, out long deadline)
    {
        deadline = 0;
        if (!task.Memory.TryRead(address, out Timespec timeout))
            return -Errno.EFAULT;
        if (!timeout.IsValid)
            return -Errno.EINVAL;
        long now = task.Host.Clock.Monotonic, time = timeout.ToNanoseconds();
        deadline = isRelative ? TimedSleep.Add(now, time)
            : isRealtime ? TimedSleep.Add(now, time - task.Host.Clock.Realtime)
            : time;
        return 0;
    }
}
