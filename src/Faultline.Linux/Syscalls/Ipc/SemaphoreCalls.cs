using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Ipc;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Ipc.IpcLimits;

namespace Faultline.Linux.Syscalls.Ipc;

/// <summary>semget(2), semop(2), semtimedop(2), semctl(2) (ipc/sem.c).</summary>
internal static class SemaphoreCalls
{
    private const int GETPID = 11;
    private const int GETVAL = 12;
    private const int GETALL = 13;
    private const int GETNCNT = 14;
    private const int GETZCNT = 15;
    private const int SETVAL = 16;
    private const int SETALL = 17;
    private const int SEM_STAT = 18;
    private const int SEM_INFO = 19;
    private const int SEM_STAT_ANY = 20;
    private const int StatusSize = 104;

    /// <summary>int semget(key_t key, int nsems, int semflg)</summary>
    public static long Semget(Task task, in SyscallArguments a)
    {
        int count = a.Int1;
        if (count is < 0 or > SEMMSL)
            return -Errno.EINVAL;
        return task.Kernel.Ipc.Semaphores.Get(
            task, a.Int0, a.Int2, present => count > present.Values.Length ? -Errno.EINVAL : 0, () => count == 0 ? (null, -Errno.EINVAL) : (new SemaphoreSet(count), 0));
    }

    /// <summary>int semop(int semid, struct sembuf *sops, size_t nsops)</summary>
    public static long Semop(Task task, in SyscallArguments a) => Operate(task, a, long.MaxValue);

    /// <summary>int semtimedop(int semid, struct sembuf *sops, size_t nsops, const struct timespec *timeout)</summary>
    public static long Semtimedop(Task task, in SyscallArguments a)
    {
        if (a.A3 == 0)
            return Operate(task, a, long.MaxValue);
        if (!task.Memory.TryRead(a.A3, out Timespec timeout))
            return -Errno.EFAULT;
        return timeout.IsValid ? Operate(task, a, TimedSleep.Add(task.Host.Clock.Monotonic, timeout.ToNanoseconds())) : -Errno.EINVAL;
    }

    /// <summary>int semctl(int semid, int semnum, int op, arg)</summary>
    public static long Semctl(Task task, in SyscallArguments a)
    {
        (int id, int number, int command) = (a.Int0, a.Int1, a.Int2);
        if (id < 0)
            return -Errno.EINVAL;
        return command switch
        {
            IPC_INFO or SEM_INFO => Info(task, command, a.A3),
            IPC_STAT or SEM_STAT or SEM_STAT_ANY => Stat(task, id, command, a.A3),
            IPC_SET or IPC_RMID => Change(task, id, command, a.A3),
            GETALL or SETALL => All(task, id, command, a.A3),
            GETVAL or GETPID or GETNCNT or GETZCNT => Read(task, id, number, command),
            SETVAL => SetValue(task, id, number, (int)a.A3),
            _ => -Errno.EINVAL,
        };
    }

    private static long Operate(Task task, in SyscallArguments a, long deadline)
    {
        if ((uint)a.A2 < 1 || a.Int0 < 0)
            return -Errno.EINVAL;
        if ((uint)a.A2 > SEMOPM)
            return -Errno.E2BIG;
        SemaphoreOperation[] operations = new SemaphoreOperation[(uint)a.A2];
        Span<byte> bytes = MemoryMarshal.AsBytes(operations.AsSpan());
        if (task.Memory.Read(a.A1, bytes) != bytes.Length)
            return -Errno.EFAULT;
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        bool alters = Array.Exists(operations, operation => operation.Change != 0);
        SemaphoreSet? set;
        lock (table.Lock)
        {
            int error = table.Find(a.Int0, out set);
            if (error != 0)
                return error;
            if (Array.Exists(operations, operation => operation.Number >= set!.Values.Length))
                return -Errno.EFBIG;
            error = set!.Check(task, alters ? 0x92u : 0x124u);
            if (error != 0)
                return error;
        }
        using WaitSet wait = new(task);
        while (true)
        {
            wait.Clear();
            wait.Add(set.Queue);
            SemaphoreOperation blocked;
            int result;
            lock (table.Lock)
            {
                if (set.IsRemoved)
                    return -Errno.EIDRM;
                result = set.TryOperate(task, operations, out blocked);
                if (result == -Errno.EAGAIN && !blocked.NoWait)
                    Waiters(set, blocked)++;
            }
            if (result == 0 && alters)
                set.Queue.Wake();
            if (result != -Errno.EAGAIN || blocked.NoWait)
                return result;
            // Reached at once when the time is over already.
            int slept = wait.Sleep(deadline);
            lock (table.Lock)
            {
                Waiters(set, blocked)--;
                if (slept < 0)
                {
                    // Whoever made it possible in the last moment has not waited for nothing.
                    if (set.IsRemoved)
                        return -Errno.EIDRM;
                    result = set.TryOperate(task, operations, out _);
                }
            }
            if (slept == 0)
                continue;
            if (result == 0 && alters)
                set.Queue.Wake();
            return result != -Errno.EAGAIN ? result : slept == -Errno.EINTR ? -Errno.EINTR : -Errno.EAGAIN;
        }
    }

