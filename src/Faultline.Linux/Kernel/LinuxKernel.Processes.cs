using System.Collections.Concurrent;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel;

// The table of processes and threads (kernel/pid.c).
internal sealed partial class LinuxKernel
{
    /// <summary>kernel.pid_max of a 64-bit Linux.</summary>
    private const int PidMax = 1 << 22;

    /// <summary>kernel.threads-max: each guest thread is a host thread.</summary>
    public const int MaxTasks = 16384;

    /// <summary>After ids have wrapped, the low ones stay free (RESERVED_PIDS).</summary>
    private const int ReservedPids = 300;

    /// <summary>The first process of the machine, which is the parent of those whose own has ended.</summary>
    public const int InitPid = 1;

    private readonly ConcurrentDictionary<int, Task> _tasks = new();

    /// <summary>Ids of threads and processes that are being made.</summary>
    private readonly HashSet<int> _promised = [];
    private int _lastPid;
    private int _taskCount;

    /// <summary>
    /// Guards who is whose parent and child, process groups and sessions, and what a parent has still to be told (tasklist_lock). Taken before
    /// <see cref="Process.SignalLock"/>.
    /// </summary>
    public Lock Tree { get; } = new();

    /// <summary>Threads that exist.</summary>
    public int TaskCount => Volatile.Read(ref _taskCount);

    /// <summary>What RLIMIT_NPROC bounds: threads that exist and processes that have ended but not been waited for. All are of one user here.</summary>
    public int CountedTasks => TaskCount + Array.FindAll(Processes, process => process.HasEnded).Length;

    /// <summary>Whether there was ever a second thread or process: a trace says then who makes a call.</summary>
    public bool HadSeveralTasks { get; private set; }

    /// <summary>Told of a process that a signal of its own making is ending, before its memory goes; on its thread.</summary>
    public Action<Process, Signals.FatalSignal>? Crashed { get; set; }

    /// <summary>The processes that have not been reaped, by id.</summary>
    public Process[] Processes
    {
        get
        {
            Process[] processes;
            lock (_lock)
            {
                processes = new Process[_processes.Count];
                _processes.Values.CopyTo(processes, 0);
            }
            if (processes.Length > 1)
                Array.Sort(processes, (a, b) => a.Pid.CompareTo(b.Pid));
            return processes;
        }
    }

    /// <summary>The process of an id, or null.</summary>
    public Process? Find(int pid)
    {
        lock (_lock)
            return _processes.GetValueOrDefault(pid);
    }

    /// <summary>The thread of an id, in whatever process, or null.</summary>
    public Task? FindTask(int tid) => _tasks.GetValueOrDefault(tid) is { IsLeaving: false } task ? task : null;

    /// <summary>
    /// A fresh id for a thread or process, which no thread, process, group or session has. It counts as one that exists until it does (<see cref="Add(Task)"/>) or
    /// <see cref="GiveUpId"/>: many may be about to make one at once.
    /// </summary>
    /// <param name="limit">How many threads and processes there may be (RLIMIT_NPROC).</param>
    /// <returns>The id, or -EAGAIN when there are too many.</returns>
    public int AllocateId(ulong limit = ulong.MaxValue)
    {
        lock (_lock)
        {
            if (_taskCount + _promised.Count >= MaxTasks || (limit != ulong.MaxValue && (ulong)(CountedTasks + _promised.Count) >= limit))
                return -Errno.EAGAIN;
            do
                _lastPid = _lastPid >= PidMax - 1 ? ReservedPids : _lastPid + 1;
            while (_tasks.ContainsKey(_lastPid) || IsInUse(_lastPid) || !_promised.Add(_lastPid));
            return _lastPid;
        }
    }

    /// <summary>Nothing will have an id after all.</summary>
    public void GiveUpId(int id)
    {
        lock (_lock)
            _promised.Remove(id);
    }

    /// <summary>A thread exists from now on.</summary>
    public void Add(Task task)
    {
        lock (_lock)
        {
            if (_tasks.TryAdd(task.Tid, task) && Interlocked.Increment(ref _taskCount) > 1)
                HadSeveralTasks = true;
            _promised.Remove(task.Tid);
        }
    }

    /// <summary>A thread has ended, or has got another id.</summary>
    public void Remove(Task task)
    {
        if (_tasks.TryRemove(new KeyValuePair<int, Task>(task.Tid, task)))
            Interlocked.Decrement(ref _taskCount);
    }

    /// <summary>A process exists from now on.</summary>
    public void Add(Process process)
    {
        lock (_lock)
            _processes.Add(process.Pid, process);
    }

    /// <summary>Forgets a process: its parent has been told of its end.</summary>
    public void Remove(Process process)
    {
        lock (_lock)
            _processes.Remove(process.Pid);
    }

    /// <summary>Sends a signal to all processes of a group.</summary>
    /// <returns>How many there are.</returns>
    public int SendToGroup(int group, in Siginfo info)
    {
        int count = 0;
        foreach (Process process in Processes)
        {
            if (process.ProcessGroup != group)
                continue;
            count++;
            if (info.si_signo != 0)
                _ = process.Send(info);
        }
        return count;
    }

    /// <summary>Kills every process but one, and waits for their ends.</summary>
    /// <param name="except">The one, or null.</param>
    /// <param name="patience">Milliseconds to wait at most.</param>
    /// <returns>Whether they have all ended.</returns>
    public bool KillOthers(Process? except, int patience)
    {
        long end = Environment.TickCount64 + patience;
        while (true)
        {
            bool any = false;
            foreach (Process process in Processes)
            {
                if (process == except || process.HasEnded || process.IsUnused)
                    continue;
                any = true;
                _ = process.Send(new Siginfo { si_signo = Sig.SIGKILL, si_code = Sig.SI_KERNEL });
                process.WaitForEnd((int)Math.Clamp(end - Environment.TickCount64, 0, 100));
            }
            if (!any)
                return true;
            if (Environment.TickCount64 >= end)
                return false;
        }
    }

    /// <summary>Whether a process's group has nobody with a parent in another group of the same session, who could continue it (will_become_orphaned_pgrp).</summary>
    public bool IsOrphaned(Process process)
    {
        lock (Tree)
            return !HasGroupLeaderOutside(process);
    }

    /// <summary>The same, with <see cref="Tree"/> held. The machine's first process has its parent outside: a shell of the host's, perhaps.</summary>
    public bool HasGroupLeaderOutside(Process process)
    {
        foreach (Process member in Processes)
        {
            if (member.ProcessGroup != process.ProcessGroup || member.HasEnded)
                continue;
            if (member.IsFirst || (member.Parent is { } parent && parent.ProcessGroup != member.ProcessGroup && parent.Session == member.Session))
                return true;
        }
        return false;
    }

    private bool IsInUse(int id)
    {
        foreach (Process process in _processes.Values)
        {
            if (process.Pid == id || process.ProcessGroup == id || process.Session == id)
                return true;
        }
        return false;
    }
}
