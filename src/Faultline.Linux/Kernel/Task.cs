using Faultline.Linux.Host;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

/// <summary>
/// A guest thread: Linux's task_struct. Registers, signal mask, pending signals, identity; what threads share is in <see cref="Process"/>.
/// A guest thread is a host thread, and only that thread runs the task's system calls.
/// </summary>
internal sealed partial class Task(Process process, int tid) : IWaiter
{
    private IHostWaker? _waker;

    /// <summary>The thread group.</summary>
    public Process Process { get; } = process;

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel => Process.Kernel;

    /// <summary>gettid(2); equal to the process id in the first thread.</summary>
    public int Tid { get; } = tid;

    /// <summary>The process's memory, for copies in and out.</summary>
    public GuestMemory Memory => Process.Memory;

    /// <inheritdoc/>
    public IHost Host => Process.FileSystem.Vfs.Host;

    /// <inheritdoc/>
    public IHostWaker Waker => _waker ??= Host.Poll.CreateWaker();

    /// <inheritdoc/>
    public bool IsInterrupted => false;
}
