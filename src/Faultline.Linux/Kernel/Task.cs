using System.Runtime.CompilerServices;
using Faultline.Cpu;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel.Futexes;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

/// <summary>
/// A guest thread: Linux's task_struct. Registers, signal mask, pending signals, identity; what threads share is in <see cref="Process"/>.
/// A guest thread is a host thread, and only that thread runs the task's system calls.
/// </summary>
internal sealed partial class Task : IWaiter, IDisposable
{
    /// <summary>Guards <see cref="_cpu"/> against being freed while another thread interrupts it; innermost.</summary>
    private readonly Lock _cpuLock = new();
    private Processor? _cpu;
    private IHostWaker? _waker;
    private bool _isAsleep;
    private bool _hasMoved;

    /// <summary>Makes a thread of a process; it gets a processor when an image is loaded.</summary>
    public Task(Process process, int tid, Credentials credentials)
    {
        Process = process;
        Tid = tid;
        Credentials = credentials;
        Affinity = process.Kernel.Processors;
    }

    /// <summary>The thread group.</summary>
    public Process Process { get; }

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel => Process.Kernel;

    /// <summary>gettid(2); equal to the process id in the first thread.</summary>
    public int Tid { get; set; }

    /// <summary>The process's memory, for copies in and out.</summary>
    public GuestMemory Memory
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Process.Mm.Memory;
    }

    /// <summary>The processor that runs this thread's code; replaced by execve.</summary>
    public Processor Cpu => _cpu ?? NoImage();

    /// <summary>Instructions the present processor has executed.</summary>
    public long InstructionsExecuted => _cpu?.InstructionsExecuted ?? 0;

    /// <summary>System calls that the thread has made and <see cref="Statistics"/> does not count yet. Its own, so that threads do not wait for each other to count.</summary>
    public long SystemCallsMade { get; set; }

    /// <summary>Files and directories that the present system call holds.</summary>
    public Pins Pins { get; } = new();

    /// <summary>What became of code on the present processor.</summary>
    public CodeCounts CodeCounts => _cpu?.CodeCounts ?? default;

    /// <summary>User and group ids.</summary>
    public Credentials Credentials { get; set; }

    /// <summary>The thread's name, at most 15 bytes (prctl PR_SET_NAME, /proc/self/comm).</summary>
    public string Comm { get; set; } = "";

    /// <summary>Zeroed, and its futex woken, when the thread ends (set_tid_address).</summary>
    public ulong ClearChildTid { get; set; }

    /// <summary>Head of the robust futex list (set_robust_list), or 0.</summary>
    public ulong RobustListHead { get; set; }

    /// <summary>Where the thread waits for a lock with priority inheritance, or null. Guarded by the table of futexes.</summary>
    public FutexWaiter? LockWaiter { get; set; }

    /// <summary>The thread has let go of its locks with priority inheritance for good, or until its new program runs.</summary>
    public bool HasLeftLocks { get => Volatile.Read(ref _hasLeftLocks); private set => Volatile.Write(ref _hasLeftLocks, value); }

    private bool _hasLeftLocks;

    /// <summary>Address of the registered struct rseq, or 0.</summary>
    public ulong RseqAddress { get; set; }

    /// <summary>Its registered length.</summary>
    public uint RseqLength { get; set; }

    /// <summary>The signature that precedes abort handlers.</summary>
    public uint RseqSignature { get; set; }

    /// <summary>Where the thread may run (sched_setaffinity).</summary>
    public ProcessorSet Affinity
    {
        get;
        private set
        {
            field = value;
            lock (_cpuLock)
                NumberProcessor(_cpu);
        }
    }

    /// <summary>What RDPID says is what getcpu says: a thread stays on the first processor that it may use, and there is one node.</summary>
    private void NumberProcessor(Processor? cpu)
    {
        if (cpu is not null)
            cpu.TscAux = (uint)Affinity.First;
    }

    /// <summary>SCHED_OTHER, SCHED_BATCH or SCHED_IDLE; the host's scheduler is not told.</summary>
    public int SchedulingPolicy { get; set; }

    /// <summary>SCHED_RESET_ON_FORK: what it makes does not inherit a better nice value.</summary>
    public bool ResetsOnFork { get; set; }

    /// <summary>PR_SET_PDEATHSIG.</summary>
    public int ParentDeathSignal { get; set; }

    /// <summary>PR_SET_TIMERSLACK in nanoseconds.</summary>
    public long TimerSlack { get; set; } = DefaultTimerSlack;

    /// <summary>The slack of a thread that never asked for another.</summary>
    public const long DefaultTimerSlack = 50_000;

    /// <inheritdoc/>
    public IHost Host => Kernel.Host;

    /// <inheritdoc/>
    public IHostWaker Waker => Volatile.Read(ref _waker) ?? MakeWaker();

    /// <summary>Gives the thread a fresh processor bound to the process's present memory, in the state in which Linux starts a program.</summary>
    public void ResetProcessor()
    {
        Processor made = new(Process.Mm.Space, Kernel.Options.Model, Kernel.Options.Engine, Kernel.Observer?.Profile.AddProcessor());
        Kernel.Observer?.Made(Process, made);
        Exchange(made);
    }

    private static Processor NoImage() => throw new InvalidOperationException("the thread has no image yet");

    /// <summary>Makes the thread notice that there is something to look at: leaves guest code, ends a sleep.</summary>
    public void Notify()
    {
        Volatile.Write(ref _attention, 1);
        lock (_cpuLock)
            _cpu?.RequestInterrupt();
        Volatile.Read(ref _waker)?.Wake();
    }

    /// <summary>Moves the thread to other processors. What it has registered for restartable sequences is told before it next runs guest code.</summary>
    public void MoveTo(ProcessorSet processors)
    {
        bool moves = processors.First != Affinity.First;
        Affinity = processors;
        if (!moves)
            return;
        Volatile.Write(ref _hasMoved, true);
        Notify();
    }

    /// <summary>Sleeps until a monotonic time, in nanoseconds.</summary>
    /// <returns>False when a signal ended the sleep first.</returns>
    public bool SleepUntil(long monotonic)
    {
        while (true)
        {
            Waker.Reset();
            if (IsInterrupted)
                return false;
            if (Sleep(monotonic))
                return true;
        }
    }

    /// <summary>Sleeps until a monotonic time, in nanoseconds, or until <see cref="Waker"/> is woken.</summary>
    /// <returns>False when woken first.</returns>
    public bool Sleep(long monotonic)
    {
        FallAsleep();
        bool slept = Host.Clock.SleepUntil(monotonic, Waker);
        WakeUp();
        return slept;
    }

    /// <summary>It sleeps in a call that signals end (TASK_INTERRUPTIBLE), as other threads see it in /proc: from when it is woken on it does not, whether it has run since or not.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) && Volatile.Read(ref _waker) is not { IsWoken: true };

    /// <inheritdoc/>
    public void FallAsleep()
    {
        _cpu?.User.FallAsleep();
        Volatile.Write(ref _isAsleep, true);
    }

    /// <inheritdoc/>
    public void WakeUp()
    {
        Volatile.Write(ref _isAsleep, false);
        _cpu?.User.WakeUp();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Exchange(null);
        _waker?.Dispose();
    }

    private void Exchange(Processor? next)
    {
        Processor? old;
        lock (_cpuLock)
        {
            NumberProcessor(next);
            (old, _cpu) = (_cpu, next);
        }
        if (old is null)
            return;
        Kernel.Statistics.AddInstructions(old.InstructionsExecuted);
        Kernel.Statistics.AddCode(old.CodeCounts);
        Kernel.Observer?.Ending(Process, old);
        old.Dispose();
    }

    private IHostWaker MakeWaker()
    {
        IHostWaker made = Host.Poll.CreateWaker();
        IHostWaker? other = Interlocked.CompareExchange(ref _waker, made, null);
        if (other is null)
            return made;
        made.Dispose();
        return other;
    }
}
