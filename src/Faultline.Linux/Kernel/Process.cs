using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

/// <summary>A guest process: Linux's thread group (signal_struct) with what its threads share.</summary>
/// <remarks>Lock order: <see cref="SignalLock"/> is innermost; nothing that blocks is called with it held.</remarks>
internal sealed partial class Process : IDisposable
{
    /// <summary>Makes a process without an image.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="pid">Its id.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="files">Descriptors, a reference taken over.</param>
    /// <param name="fileSystem">Root and directory, a reference taken over.</param>
    /// <param name="memory">Memory, a reference taken over.</param>
    public Process(LinuxKernel kernel, int pid, ResourceLimits limits, FdTable files, FsContext fileSystem, ProcessMemory memory)
    {
        Kernel = kernel;
        Pid = pid;
        Limits = limits;
        Files = files;
        FileSystem = fileSystem;
        Mm = memory;
        StartTime = kernel.Host.Clock.BootTime;
    }

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel { get; }

    /// <summary>getpid(2): the thread group id.</summary>
    public int Pid { get; }

    /// <summary>Process group.</summary>
    public int ProcessGroup { get; set; }

    /// <summary>Session.</summary>
    public int Session { get; set; }

    /// <summary>The program's memory; replaced by execve.</summary>
    public ProcessMemory Mm { get; private set; }

    /// <summary>Descriptors; shared with a process that was made so.</summary>
    public FdTable Files { get; private set; }

    /// <summary>Root, current directory and umask; shared with a process that was made so.</summary>
    public FsContext FileSystem { get; private set; }

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

    /// <summary>Installs a new program: the old memory goes, the caller's reference to the file is taken over.</summary>
    public void ReplaceImage(ProcessMemory memory, OpenFile executable)
    {
        ProcessMemory old = Mm;
        OpenFile? oldFile = Executable;
        Mm = memory;
        Executable = executable;
        // Decoded code refers to the old pages: the thread's processor goes first.
        Main.ResetProcessor();
        old.Release();
        oldFile?.Release();
        HasExecuted = true;
        ReleaseFromVfork();
    }

    /// <summary>execve ends the sharing of descriptors (unshare_files).</summary>
    public void UnshareFiles()
    {
        if (!Files.IsShared)
            return;
        FdTable old = Files;
        Files = old.Clone();
        old.Release();
    }

    /// <summary>Ends the sharing of root and directory (unshare(CLONE_FS)).</summary>
    public void UnshareFileSystem()
    {
        FsContext old = FileSystem;
        FileSystem = old.Clone();
        old.Release();
    }

    /// <summary>What a child has from its parent beyond what the constructor takes.</summary>
    public void InheritFrom(Process parent, bool sharesActions, bool clearsActions)
    {
        lock (parent.SignalLock)
            Actions = sharesActions ? parent.Actions : parent.Actions.Clone();
        if (clearsActions)
            Actions.ResetForExecute();
        parent.Executable?.AddReference();
        Executable = parent.Executable;
    }

    /// <summary>Frees what is left of the first process after its end: threads, memory.</summary>
    public void Dispose()
    {
        // A process that was never run has its descriptors still.
        if (!HasEnded)
        {
            Timers.Dispose();
            Files.Release();
            FileSystem.Release();
        }
        foreach (Task task in Tasks)
        {
            task.Dispose();
            Kernel.Remove(task);
        }
        Mm.Release();
        Executable?.Release();
        Executable = null;
        Kernel.Remove(this);
    }
}
