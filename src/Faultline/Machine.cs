using Faultline.Cpu;
using Faultline.Linux.Abi;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader;
using Faultline.Reports;

namespace Faultline;

/// <summary>
/// A Linux machine inside this process: an x86-64 processor, memory and a kernel. Make one, run programs on it one after another, dispose it. Not safe for
/// use by several threads at once; any number of machines may exist.
/// </summary>
public sealed class Machine : IDisposable
{
    private readonly MachineOptions _options;
    private readonly LinuxKernel _kernel;
    private readonly CpuModel _model = CpuModel.V2;

    /// <summary>Makes a machine.</summary>
    /// <param name="options">How; null for all defaults. Read now: later changes have no effect. The streams in it stay the caller's.</param>
    /// <exception cref="ProgramLoadException">The root folder cannot be used; the message says why.</exception>
    /// <exception cref="PlatformNotSupportedException">The host is not Linux: its files and clocks are not wired up yet.</exception>
    public Machine(MachineOptions? options = null)
    {
        _options = options ?? new MachineOptions();
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Faultline runs on Linux hosts only so far");
        string root = _options.Root is null ? "/" : Path.GetFullPath(_options.Root);
        LinuxKernelOptions kernelOptions = new()
        {
            Host = new LinuxHost(),
            Root = GuestText.ToKernel(root),
            CurrentDirectory = _options.WorkingDirectory is { } directory ? GuestText.ToKernel(directory) : null,
            Model = _model,
            Strace = _options.Strace,
            StandardInput = _options.StandardInput,
            StandardOutput = _options.StandardOutput,
            StandardError = _options.StandardError,
        };
        int result = LinuxKernel.Create(kernelOptions, out LinuxKernel? kernel);
        if (result < 0)
            throw new ProgramLoadException($"{root}: {Errno.Describe(-result)}", -result);
        _kernel = kernel!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">A path as the guest sees it, or a name without '/' that is looked up in the environment's PATH.</param>
    /// <param name="arguments">Its arguments, without the name.</param>
    /// <returns>How it ended; a program that crashes is a result, not an exception.</returns>
    /// <exception cref="ProgramLoadException">It could not be started: not found, not executable, not an x86-64 ELF file, a missing interpreter.</exception>
    public RunResult Run(string program, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(arguments);
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        long instructions = _kernel.InstructionsExecuted;
        long calls = _kernel.Statistics.Syscalls;
        string[] environment = [.. (_options.Environment ?? EnvironmentOfThisProcess()).Select(GuestText.ToKernel)];
        string name = GuestText.ToKernel(program);
        string[] argv = [name, .. arguments.Select(GuestText.ToKernel)];

        Process process = Start(name, argv, environment);
        try
        {
            int status = process.Run();
            FaultReport? report = process.Fatal is { IsSynchronous: true } fatal ? FaultReportBuilder.Build(process, fatal, _model) : null;
            RunStatistics statistics = new(
                _kernel.InstructionsExecuted - instructions,
                _kernel.Statistics.Syscalls - calls,
                System.Diagnostics.Stopwatch.GetElapsedTime(began),
                _kernel.Frames.FramesInUse * Faultline.Memory.GuestPage.Size,
                process.Tasks.Sum(t => t.Cpu.BlocksDecoded),
                _kernel.Statistics.MissingByName());
            return new RunResult(status, process.WaitStatus & 0x7f, report, statistics);
        }
        finally
        {
            _options.Strace?.Flush();
            process.Dispose();
        }
    }

    /// <summary>Frees the machine's memory.</summary>
    public void Dispose() => _kernel.Dispose();

    /// <summary>Finds the program as execvp(3) does and starts it.</summary>
    private Process Start(string name, string[] argv, string[] environment)
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
            throw new ProgramLoadException($"{GuestText.FromKernel(name)}: command not found", Errno.ENOENT);
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
        return folders.Split(':').Select(folder => folder.Length == 0 ? name : $"{folder}/{name}");
    }

    private static IEnumerable<string> EnvironmentOfThisProcess()
    {
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            yield return $"{entry.Key}={entry.Value}";
    }
}
