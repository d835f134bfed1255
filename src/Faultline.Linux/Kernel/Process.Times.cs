namespace Faultline.Linux.Kernel;

// Processor time (kernel/sched/cputime.c). All values in nanoseconds.
internal sealed partial class Process
{
    /// <summary>USER_HZ is 100.</summary>
    private const long TickLength = 10_000_000;

    private long _endedUser;
    private long _endedSystem;
    private long _maxResident;

    /// <summary>CLOCK_PROCESS_CPUTIME_ID: user and system time of all its threads.</summary>
    public long CpuTime
    {
        get
        {
            long sum = UserTime + SystemTime;
            foreach (Task task in Tasks)
                sum += task.CpuTime;
            return sum;
        }
    }

    /// <summary>User and system time of all its threads. What other living threads used counts as user time: the host tells only a thread itself how its time divides.</summary>
    /// <param name="caller">The thread that asks, one of its own or another's.</param>
    /// <param name="user">User time.</param>
    /// <param name="system">System time.</param>
    public void ReadTimes(Task? caller, out long user, out long system)
    {
        (user, system) = (UserTime, SystemTime);
        foreach (Task task in Tasks)
        {
            if (task != caller)
            {
                user += task.CpuTime;
                continue;
            }
            task.ReadTimes(out long ownUser, out long ownSystem);
            user += ownUser;
            system += ownSystem;
        }
    }

    /// <summary>User time of its threads that have ended.</summary>
    public long UserTime => Volatile.Read(ref _endedUser);

    /// <summary>System time of its threads that have ended.</summary>
    public long SystemTime => Volatile.Read(ref _endedSystem);

    /// <summary>User time of children that were waited for, and of theirs.</summary>
    public long ChildrenUserTime { get; private set; }

    /// <summary>System time of children that were waited for, and of theirs.</summary>
    public long ChildrenSystemTime { get; private set; }

    /// <summary>
    /// ru_maxrss in KiB: the most memory that all processes together had when it was asked for or the process ended. Frames are not counted by process.
    /// </summary>
    public long MaxResident
    {
        get => HasEnded ? _maxResident : NoteResident();
    }

    /// <summary>The largest <see cref="MaxResident"/> of children that were waited for, and of theirs.</summary>
    public long ChildrenMaxResident { get; private set; }

    /// <summary>A thread of the process ends: called on its host thread.</summary>
    public void AddTimes(Task task)
    {
        task.ReadTimes(out long user, out long system);
        Interlocked.Add(ref _endedUser, user);
        Interlocked.Add(ref _endedSystem, system);
    }

    private long NoteResident()
    {
        long now = Kernel.Frames.FramesInUse * (Memory.GuestPage.Size / 1024);
        return _maxResident = Math.Max(_maxResident, now);
    }

    private void AddChildTimes(Process child)
    {
        ChildrenUserTime += child.UserTime + child.ChildrenUserTime;
        ChildrenSystemTime += child.SystemTime + child.ChildrenSystemTime;
        ChildrenMaxResident = Math.Max(ChildrenMaxResident, Math.Max(child.MaxResident, child.ChildrenMaxResident));
    }
}
