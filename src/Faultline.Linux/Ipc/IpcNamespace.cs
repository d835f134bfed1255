using Faultline.Linux.Kernel;

namespace Faultline.Linux.Ipc;

/// <summary>The System V objects of a kernel (ipc_namespace).</summary>
internal sealed class IpcNamespace(LinuxKernel kernel)
{
    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel { get; } = kernel;

    /// <summary>Shared memory.</summary>
    public IpcTable<SharedSegment> Segments { get; } = new(IpcLimits.SHMMNI);

    /// <summary>Semaphores.</summary>
    public IpcTable<SemaphoreSet> Semaphores { get; } = new(IpcLimits.SEMMNI);

    /// <summary>Message queues.</summary>
    public IpcTable<MessageQueue> Queues { get; } = new(IpcLimits.MSGMNI);

    /// <summary>POSIX message queues by name, without the slash; guarded by itself.</summary>
    public Dictionary<string, PosixQueue> PosixQueues { get; } = [];

    /// <summary>A process ends: what it did to semaphores with SEM_UNDO is undone (exit_sem).</summary>
    public void Undo(Process process)
    {
        lock (Semaphores.Lock)
        {
            foreach (SemaphoreSet set in Semaphores.Objects)
                set.Undo(process);
        }
    }
}
