namespace Faultline.Linux.Abi.Processes;

/// <summary>Options of wait4(2) and waitid(2), and the encoding of a wait status.</summary>
internal static class Wait
{
    public const int WNOHANG = 1;
    public const int WUNTRACED = 2;
    public const int WSTOPPED = 2;
    public const int WEXITED = 4;
    public const int WCONTINUED = 8;
    public const int WNOWAIT = 0x0100_0000;
    public const int __WNOTHREAD = 0x2000_0000;
    public const int __WALL = 0x4000_0000;
    public const int __WCLONE = unchecked((int)0x8000_0000);

    public const int P_ALL = 0;
    public const int P_PID = 1;
    public const int P_PGID = 2;
    public const int P_PIDFD = 3;
}
