namespace Faultline.Linux.Abi.Processes;

/// <summary>Flags of clone(2) (<c>linux/sched.h</c>) and scheduling policies.</summary>
internal static class Clone
{
    public const ulong CSIGNAL = 0xFF;
    public const ulong CLONE_VM = 0x100;
    public const ulong CLONE_FS = 0x200;
    public const ulong CLONE_FILES = 0x400;
    public const ulong CLONE_SIGHAND = 0x800;
    public const ulong CLONE_PIDFD = 0x1000;
    public const ulong CLONE_PTRACE = 0x2000;
    public const ulong CLONE_VFORK = 0x4000;
    public const ulong CLONE_PARENT = 0x8000;
    public const ulong CLONE_THREAD = 0x1_0000;
    public const ulong CLONE_NEWNS = 0x2_0000;
    public const ulong CLONE_SYSVSEM = 0x4_0000;
    public const ulong CLONE_SETTLS = 0x8_0000;
    public const ulong CLONE_PARENT_SETTID = 0x10_0000;
    public const ulong CLONE_CHILD_CLEARTID = 0x20_0000;
    public const ulong CLONE_DETACHED = 0x40_0000;
    public const ulong CLONE_UNTRACED = 0x80_0000;
    public const ulong CLONE_CHILD_SETTID = 0x100_0000;
    public const ulong CLONE_NEWCGROUP = 0x200_0000;
    public const ulong CLONE_NEWUTS = 0x400_0000;
    public const ulong CLONE_NEWIPC = 0x800_0000;
    public const ulong CLONE_NEWUSER = 0x1000_0000;
    public const ulong CLONE_NEWPID = 0x2000_0000;
    public const ulong CLONE_NEWNET = 0x4000_0000;
    public const ulong CLONE_IO = 0x8000_0000;
    public const ulong CLONE_CLEAR_SIGHAND = 0x1_0000_0000;

    public const int SCHED_OTHER = 0;
    public const int SCHED_FIFO = 1;
    public const int SCHED_RR = 2;
    public const int SCHED_BATCH = 3;
    public const int SCHED_IDLE = 5;
    public const int SCHED_DEADLINE = 6;
    public const int SCHED_RESET_ON_FORK = 0x4000_0000;
}
