using Faultline.Cpu;
using Faultline.Elf.Layout;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader;
using Faultline.Linux.Net;
using Faultline.Profiling;
using Faultline.Reports;

namespace Faultline;

/// <summary>
/// A Linux machine inside this process: an x86-64 processor, memory and a kernel. Make one, run programs on it one after another, dispose it. Of its
/// members only <see cref="Stop"/> may be called while a program runs, from any thread; any number of machines may exist and run at once.
/// </summary>
public sealed class Machine : IDisposable
{
    /// <summary>How long processes that were killed may take to end, in milliseconds.</summary>
    private const int EndPatience = 5000;

    private readonly Lock _lock = new();
    private readonly LinuxKernel _kernel;
    private readonly CpuModel _model;
    private readonly TextWriter? _strace;
    private readonly string[]? _environment;
    private readonly bool _collectProfile;
    private readonly Action<FaultReport>? _childFaulted;
    private readonly bool _writePerfMap;
    private bool _isRunning;
    private bool _isStopping;
    private bool _isDisposed;

    /// <summary>Makes a machine.</summary>
    /// <param name="options">How; null for all defaults. Read now: later changes have no effect. The streams in it stay the caller's.</param>
    /// <exception cref="ProgramLoadException">The root folder or the working directory cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentException">A NUL character in a path or a variable of the environment: Linux has no such thing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The processor is none of <see cref="CpuLevel"/>, the policy none of <see cref="GuestLoadPolicy"/>, or the host's page size none that hosts have.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">The host is not Linux: its files and clocks are not wired up yet.</exception>
    /// <exception cref="NotSupportedException">
    /// The processor has instructions that are not implemented; the message names them. Or <see cref="MachineOptions.WritePerfMap"/> is asked of a runtime that cannot.
    /// </exception>
    public Machine(MachineOptions? options = null)
    {
        options ??= new MachineOptions();
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Faultline runs on Linux hosts only so far");
        if (options.Root is { Length: 0 })
            throw new ProgramLoadException("the root folder has an empty name", Errno.ENOENT);
        if (!LoadPolicy.IsHostPageSize((ulong)options.HostPageSize))
            throw new ArgumentOutOfRangeException(nameof(options), options.HostPageSize, "no page size of a host: 4096, 16384 or 65536");
        if (options.LoadPolicy is < GuestLoadPolicy.Linux or > GuestLoadPolicy.HostPageBlank)
            throw new ArgumentOutOfRangeException(nameof(options), options.LoadPolicy, "no such policy");
        _model = ModelOf(options);
        if (_model.MissesFeatures)
            throw new NotSupportedException($"the processor model {_model.Name} needs {string.Join(", ", _model.MissingFeatures).ToUpperInvariant()}, which Faultline does not implement yet");
        if (options.Environment is { } environment)
        {
            _environment = new string[environment.Count];
            for (int i = 0; i < _environment.Length; i++)
                _environment[i] = ToKernel(environment[i], nameof(options));
        }
        _strace = options.Strace;
        _collectProfile = options.CollectProfile;
        _childFaulted = options.ChildFaulted;
        _writePerfMap = options.WritePerfMap;
        if (_writePerfMap)
            PerfMap.Check();
        string root = ToKernel(options.Root is null ? "/" : Path.GetFullPath(options.Root), nameof(options));
        LinuxKernelOptions kernelOptions = new()
        {
            Host = new LinuxHost(),
            Root = root,
            Umask = ProcessUmask.Taken ?? LinuxKernelOptions.DefaultUmask,
            Network = (options.Network ?? (options.Root is null ? GuestNetwork.Host : GuestNetwork.None)) == GuestNetwork.Host ? NetworkAccess.Host : NetworkAccess.None,
            Binds = BindsOf(options),
            CurrentDirectory = options.WorkingDirectory is { } directory ? ToKernel(directory, nameof(options)) : null,
            Model = _model,
            Engine = options.Engine switch
            {
                GuestEngine.Interpreter => ExecutionEngine.Interpreter,
                GuestEngine.Translator => ExecutionEngine.Translator,
                _ => ExecutionEngine.Auto,
            },
            LoadPolicy = new LoadPolicy((LoadPolicyKind)options.LoadPolicy, (ulong)options.HostPageSize),
            Strace = options.Strace,
            IgnoredSignals = options.IgnoredSignals,
            BlockedSignals = options.BlockedSignals,
            StandardInput = options.StandardInput,
            StandardOutput = options.StandardOutput,
            StandardError = options.StandardError,
        };
        int result = LinuxKernel.Create(kernelOptions, out LinuxKernel? kernel);
        if (result < 0)
            throw new ProgramLoadException($"the root folder {options.Root}: {Errno.Describe(-result)}", -result);
        _kernel = kernel!;
        result = _kernel.MountBinds(out Bind? failed);
        if (result < 0)
        {
            _kernel.Dispose();
            throw new ProgramLoadException($"the folder {GuestText.FromKernel(failed!.HostFolder)} at {GuestText.FromKernel(failed.GuestPath)}: {Errno.Describe(-result)}", -result);
        }
        result = options.WorkingDirectory is null ? 0 : _kernel.CheckStartDirectory();
        if (result == 0)
            return;
        _kernel.Dispose();
        throw new ProgramLoadException($"the working directory {Quote(options.WorkingDirectory!)}: {Errno.Describe(-result)}", -result);
    }

