using Faultline.Linux.Ipc;

namespace Faultline.Linux.Kernel;

// What processes share by key or by name.
internal sealed partial class LinuxKernel
{
    private IpcNamespace? _ipc;

    /// <summary>System V shared memory, semaphores and message queues.</summary>
    public IpcNamespace Ipc => Volatile.Read(ref _ipc) ?? Interlocked.CompareExchange(ref _ipc, new IpcNamespace(this), null) ?? _ipc;

    /// <summary>A process ends: its semaphore adjustments are undone.</summary>
    public void UndoSemaphores(Process process) => Volatile.Read(ref _ipc)?.Undo(process);
}
