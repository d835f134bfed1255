using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Machine;

/// <summary>ioprio_get(2), ioprio_set(2), sched_getattr(2) and sched_setattr(2): wishes that are checked and kept; the host's schedulers are not told.</summary>
internal static class PriorityCalls
{
    private const int IOPRIO_WHO_PROCESS = 1;
    private const int IOPRIO_WHO_PGRP = 2;
    private const int IOPRIO_WHO_USER = 3;
    private const int ClassShift = 13;
    private const int Levels = 8;

    /// <summary>Bytes of struct sched_attr in its first and its present version.</summary>
    private const int FirstAttributeSize = 48;
    private const int AttributeSize = 56;

    private const ulong SCHED_FLAG_RESET_ON_FORK = 1;

    private static readonly ConditionalWeakTable<Task, StrongBox<int>> _priorities = [];

    /// <summary>int ioprio_set(int which, int who, int ioprio)</summary>
    public static long IoprioSet(Task task, in SyscallArguments a)
    {
        (int kind, int level) = (a.Int2 >> ClassShift, a.Int2 & (Levels - 1));
        switch (kind)
        {
            case 0 when level != 0:
                return -Errno.EINVAL;
            case 1 when !task.Credentials.IsPrivileged:
                return -Errno.EPERM;
            case 0 or 1 or 2 or 3:
                break;
            default:
                return -Errno.EINVAL;
        }
        if (a.Int0 is < IOPRIO_WHO_PROCESS or > IOPRIO_WHO_USER)
            return -Errno.EINVAL;
        bool found = false;
        foreach (Task target in Targets(task, a.Int0, a.Int1))
        {
            found = true;
            _priorities.GetOrCreateValue(target).Value = a.Int2;
        }
        return found ? 0 : -Errno.ESRCH;
    }

    /// <summary>int ioprio_get(int which, int who): the highest of those asked about.</summary>
    public static long IoprioGet(Task task, in SyscallArguments a)
    {
        if (a.Int0 is < IOPRIO_WHO_PROCESS or > IOPRIO_WHO_USER)
            return -Errno.EINVAL;
        int best = -1;
        foreach (Task target in Targets(task, a.Int0, a.Int1))
        {
            int value = _priorities.TryGetValue(target, out StrongBox<int>? kept) ? kept.Value : 0;
            best = best < 0 ? value : Math.Min(best, value);
        }
        return best < 0 ? -Errno.ESRCH : best;
    }

    /// <summary>int sched_getattr(pid_t pid, struct sched_attr *attr, unsigned int size, unsigned int flags)</summary>
    public static long SchedGetattr(Task task, in SyscallArguments a)
    {
        uint size = (uint)a.A2;
        if (a.A1 == 0 || a.Int0 < 0 || size > 4096 || size < FirstAttributeSize || (uint)a.A3 != 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is not { } target)
            return -Errno.ESRCH;
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        int length = (int)Math.Min(size, AttributeSize);
        BinaryPrimitives.WriteInt32LittleEndian(attribute, length);
        BinaryPrimitives.WriteInt32LittleEndian(attribute[4..], target.SchedulingPolicy);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[8..], target.ResetsOnFork ? SCHED_FLAG_RESET_ON_FORK : 0);
        BinaryPrimitives.WriteInt32LittleEndian(attribute[16..], target.Process.Nice);
        // util_max: all of a processor.
        BinaryPrimitives.WriteInt32LittleEndian(attribute[52..], 1024);
        return task.Memory.Write(a.A1, attribute[..length]) == length ? 0 : -Errno.EFAULT;
    }

    /// <summary>int sched_setattr(pid_t pid, const struct sched_attr *attr, unsigned int flags)</summary>
    public static long SchedSetattr(Task task, in SyscallArguments a)
    {
        const ulong known = 0x7F;
        if (a.A1 == 0 || a.Int0 < 0 || (uint)a.A2 != 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A1, out uint size))
            return -Errno.EFAULT;
        size = size == 0 ? FirstAttributeSize : size;
        if (size is < FirstAttributeSize or > 4096)
            return task.Memory.TryWrite(a.A1, AttributeSize) ? -Errno.E2BIG : -Errno.EFAULT;
        Span<byte> attribute = stackalloc byte[(int)size];
        if (task.Memory.Read(a.A1, attribute) != attribute.Length)
            return -Errno.EFAULT;
        if (size > AttributeSize && attribute[AttributeSize..].ContainsAnyExcept((byte)0))
            return task.Memory.TryWrite(a.A1, AttributeSize) ? -Errno.E2BIG : -Errno.EFAULT;
        int policy = BinaryPrimitives.ReadInt32LittleEndian(attribute[4..]);
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(attribute[8..]);
        int nice = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(attribute[16..]), -20, 19);
        uint priority = BinaryPrimitives.ReadUInt32LittleEndian(attribute[20..]);
        if (policy < 0)
            return -Errno.EINVAL;
        if (Find(task, a.Int0) is not { } target)
            return -Errno.ESRCH;
        if ((flags & ~known) != 0)
            return -Errno.EINVAL;
        switch (policy)
        {
            case Clone.SCHED_OTHER or Clone.SCHED_BATCH or Clone.SCHED_IDLE when priority == 0:
                if (nice < target.Process.Nice && !task.Credentials.IsPrivileged)
                    return -Errno.EPERM;
                if (ScheduleCalls.SetPolicy(task, target, policy, (flags & SCHED_FLAG_RESET_ON_FORK) != 0, (int)priority) is < 0 and var refused)
                    return refused;
                target.Process.Nice = nice;
                return 0;
            case Clone.SCHED_FIFO or Clone.SCHED_RR when priority is >= 1 and <= 99:
            case Clone.SCHED_DEADLINE when priority == 0:
                return -Errno.EPERM;
            default:
                return -Errno.EINVAL;
        }
    }

    private static Task? Find(Task task, int pid) => pid == 0 ? task : task.Kernel.FindTask(pid);

    private static IEnumerable<Task> Targets(Task task, int which, int who)
    {
        if (which == IOPRIO_WHO_PROCESS)
        {
            if (Find(task, who) is { } one)
                yield return one;
            yield break;
        }
        foreach (Process process in task.Kernel.Processes)
        {
            bool matches = which == IOPRIO_WHO_PGRP
                ? process.ProcessGroup == (who == 0 ? task.Process.ProcessGroup : who)
                : process.Main.Credentials.Uid == (who == 0 ? task.Credentials.Uid : (uint)who);
            if (!matches)
                continue;
            foreach (Task target in process.Tasks)
                yield return target;
        }
    }
}
