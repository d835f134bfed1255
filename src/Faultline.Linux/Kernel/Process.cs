using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

/// <summary>A guest process: Linux's thread group (signal_struct) with what its threads share.</summary>
/// <remarks>Lock order: <see cref="SignalLock"/> is innermost; nothing that blocks is called with it held.</remarks>
internal sealed partial class Process : IDisposable
{
    private readonly List<Task> _tasks = [];

    /// <summary>Makes a process without an image.</summary>
    public Process(LinuxKernel kernel, int pid, Process? parent, ResourceLimits limits, FdTable files, FsContext fileSystem)
    {
        Kernel = kernel;
        Pid = pid;
        Parent = parent;
        Limits = limits;
        Files = files;
        FileSystem = fileSystem;
        Mm = new ProcessMemory(kernel.Frames, limits, (ulong)kernel.MemoryTotal);
        StartTime = kernel.Host.Clock.BootTime;
    }

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel { get; }

    /// <summary>getpid(2): the thread group id.</summary>
    public int Pid { get; }

    /// <summary>The process that waits for this one; null for the first.</summary>
    public Process? Parent { get; }

    /// <summary>getppid(2).</summary>
    public int ParentPid => Parent?.Pid ?? Kernel.Host.Identity.ParentProcessId;

    /// <summary>Process group.</summary>
    public int ProcessGroup { get; set; }

    /// <summary>Session.</summary>
    public int Session { get; set; }

    /// <summary>The program's memory; replaced by execve.</summary>
    public ProcessMemory Mm { get; private set; }

    /// <summary>Descriptors.</summary>
    public FdTable Files { get; }

    /// <summary>Root, current directory and umask.</summary>
    public FsContext FileSystem { get; }

    /// <summary>Resource limits.</summary>
    public ResourceLimits Limits { get; }

    /// <summary>The file that is running, with a reference; /proc/self/exe. Null before the first execve.</summary>
    public OpenFile? Executable { get; private set; }

    /// <summary>personality(2).</summary>
    public uint Personality { get; set; }

    /// <summary>PR_SET_DUMPABLE.</summary>
    public int Dumpable { get; set; } = 1;

    /// <summary>PR_SET_CHILD_SUBREAPER.</summary>
    public bool IsSubreaper { get; set; }

    /// <summary>membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) was called.</summary>
    public bool IsMembarrierRegistered { get; set; }

    /// <summary>nice value, -20 to 19.</summary>
    public int Nice { get; set; }

    /// <summary>CLOCK_BOOTTIME at the start, in nanoseconds.</summary>
    public long StartTime { get; }

    /// <summary>The threads, first the one that started the process.</summary>
    public Task[] Tasks
    {
        get
        {
            lock (_tasks)
                return [.. _tasks];
        }
    }

    /// <summary>The first thread.</summary>
    public Task Main
    {
        get
        {
            lock (_tasks)
                return _tasks[0];
        }
    }

    /// <summary>The thread of an id, or null.</summary>
    public Task? FindTask(int tid)
    {
        lock (_tasks)
            return _tasks.Find(task => task.Tid == tid);
    }

    /// <summary>Adds a thread.</summary>
    public void Add(Task task)
    {
        lock (_tasks)
            _tasks.Add(task);
    }

    /// <summary>Installs a new program: the old memory goes, the caller's reference to the file is taken over.</summary>
    public void ReplaceImage(ProcessMemory memory, OpenFile executable)
    {
        ProcessMemory old = Mm;
        OpenFile? oldFile = Executable;
        Mm = memory;
        Executable = executable;
        // Decoded code refers to the old pages: the thread's processor goes first.
        foreach (Task task in Tasks)
            task.ResetProcessor();
        old.Dispose();
        oldFile?.Release();
    }

    /// <summary>Frees what is left of the process: threads, descriptors, memory.</summary>
    public void Dispose()
    {
        Timers.Dispose();
        foreach (Task task in Tasks)
            task.Dispose();
        Files.CloseAll();
        Mm.Dispose();
        Executable?.Release();
        Executable = null;
        FileSystem.Release();
        Kernel.Remove(this);
    }
}
