using Faultline.Cpu;
using Faultline.Linux.Abi;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel.Futexes;
using Faultline.Linux.Kernel.Signals;
using Faultline.Linux.Kernel.Timers;
using Faultline.Linux.Loader;
using Faultline.Linux.Loader.Vdso;
using Faultline.Linux.Mm;
using Faultline.Linux.Syscalls.Strace;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Kernel;

/// <summary>One in-process Linux kernel: processes, the tree of files, timers, and the host behind them.</summary>
internal sealed partial class LinuxKernel : IDisposable
{
    /// <summary>uname's release: the Linux whose behaviour the calls follow.</summary>
    public const string Release = "6.1.0-faultline";

    /// <summary>uname's version.</summary>
    public const string Version = "#1 SMP PREEMPT_DYNAMIC Faultline";

    /// <summary>What guests may use on a host that does not tell its size.</summary>
    private const long MinimumMemory = 1L << 30;

    /// <summary>How long threads that were killed may take to end, in milliseconds.</summary>
    private const int EndPatience = 5000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Process> _processes = [];
    private VdsoPages? _vdso;

    private LinuxKernel(LinuxKernelOptions options, VirtualFileSystem vfs)
    {
        Options = options;
        Host = options.Host;
        Vfs = vfs;
        MemoryTotal = options.Host.Identity.MemoryTotal;
        Frames = new FramePool { FrameLimit = Math.Max(MemoryTotal, MinimumMemory) / GuestPage.Size };
        Timers = new TimerQueue(options.Host.Clock);
        Processors = ProcessorSet.All(options.Host.Identity.ProcessorCount);
        _lastPid = options.Host.Identity.ProcessId;
        Strace = options.Strace is null ? null : new StraceWriter(options.Strace);
    }

    /// <summary>What it was made of.</summary>
    public LinuxKernelOptions Options { get; }

    /// <summary>The machine underneath.</summary>
    public IHost Host { get; }

    /// <summary>The tree of files.</summary>
    public VirtualFileSystem Vfs { get; }

    /// <summary>Where private memory of all processes comes from.</summary>
    public FramePool Frames { get; }

    /// <summary>The machine's memory in bytes: what guests together may use, and the most that one request may ask for.</summary>
    public long MemoryTotal { get; }

    /// <summary>The processors that guests are told of.</summary>
    public ProcessorSet Processors { get; }

    /// <summary>Timers of all processes.</summary>
    public TimerQueue Timers { get; }

    /// <summary>Who waits for futexes.</summary>
    public FutexTable Futexes { get; } = new();

    /// <summary>The page of code that every program gets (vDSO), made when the first is loaded.</summary>
    public VdsoPages Vdso => Volatile.Read(ref _vdso) ?? MakeVdso();

    /// <summary>The trace of system calls, or null.</summary>
    public StraceWriter? Strace { get; }

    /// <summary>Counts.</summary>
    public Statistics Statistics { get; } = new();

    /// <summary>Who wants to know in detail what processors do; null, which costs nothing, unless it is set before a program starts.</summary>
    public IProcessorObserver? Observer { get; set; }

    /// <summary>Instructions executed by all processors so far.</summary>
    public long InstructionsExecuted
    {
        get
        {
            long sum = Statistics.Instructions;
            foreach (Task task in Tasks)
                sum += task.InstructionsExecuted;
            return sum;
        }
    }

    /// <summary>System calls made by all threads so far.</summary>
    public long SystemCallsMade
    {
        get
        {
            long sum = Statistics.Syscalls;
            foreach (Task task in Tasks)
                sum += task.SystemCallsMade;
            return sum;
        }
    }

    /// <summary>What became of guest code on all processors so far.</summary>
    public CodeCounts CodeCounts
    {
        get
        {
            CodeCounts sum = Statistics.Code;
            foreach (Task task in Tasks)
                sum += task.CodeCounts;
            return sum;
        }
    }

    /// <summary>The threads of all processes. Without queries: those over values of this kind are compiled when they are first asked, in every start.</summary>
    private IEnumerable<Task> Tasks
    {
        get
        {
            foreach (Process process in Processes)
            {
                foreach (Task task in process.Tasks)
                    yield return task;
            }
        }
    }

    /// <summary>AT_HWCAP: EDX of CPUID leaf 1, from the same set that CPUID answers from.</summary>
    public ulong HardwareCapabilities => Options.Model.HwCap;

    /// <summary>AT_HWCAP2.</summary>
    public ulong HardwareCapabilities2 => Options.Model.HwCap2;

    /// <summary>AT_MINSIGSTKSZ.</summary>
    public ulong MinimumSignalStack => Task.MinimumSignalStack(Options.Model.Xcr0);

