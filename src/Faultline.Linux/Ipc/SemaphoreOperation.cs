using System.Runtime.InteropServices;

namespace Faultline.Linux.Ipc;

/// <summary><c>struct sembuf</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct SemaphoreOperation
{
    private const short SEM_UNDO = 0x1000;

    /// <summary>Which semaphore.</summary>
    public readonly ushort Number;

    /// <summary>What is added; 0 waits for zero.</summary>
    public readonly short Change;

    /// <summary>IPC_NOWAIT, SEM_UNDO.</summary>
    public readonly short Flags;

    /// <summary>The end of the process takes it back.</summary>
    public bool Undoes => (Flags & SEM_UNDO) != 0 && Change != 0;

    /// <summary>EAGAIN instead of waiting.</summary>
    public bool NoWait => (Flags & IpcLimits.IPC_NOWAIT) != 0;
}
