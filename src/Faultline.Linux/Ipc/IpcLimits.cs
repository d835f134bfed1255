namespace Faultline.Linux.Ipc;

/// <summary>Limits of System V objects, Linux's defaults (/proc/sys/kernel), and the numbers of sys/ipc.h.</summary>
internal static class IpcLimits
{
    public const int IPC_CREAT = 0x200;
    public const int IPC_EXCL = 0x400;
    public const int IPC_NOWAIT = 0x800;
    public const int IPC_RMID = 0;
    public const int IPC_SET = 1;
    public const int IPC_STAT = 2;
    public const int IPC_INFO = 3;

    /// <summary>Bits of an id that are the place in the table (IPCMNI_SHIFT).</summary>
    public const int IndexBits = 15;

    public const ulong SHMMAX = ulong.MaxValue - (1UL << 24);
    public const ulong SHMALL = ulong.MaxValue - (1UL << 24);
    public const int SHMMNI = 4096;
    public const int MSGMAX = 8192;
    public const int MSGMNB = 16384;
    public const int MSGMNI = 32000;
    public const int SEMMSL = 32000;
    public const int SEMMNS = 1024000000;
    public const int SEMOPM = 500;
    public const int SEMMNI = 32000;
    public const int SEMVMX = 32767;
}
