using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Ipc;

/// <summary>A set of System V semaphores (ipc/sem.c). Guarded by its table's lock.</summary>
internal sealed class SemaphoreSet(int count) : IpcObject
{
    private readonly Dictionary<Process, short[]> _undo = [];

    /// <summary>The values.</summary>
    public ushort[] Values { get; } = new ushort[count];

    /// <summary>Who changed each last.</summary>
    public int[] Pids { get; } = new int[count];

    /// <summary>Waiters for each to grow (GETNCNT).</summary>
    public int[] WaitingForMore { get; } = new int[count];

    /// <summary>Waiters for each to be zero (GETZCNT).</summary>
    public int[] WaitingForZero { get; } = new int[count];

    /// <summary>When an operation succeeded last, in seconds.</summary>
    public long OperationTime { get; private set; }

    /// <summary>Rings when a value changes or the set is removed.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Tries to do all operations, or none (perform_atomic_semop).</summary>
    /// <param name="task">Who.</param>
    /// <param name="operations">What; numbers have been checked.</param>
    /// <param name="blocked">With -EAGAIN the operation that cannot be done now.</param>
    /// <returns>0, -EAGAIN, or -ERANGE.</returns>
    public int TryOperate(Task task, ReadOnlySpan<SemaphoreOperation> operations, out SemaphoreOperation blocked)
    {
        blocked = default;
        short[]? adjustments = _undo.GetValueOrDefault(task.Process);
        Span<int> values = Values.Length <= 64 ? stackalloc int[Values.Length] : new int[Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Values[i];
        foreach (SemaphoreOperation operation in operations)
        {
            int value = values[operation.Number];
            int next = value + operation.Change;
            if ((operation.Change == 0 && value != 0) || next < 0)
            {
                blocked = operation;
                return -Errno.EAGAIN;
            }
            if (next > IpcLimits.SEMVMX)
                return -Errno.ERANGE;
            if (operation.Undoes)
            {
                int adjustment = (adjustments?[operation.Number] ?? 0) - operation.Change;
                if (adjustment is < -IpcLimits.SEMVMX - 1 or > IpcLimits.SEMVMX)
                    return -Errno.ERANGE;
            }
            values[operation.Number] = next;
        }
        foreach (SemaphoreOperation operation in operations)
        {
            Values[operation.Number] = (ushort)values[operation.Number];
            Pids[operation.Number] = task.Process.Pid;
            if (!operation.Undoes)
                continue;
            if (adjustments is null)
                _undo[task.Process] = adjustments = new short[Values.Length];
            adjustments[operation.Number] -= operation.Change;
        }
        OperationTime = task.Host.Clock.Realtime / 1_000_000_000;
        return 0;
    }

    /// <summary>Sets a value (SETVAL, SETALL): nobody undoes anything to it any more.</summary>
    public void Set(Task task, int number, ushort value)
    {
        Values[number] = value;
        Pids[number] = task.Process.Pid;
        foreach (short[] adjustments in _undo.Values)
            adjustments[number] = 0;
    }

    /// <summary>A process ends: takes its adjustments back, within the limits of a value.</summary>
    public void Undo(Process process)
    {
        if (!_undo.Remove(process, out short[]? adjustments))
            return;
        for (int i = 0; i < adjustments.Length; i++)
        {
            if (adjustments[i] == 0)
                continue;
            Values[i] = (ushort)Math.Clamp(Values[i] + adjustments[i], 0, IpcLimits.SEMVMX);
            Pids[i] = process.Pid;
        }
        Queue.Wake();
    }
}
