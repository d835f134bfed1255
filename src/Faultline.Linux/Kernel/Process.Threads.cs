using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel;

// The threads of a process and their ends.
internal sealed partial class Process
{
    private readonly List<Task> _tasks = [];
    private Task[] _snapshot = [];

    /// <summary>Threads that have not ended.</summary>
    private int _living;

    /// <summary>The thread that is about to replace the program, for which all others end.</summary>
    private Task? _executing;

    /// <summary>The threads, first the one that started the process, which stays here until the process has ended.</summary>
    public Task[] Tasks => Volatile.Read(ref _snapshot);

    /// <summary>The first thread (the thread group's leader).</summary>
    public Task Main => Volatile.Read(ref _snapshot)[0];

    /// <summary>Threads that run.</summary>
    public int LivingThreads => Tasks.Count(task => !task.HasEnded && !task.IsLeaving);

    /// <summary>The thread of an id, or null.</summary>
    public Task? FindTask(int tid)
    {
        foreach (Task task in Tasks)
        {
            if (task.Tid == tid && !task.HasEnded && !task.IsLeaving)
                return task;
        }
        return null;
    }

    /// <summary>Adds a thread.</summary>
    /// <returns>False when the process is ending: no more threads.</returns>
    public bool Add(Task task)
    {
        lock (_tasks)
        {
            if (IsExiting || (_executing is not null && _executing != task))
                return false;
            _tasks.Add(task);
            _living++;
            if (_tasks.Count > 1)
            {
                Files.IsConcurrent = true;
                FileSystem.IsConcurrent = true;
            }
            Volatile.Write(ref _snapshot, [.. _tasks]);
        }
        Kernel.Add(task);
        return true;
    }

    /// <summary>A thread has ended; with the last one the process ends.</summary>
    public void End(Task task)
    {
        bool isLast;
        lock (_tasks)
        {
            task.MarkEnded();
            _living--;
            isLast = _living == 0;
            // The leader's id is the process's until the process has ended.
            if (task != _tasks[0])
            {
                _tasks.Remove(task);
                Volatile.Write(ref _snapshot, [.. _tasks]);
                Kernel.Remove(task);
            }
            _executing?.Waker.Wake();
        }
        if (!isLast)
        {
            if (task != Main)
                task.Dispose();
            // The others may have stopped and wait for this one.
            TellOfStop();
            return;
        }
        lock (SignalLock)
        {
            // All threads ended by exit(2): the process ends with the code of the last (synchronize_group_exit).
            if (!IsExiting)
            {
                IsExiting = true;
                WaitStatus = task.ExitStatus;
            }
        }
        if (!IsFirst)
        {
            foreach (Task left in Tasks)
                left.Dispose();
        }
        Kernel.Remove(Main);
        Finish();
    }

    /// <summary>execve: ends all threads but one, which becomes the first (de_thread).</summary>
    /// <returns>False when the process is ending, or another thread was first.</returns>
    public bool EndOtherThreads(Task survivor)
    {
        lock (_tasks)
        {
            if (IsExiting || _executing is not null)
                return false;
            if (_living == 1 && survivor == _tasks[0])
                return true;
            _executing = survivor;
            foreach (Task task in _tasks)
            {
                if (task != survivor)
                    task.MustEnd = true;
            }
        }
        foreach (Task task in Tasks)
        {
            if (task != survivor)
                task.Notify();
        }
        while (true)
        {
            survivor.Waker.Reset();
            lock (_tasks)
            {
                if (_living == 1)
                {
                    Succeed(survivor);
                    // A signal of the process may have been left to a thread that has ended.
                    survivor.Notify();
                    return true;
                }
                if (IsExiting)
                {
                    _executing = null;
                    return false;
                }
            }
            _ = survivor.Sleep(long.MaxValue);
        }
    }

    private void Succeed(Task survivor)
    {
        _executing = null;
        Task leader = _tasks[0];
        if (leader == survivor)
            return;
        Kernel.Remove(leader);
        Kernel.Remove(survivor);
        leader.Dispose();
        survivor.Tid = Pid;
        _tasks.Clear();
        _tasks.Add(survivor);
        Volatile.Write(ref _snapshot, [survivor]);
        Kernel.Add(survivor);
    }

    /// <summary>Threads that are stopped, or must stop, with the process: the calling one waits until SIGCONT, SIGKILL or the end.</summary>
    public void WaitWhileStopped(Task task)
    {
        while (true)
        {
            task.Waker.Reset();
            lock (SignalLock)
            {
                task.HasStopped = IsStopped && !IsExiting && !task.MustEnd && ((task.Pending.Set | SharedPending.Set) & Sig.Bit(Sig.SIGKILL)) == 0;
                if (!task.HasStopped)
                    return;
            }
            TellOfStop();
            _ = task.Sleep(long.MaxValue);
        }
    }
}