    /// <summary>Makes a kernel.</summary>
    /// <returns>0, or a negative errno when the root folder cannot be used.</returns>
    public static int Create(LinuxKernelOptions options, out LinuxKernel? kernel)
    {
        kernel = null;
        int result = VirtualFileSystem.Create(options.Host, options.Root, out VirtualFileSystem? vfs);
        if (result < 0)
            return result;
        kernel = new LinuxKernel(options, vfs!);
        kernel.MountSpecialFiles();
        return 0;
    }

    /// <summary>Starts the first process: descriptors 0 to 2 are the host's standard streams.</summary>
    /// <param name="path">The program, looked up as execve(2) does, without PATH.</param>
    /// <param name="arguments">argv.</param>
    /// <param name="environment">envp, as NAME=VALUE.</param>
    /// <param name="process">The process, ready to <see cref="Process.Run"/>; the caller disposes it. Null with an error.</param>
    public ExecuteError Spawn(string path, IEnumerable<string> arguments, IEnumerable<string> environment, out Process? process)
    {
        process = null;
        FsContext context = Vfs.CreateContext(Options.Umask);
        int result = EnterStartDirectory(context);
        if (result < 0)
        {
            context.Release();
            return new ExecuteError(-result, $"the working directory{(Options.CurrentDirectory is { } name ? " " + name : "")}: {Errno.Describe(-result)}");
        }

        FdTable files = new();
        InheritStreams(files);
        ResourceLimits limits = Hardware.InitialLimits(Host.Identity);
        files.Limit = (int)Math.Min(limits[Abi.Processes.Resource.RLIMIT_NOFILE].rlim_cur, int.MaxValue);
        ProcessMemory memory = new(Frames, limits, (ulong)MemoryTotal);
        Process made = new(this, Host.Identity.ProcessId, limits, files, context, memory)
        {
            ProcessGroup = Host.Identity.ProcessGroup,
            Session = Host.Identity.Session,
            IsFirst = true,
        };
        made.Actions.Ignore(Options.IgnoredSignals & ~DefaultActions.Unblockable);
        Task first = new(made, made.Pid, InitialCredentials());
        first.SetBlocked(Options.BlockedSignals);
        _ = made.Add(first);
        Add(made);

        ExecuteRequest request = new() { Path = path, Arguments = new(arguments), Environment = new(environment) };
        List<string>? original = Strace is null ? null : new(request.Arguments);
        ExecuteError error = made.Main.Execute(request, opened: null);
        if (error.Errno == 0)
        {
            Strace?.Started(made, path, original!, request.Environment.Count);
            process = made;
            return default;
        }
        made.Dispose();
        return error;
    }

    /// <summary>Disposes what is left of all processes, then the memory they shared.</summary>
    public void Dispose()
    {
        bool allEnded = KillOthers(except: null, EndPatience);
        foreach (Process process in Processes)
        {
            if (process.HasEnded || process.IsFirst)
                process.Dispose();
        }
        Timers.Dispose();
        Vfs.HostFiles.Text?.Clear();
        // A thread that a host call holds fast may still write to its memory.
        if (!allEnded)
            return;
        Frames.Dispose();
        Vfs.HostFiles.Close();
    }

    /// <summary>Whether a process can start in the directory that was asked for: 0 or a negative errno.</summary>
    public int CheckStartDirectory()
    {
        FsContext context = Vfs.CreateContext(Options.Umask);
        int result = EnterStartDirectory(context);
        context.Release();
        return result;
    }

    private int EnterStartDirectory(FsContext context)
    {
        string? path = Options.CurrentDirectory ?? (Options.Root == "/" ? Options.Host.Identity.CurrentDirectory : "/");
        if (path is null)
            return -Errno.ENOENT;
        int result = Vfs.FindDirectory(context, context.Root, path, out DirectoryNode? directory);
        if (result == 0)
            context.SetCurrent(directory!);
        return result;
    }

    private Credentials InitialCredentials()
    {
        IHostIdentity identity = Host.Identity;
        return new Credentials
        {
            Uid = identity.UserId,
            Euid = identity.EffectiveUserId,
            Suid = identity.EffectiveUserId,
            Fsuid = identity.EffectiveUserId,
            Gid = identity.GroupId,
            Egid = identity.EffectiveGroupId,
            Sgid = identity.EffectiveGroupId,
            Fsgid = identity.EffectiveGroupId,
            Groups = identity.Groups,
            PermittedCapabilities = identity.EffectiveUserId == 0 ? Credentials.AllCapabilities : 0,
            EffectiveCapabilities = identity.EffectiveUserId == 0 ? Credentials.AllCapabilities : 0,
        };
    }

    private VdsoPages MakeVdso()
    {
        lock (_lock)
            return _vdso ??= new VdsoPages(Frames, Host.Clock);
    }
}