    /// <summary>Passes a signal of the host's terminal on to the guests in front; for a program whose terminal is the guests'.</summary>
    internal void SignalFromTerminal(int signal) => _kernel.SignalFromTerminal(signal);

    /// <summary>The stop key of the host's terminal; false when it means this process too.</summary>
    internal bool StopFromTerminal() => _kernel.StopFromTerminal();

    /// <summary>Runs a program to its end on the calling thread.</summary>
    /// <param name="program">A path as the guest sees it, or a name without '/' that is looked up in the environment's PATH.</param>
    /// <param name="arguments">Its arguments, without the name.</param>
    /// <returns>How it ended; a program that crashes is a result, not an exception.</returns>
    /// <exception cref="ProgramLoadException">It could not be started: not found, not executable, not an x86-64 ELF file, a missing interpreter.</exception>
    /// <exception cref="ArgumentException">A NUL character in the name or an argument: Linux has no such thing.</exception>
    /// <exception cref="InvalidOperationException">A program is running on this machine already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public RunResult Run(string program, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(arguments);
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        string[] environment = _environment ?? EnvironmentOfThisProcess();
        string name = ToKernel(program, nameof(program));
        List<string> argv = [name];
        foreach (string argument in arguments)
            argv.Add(ToKernel(argument, nameof(arguments)));
        Begin();
        Process? process = null;
        using RunProfiler? profiler = _collectProfile || _writePerfMap ? new RunProfiler(_writePerfMap) : null;
        try
        {
            _kernel.Observer = profiler;
            long instructions = _kernel.InstructionsExecuted;
            long calls = _kernel.SystemCallsMade;
            CodeCounts codeBefore = _kernel.CodeCounts;
            TimeSpan threadTime = _kernel.Statistics.ThreadTime;
            ChildFaults childFaults = new(_model, _childFaulted);
            _kernel.Crashed = childFaults.Note;
            process = Start(name, argv, environment);
            KillIfStopping();
            int status = process.Run();
            // As when the first process of a container ends: what it left running ends with it.
            _ = _kernel.KillOthers(process, EndPatience);
            FaultReport? report = process.Fatal is { IsSynchronous: true } fatal ? FaultReportBuilder.Build(process, fatal, _model) : null;
            instructions = _kernel.InstructionsExecuted - instructions;
            CodeCounts code = _kernel.CodeCounts - codeBefore;
            RunStatistics statistics = new(
                instructions,
                _kernel.SystemCallsMade - calls,
                System.Diagnostics.Stopwatch.GetElapsedTime(began),
                _kernel.Frames.FramesInUse * Faultline.Memory.GuestPage.Size,
                code.BlocksDecoded,
                _kernel.Statistics.MissingByName())
            {
                BlocksShared = code.BlocksShared,
                RegionsShared = code.RegionsShared,
                Profile = _collectProfile ? profiler!.Summarize(process, instructions, _kernel.Statistics.ThreadTime - threadTime) : null,
            };
            return new RunResult(status, process.WaitStatus & 0x7f, report, childFaults.Reports, statistics);
        }
        finally
        {
            lock (_lock)
                _isRunning = false;
            process?.Dispose();
            _kernel.Observer = null;
            _kernel.Crashed = null;
            _strace?.Flush();
        }
    }

    /// <summary>
    /// Kills the program that is running, as SIGKILL does: <see cref="Run"/> returns soon, with signal 9. May be called from any thread. Nothing happens when
    /// no program is running, and later runs are not affected. A read of a stream of the caller's that waits for data must end before the program can.
    /// </summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_isRunning)
                return;
            _isStopping = true;
            KillAll();
        }
    }

    /// <summary>Frees the machine's memory.</summary>
    /// <exception cref="InvalidOperationException">A program is running: <see cref="Stop"/> it, and wait for <see cref="Run"/> to return, first.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isRunning)
                throw new InvalidOperationException("a program is running on this machine");
            if (_isDisposed)
                return;
            _isDisposed = true;
        }
        _kernel.Dispose();
    }

    private static CpuModel ModelOf(MachineOptions options) => options.Cpu switch
    {
        CpuLevel.V1 => CpuModel.V1,
        CpuLevel.V2 => CpuModel.V2,
        CpuLevel.V3 => CpuModel.V3,
        CpuLevel.V4 => CpuModel.V4,
        CpuLevel.HostLike => CpuModel.HostLike(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Cpu, "no such processor"),
    };

    private void Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isRunning)
                throw new InvalidOperationException("a program is running on this machine");
            _isRunning = true;
            _isStopping = false;
        }
    }

    /// <summary>A stop that came while the program was loaded may have found no process, or one whose signals execve was about to reset.</summary>
    private void KillIfStopping()
    {
        lock (_lock)
        {
            if (_isStopping)
                KillAll();
        }
    }

    private void KillAll()
    {
        foreach (Process process in _kernel.Processes)
            _ = process.Send(new Siginfo { si_signo = Sig.SIGKILL, si_code = Sig.SI_KERNEL });
    }

    private static string ToKernel(string text, string parameter)
    {
        if (text.Contains('\0'))
            throw new ArgumentException("a NUL character, which no string of Linux has", parameter);
        return GuestText.ToKernel(text);
    }

    private static string Quote(string text) => text.Length == 0 ? "\"\"" : text;

    /// <summary>Finds the program as execvp(3) does and starts it.</summary>
    private Process Start(string name, List<string> argv, string[] environment)
    {
        ExecuteError error = default;
        foreach (string candidate in Candidates(name, environment))
        {
            ExecuteError tried = _kernel.Spawn(candidate, argv, environment, out Process? process);
            if (process is not null)
                return process;
            // As in execvp: what exists but may not be executed is remembered, what does not exist is passed over.
            if (error.Errno == 0 || tried.Errno is not (Errno.ENOENT or Errno.ENOTDIR))
                error = tried;
            if (tried.Errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES))
                break;
        }
        if (error.Errno == 0 || (error.Errno == Errno.ENOENT && !name.Contains('/')))
            throw new ProgramLoadException($"{Quote(GuestText.FromKernel(name))}: command not found", Errno.ENOENT);
        throw new ProgramLoadException(GuestText.FromKernel(error.Message), error.Errno);
    }

    private static IEnumerable<string> Candidates(string name, string[] environment)
    {
        if (name.Contains('/'))
            return [name];
        if (name.Length == 0)
            return [];
        string? path = Array.Find(environment, v => v.StartsWith("PATH=", StringComparison.Ordinal));
        string folders = path is null ? "/bin:/usr/bin" : path["PATH=".Length..];
        return Array.ConvertAll(folders.Split(':'), folder => folder.Length == 0 ? name : $"{folder}/{name}");
    }

    private static string[] EnvironmentOfThisProcess()
    {
        List<string> variables = [];
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables.Add(GuestText.ToKernel($"{entry.Key}={entry.Value}"));
        return [.. variables];
    }

    private static List<Bind> BindsOf(MachineOptions options)
    {
        List<Bind> binds = [];
        foreach (FolderBind bind in options.Binds)
            binds.Add(new Bind(ToKernel(Path.GetFullPath(bind.HostFolder), nameof(options)), ToKernel(bind.GuestPath, nameof(options)), bind.ReadOnly));
        return binds;
    }
}