    private static ref int Waiters(SemaphoreSet set, SemaphoreOperation blocked) =>
        ref (blocked.Change == 0 ? set.WaitingForZero : set.WaitingForMore)[blocked.Number];

    private static long Read(Task task, int id, int number, int command)
    {
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        lock (table.Lock)
        {
            int error = table.Find(id, out SemaphoreSet? set);
            error = error == 0 ? set!.Check(task, 0x124) : error;
            if (error != 0)
                return error;
            if ((uint)number >= (uint)set!.Values.Length)
                return -Errno.EINVAL;
            return command switch
            {
                GETVAL => set.Values[number],
                GETPID => set.Pids[number],
                GETNCNT => set.WaitingForMore[number],
                _ => set.WaitingForZero[number],
            };
        }
    }

    private static long SetValue(Task task, int id, int number, int value)
    {
        if (value is < 0 or > SEMVMX)
            return -Errno.ERANGE;
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        SemaphoreSet? set;
        lock (table.Lock)
        {
            int error = table.Find(id, out set);
            if (error != 0)
                return error;
            if ((uint)number >= (uint)set!.Values.Length)
                return -Errno.EINVAL;
            error = set.Check(task, 0x92);
            if (error != 0)
                return error;
            set.Set(task, number, (ushort)value);
            set.ChangeTime = task.Host.Clock.Realtime / 1_000_000_000;
        }
        set.Queue.Wake();
        return 0;
    }

    private static long All(Task task, int id, int command, ulong address)
    {
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        SemaphoreSet? set;
        ushort[] values;
        lock (table.Lock)
        {
            int error = table.Find(id, out set);
            error = error == 0 ? set!.Check(task, command == SETALL ? 0x92u : 0x124u) : error;
            if (error != 0)
                return error;
            values = [.. set!.Values];
        }
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (command == GETALL)
            return task.Memory.Write(address, bytes) == bytes.Length ? 0 : -Errno.EFAULT;
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return -Errno.EFAULT;
        if (Array.Exists(values, value => value > SEMVMX))
            return -Errno.ERANGE;
        lock (table.Lock)
        {
            if (set.IsRemoved)
                return -Errno.EIDRM;
            for (int i = 0; i < values.Length; i++)
                set.Set(task, i, values[i]);
            set.ChangeTime = task.Host.Clock.Realtime / 1_000_000_000;
        }
        set.Queue.Wake();
        return 0;
    }

    private static long Stat(Task task, int id, int command, ulong address)
    {
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        byte[] bytes = new byte[StatusSize];
        long result;
        lock (table.Lock)
        {
            SemaphoreSet? set;
            int error = 0;
            if (command == IPC_STAT)
                error = table.Find(id, out set);
            else
                set = table.At(id);
            if (set is null)
                return error == 0 ? -Errno.EINVAL : error;
            error = command == SEM_STAT_ANY ? 0 : set.Check(task, 0x124);
            if (error != 0)
                return error;
            set.WritePermissions(bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), set.OperationTime);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(64), set.ChangeTime);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(80), set.Values.Length);
            result = command == IPC_STAT ? 0 : set.Id;
        }
        return task.Memory.Write(address, bytes) == bytes.Length ? result : -Errno.EFAULT;
    }

    private static long Change(Task task, int id, int command, ulong address)
    {
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        Span<byte> wanted = stackalloc byte[StatusSize];
        if (command == IPC_SET && task.Memory.Read(address, wanted) != wanted.Length)
            return -Errno.EFAULT;
        SemaphoreSet? set;
        lock (table.Lock)
        {
            int error = table.Find(id, out set);
            error = error == 0 ? set!.CheckOwner(task) : error;
            if (error != 0)
                return error;
            if (command == IPC_SET)
            {
                set!.ReadPermissions(wanted);
                set.ChangeTime = task.Host.Clock.Realtime / 1_000_000_000;
                return 0;
            }
            table.Remove(set!);
        }
        set!.Queue.Wake();
        return 0;
    }

    /// <summary>struct seminfo: ten ints.</summary>
    private static long Info(Task task, int command, ulong address)
    {
        IpcTable<SemaphoreSet> table = task.Kernel.Ipc.Semaphores;
        int highest, sets = 20, total = SEMVMX;
        lock (table.Lock)
        {
            highest = table.HighestIndex;
            if (command == SEM_INFO)
            {
                (sets, total) = (table.Count, 0);
                foreach (SemaphoreSet set in table.Objects)
                    total += set.Values.Length;
            }
        }
        ReadOnlySpan<int> info = [SEMMNS, SEMMNI, SEMMNS, SEMMNS, SEMMSL, SEMOPM, SEMOPM, sets, SEMVMX, total];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(info);
        return task.Memory.Write(address, bytes) == bytes.Length ? highest : -Errno.EFAULT;
    }
}
