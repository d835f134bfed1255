namespace Faultline.Linux.Abi.Processes;

/// <summary>Options of prctl(2) and arch_prctl(2), RSEQ_ and MEMBARRIER_ constants, personality bits.</summary>
internal static class Prctl
{
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_GET_PDEATHSIG = 2;
    public const int PR_GET_DUMPABLE = 3;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_GET_KEEPCAPS = 7;
    public const int PR_SET_KEEPCAPS = 8;
    public const int PR_GET_TIMING = 13;
    public const int PR_SET_TIMING = 14;
    public const int PR_SET_NAME = 15;
    public const int PR_GET_NAME = 16;
    public const int PR_GET_SECCOMP = 21;
    public const int PR_SET_SECCOMP = 22;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_GET_TSC = 25;
    public const int PR_SET_TSC = 26;
    public const int PR_GET_SECUREBITS = 27;
    public const int PR_SET_SECUREBITS = 28;
    public const int PR_SET_TIMERSLACK = 29;
    public const int PR_GET_TIMERSLACK = 30;
    public const int PR_SET_MM = 35;
    public const int PR_SET_CHILD_SUBREAPER = 36;
    public const int PR_GET_CHILD_SUBREAPER = 37;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_GET_NO_NEW_PRIVS = 39;
    public const int PR_GET_TID_ADDRESS = 40;
    public const int PR_SET_THP_DISABLE = 41;
    public const int PR_GET_THP_DISABLE = 42;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_GET_SPECULATION_CTRL = 52;
    public const int PR_SET_SPECULATION_CTRL = 53;
    public const int PR_SET_VMA = 0x53564D41;
    public const int PR_SET_PTRACER = 0x59616D61;

    public const int PR_TSC_ENABLE = 1;

    public const int ARCH_SET_GS = 0x1001;
    public const int ARCH_SET_FS = 0x1002;
    public const int ARCH_GET_FS = 0x1003;
    public const int ARCH_GET_GS = 0x1004;
    public const int ARCH_GET_CPUID = 0x1011;
    public const int ARCH_SET_CPUID = 0x1012;
    public const int ARCH_GET_XCOMP_SUPP = 0x1021;
    public const int ARCH_GET_XCOMP_PERM = 0x1022;
    public const int ARCH_REQ_XCOMP_PERM = 0x1023;
    public const int ARCH_CET_STATUS = 0x3001;
    public const int ARCH_SHSTK_ENABLE = 0x5001;

    public const int RSEQ_FLAG_UNREGISTER = 1;

    public const int MEMBARRIER_CMD_QUERY = 0;
    public const int MEMBARRIER_CMD_GLOBAL = 1;
    public const int MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2;
    public const int MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4;
    public const int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
    public const int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 16;

    public const uint ADDR_NO_RANDOMIZE = 0x004_0000;
    public const uint READ_IMPLIES_EXEC = 0x040_0000;
}
