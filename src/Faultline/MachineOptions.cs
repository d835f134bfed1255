namespace Faultline;

/// <summary>How a <see cref="Machine"/> is made. Everything has a default: the guest then sees the host's files, streams and environment.</summary>
public sealed class MachineOptions
{
    /// <summary>
    /// The host folder that is the guest's <c>/</c>. The guest reaches nothing outside it. Null, the default, shows the host's whole file tree with the rights
    /// of the user who runs this process.
    /// </summary>
    public string? Root { get; set; }

    /// <summary>Folders of the host that the guest sees at places of its own, mounted in this order. Nothing else of the host becomes reachable by them.</summary>
    public IReadOnlyList<FolderBind> Binds { get; set; } = [];

    /// <summary>The guest's current directory, as the guest names it. Null: the host's current directory, or <c>/</c> under a <see cref="Root"/>.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The processor that the guest sees: what CPUID reports, AT_HWCAP and /proc/cpuinfo repeat, and executes.</summary>
    public CpuLevel Cpu { get; set; } = CpuLevel.V3;

    /// <summary>How guest code is executed.</summary>
    public GuestEngine Engine { get; set; } = GuestEngine.Auto;

    /// <summary>
    /// The page size, in bytes, of the host that <see cref="LoadPolicy"/> is to load for: 4096, 16384 or 65536. The guest's own pages, and the page size that it is
    /// told (AT_PAGESZ), are 4096 whatever this is and whatever this machine's host has.
    /// </summary>
    public int HostPageSize { get; set; } = 4096;

    /// <summary>How programs' segments are rounded to pages when they are loaded.</summary>
    public GuestLoadPolicy LoadPolicy { get; set; } = GuestLoadPolicy.Linux;

    /// <summary>What of the network the program reaches. Null: what this process reaches, or nothing under a <see cref="Root"/>.</summary>
    public GuestNetwork? Network { get; set; }

    /// <summary>The program's environment, each <c>NAME=VALUE</c>, in order. Null: this process's environment.</summary>
    public IReadOnlyList<string>? Environment { get; set; }

    /// <summary>What the guest reads from descriptor 0. Null: this process's standard input. Stays the caller's and open.</summary>
    public Stream? StandardInput { get; set; }

    /// <summary>Where the guest's descriptor 1 writes. Null: this process's standard output. Stays the caller's and open.</summary>
    public Stream? StandardOutput { get; set; }

    /// <summary>Where the guest's descriptor 2 writes. Null: this process's standard error. Stays the caller's and open.</summary>
    public Stream? StandardError { get; set; }

    /// <summary>Whether <see cref="RunStatistics.Profile"/> is collected. It costs translated code some percent where it often goes from one region to another.</summary>
    public bool CollectProfile { get; set; }

    /// <summary>
    /// Whether /tmp/perf-PID.map names translated code while a program runs, for the host's perf(1): <c>guest:SYMBOL+0xOFFSET [region ADDRESS]</c>. perf looks there only
    /// when this process was started with DOTNET_EnableWriteXorExecute=0.
    /// </summary>
    public bool WritePerfMap { get; set; }

    /// <summary>
    /// Told at once, on a thread of the dying process, when a fault kills a process that the program has made; of at most <see cref="RunResult.MaxChildReports"/> in a run. Must not
    /// throw. Null: nobody is told.
    /// </summary>
    public Action<FaultReport>? ChildFaulted { get; set; }

    /// <summary>The signals that programs start with ignored, bit N-1 for signal N, as under nohup(1). SIGKILL and SIGSTOP cannot be.</summary>
    public ulong IgnoredSignals { get; set; }

    /// <summary>The signals that programs start with blocked, bit N-1 for signal N. SIGKILL and SIGSTOP cannot be.</summary>
    public ulong BlockedSignals { get; set; }

    /// <summary>Gets every system call as strace(1) prints it. Null: none. Stays the caller's; it is flushed when a run ends.</summary>
    public TextWriter? Strace { get; set; }
}
