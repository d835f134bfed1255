using Faultline.Cpu.State;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

// Making threads and processes (kernel/fork.c).
internal sealed unsafe partial class Task
{
    /// <summary>Makes a thread or a process that goes on where this one is.</summary>
    /// <param name="request">What it shares and starts with; checked by the caller.</param>
    /// <returns>Its id, or a negative errno.</returns>
    public int Clone(in CloneRequest request)
    {
        Rlimit64 limit = Process.Limits[Resource.RLIMIT_NPROC];
        int id = Kernel.AllocateId(Credentials.IsPrivileged ? Rlimit64.RLIM64_INFINITY : limit.rlim_cur);
        if (id < 0)
            return id;
        return request.Has(Abi.Processes.Clone.CLONE_THREAD) ? CloneThread(request, id) : CloneProcess(request, id);
    }

    private int CloneThread(in CloneRequest request, int id)
    {
        Task made = new(Process, id, Credentials);
        Inherit(made, request);
        made.MakeProcessor(this, request);
        if (!Process.Add(made))
        {
            Kernel.GiveUpId(id);
            made.Dispose();
            return -Errno.EAGAIN;
        }
        WriteIds(made, request);
        return Start(made) ? id : FailThread(made);
    }

    private static int FailThread(Task made)
    {
        made.Process.End(made);
        return -Errno.EAGAIN;
    }

    private int CloneProcess(in CloneRequest request, int id)
    {
        bool sharesMemory = request.Has(Abi.Processes.Clone.CLONE_VM);
        Process parent = Process;
        ResourceLimits limits = parent.Limits.Clone();
        FdTable files = request.Has(Abi.Processes.Clone.CLONE_FILES) ? parent.Files.Share() : parent.Files.Clone();
        FsContext fileSystem = request.Has(Abi.Processes.Clone.CLONE_FS) ? parent.FileSystem.Share() : parent.FileSystem.Clone();
        ProcessMemory memory = sharesMemory ? parent.Mm.Share() : parent.Mm.Fork(limits);
        Process child = new(Kernel, id, limits, files, fileSystem, memory)
        {
            ProcessGroup = parent.ProcessGroup,
            Session = parent.Session,
            Personality = parent.Personality,
            Dumpable = parent.Dumpable,
            Nice = parent.Nice,
            IsMembarrierRegistered = sharesMemory && parent.IsMembarrierRegistered,
            // A brother ends as its maker does.
            ExitSignal = request.Has(Abi.Processes.Clone.CLONE_PARENT) ? parent.ExitSignal : (int)(request.Flags & Abi.Processes.Clone.CSIGNAL),
        };
        if (limits[Resource.RLIMIT_CPU].rlim_cur != Rlimit64.RLIM64_INFINITY)
            child.Timers.WatchCpuLimit();
        child.InheritFrom(parent, request.Has(Abi.Processes.Clone.CLONE_SIGHAND), request.Has(Abi.Processes.Clone.CLONE_CLEAR_SIGHAND));

        Task made = new(child, id, Credentials);
        Inherit(made, request);
        made.MakeProcessor(this, request);
        bool waits = request.Has(Abi.Processes.Clone.CLONE_VFORK);
        if (waits)
            child.VforkWaiter = this;
        child.BornTo(request.Has(Abi.Processes.Clone.CLONE_PARENT) ? parent.Parent ?? parent : parent);
        Kernel.Add(child);
        _ = child.Add(made);
        // The descriptor is there before the process runs: where there is no room for it, nobody has seen the process.
        int pidfd = request.Has(Abi.Processes.Clone.CLONE_PIDFD) ? OpenPidfd(child, request.Pidfd) : 0;
        if (pidfd < 0)
            return Undo(child, made, pidfd);
        WriteIds(made, request);
        if (!Start(made))
        {
            if (request.Has(Abi.Processes.Clone.CLONE_PIDFD))
                _ = parent.Files.Close(pidfd);
            return Undo(child, made, -Errno.EAGAIN);
        }
        if (waits)
            WaitForVfork(child);
        return id;
    }

    private int OpenPidfd(Process child, ulong address)
    {
        int fd = Process.Files.Add(new Fs.Event.PidFile(child, 0), closeOnExec: true);
        if (fd < 0 || Memory.TryWrite(address, fd))
            return fd;
        _ = Process.Files.Close(fd);
        return -Errno.EFAULT;
    }

    /// <summary>Takes back a process that has not run.</summary>
    /// <returns>The error.</returns>
    private int Undo(Process child, Task made, int error)
    {
        child.ExitSignal = 0;
        child.Exit(0);
        child.End(made);
        lock (Kernel.Tree)
            child.ReapLocked();
        return error;
    }

    /// <summary>vfork(2): until the child has called execve or has ended. Only a fatal signal ends the wait earlier.</summary>
    private void WaitForVfork(Process child)
    {
        while (true)
        {
            Waker.Reset();
            if (child.IsReleasedFromVfork || Process.IsExiting || MustEnd)
                break;
            if (HasPendingKill)
                break;
            _ = Sleep(long.MaxValue);
        }
        child.VforkWaiter = null;
    }

    /// <summary>What a new task has from the one that made it (copy_process).</summary>
    private void Inherit(Task made, in CloneRequest request)
    {
        made._blocked = _blocked;
        made.Comm = Comm;
        made.TimerSlack = TimerSlack;
        made.Affinity = Affinity;
        made.SchedulingPolicy = SchedulingPolicy;
        if (ResetsOnFork && made.Process != Process && made.Process.Nice < 0)
            made.Process.Nice = 0;
        made.IsCompatCall = IsCompatCall;
        made.TracedMode = TracedMode;
        made.InheritSeccomp(this);
        bool sharesMemory = request.Has(Abi.Processes.Clone.CLONE_VM);
        // A stack for signals is used by one thread only, and a child of vfork borrows its parent's.
        if (!sharesMemory || request.Has(Abi.Processes.Clone.CLONE_VFORK))
            made.AlternateStack = AlternateStack;
        if (!sharesMemory)
        {
            made.RseqAddress = RseqAddress;
            made.RseqLength = RseqLength;
            made.RseqSignature = RseqSignature;
        }
        if (request.Has(Abi.Processes.Clone.CLONE_CHILD_CLEARTID))
            made.ClearChildTid = request.ChildTid;
    }

    private void MakeProcessor(Task maker, in CloneRequest request)
    {
        ResetProcessor();
        Cpu.CopyRegisters(maker.Cpu);
        CpuState* s = Cpu.State;
        s->Gpr[0] = 0;
        if (request.Stack != 0)
            s->Gpr[4] = request.Stack;
        if (request.Has(Abi.Processes.Clone.CLONE_SETTLS))
        {
            s->FsBase = request.Tls;
            s->Selectors[4] = 0;
        }
    }

    /// <summary>Tells both sides the id; an address that cannot be written is passed over, as on Linux (kernel_clone, schedule_tail).</summary>
    private void WriteIds(Task made, in CloneRequest request)
    {
        if (request.Has(Abi.Processes.Clone.CLONE_CHILD_SETTID))
            _ = made.Memory.TryWrite(request.ChildTid, made.Tid);
        if (request.Has(Abi.Processes.Clone.CLONE_PARENT_SETTID))
            _ = Memory.TryWrite(request.ParentTid, made.Tid);
    }

    private static bool Start(Task made)
    {
        try
        {
            GuestThreads.Start(made.RunToEnd, made.Kernel.Host);
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }
}
