namespace Faultline.Linux.Abi.Processes;

/// <summary>Operations of futex(2) (<c>linux/futex.h</c>).</summary>
internal static class Futex
{
    public const int FUTEX_WAIT = 0;
    public const int FUTEX_WAKE = 1;
    public const int FUTEX_FD = 2;
    public const int FUTEX_REQUEUE = 3;
    public const int FUTEX_CMP_REQUEUE = 4;
    public const int FUTEX_WAKE_OP = 5;
    public const int FUTEX_LOCK_PI = 6;
    public const int FUTEX_UNLOCK_PI = 7;
    public const int FUTEX_TRYLOCK_PI = 8;
    public const int FUTEX_WAIT_BITSET = 9;
    public const int FUTEX_WAKE_BITSET = 10;
    public const int FUTEX_WAIT_REQUEUE_PI = 11;
    public const int FUTEX_CMP_REQUEUE_PI = 12;
    public const int FUTEX_LOCK_PI2 = 13;
    public const int FUTEX_PRIVATE_FLAG = 128;
    public const int FUTEX_CLOCK_REALTIME = 256;
    public const int FUTEX_CMD_MASK = ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    public const uint FUTEX_WAITERS = 0x8000_0000;

    public const uint FUTEX_OWNER_DIED = 0x4000_0000;

    public const uint FUTEX_TID_MASK = 0x3FFF_FFFF;

    /// <summary>The most entries of a robust list that are looked at.</summary>
    public const int ROBUST_LIST_LIMIT = 2048;

    public const uint FUTEX2_SIZE_U32 = 2;

    public const uint FUTEX2_SIZE_MASK = 3;

    public const uint FUTEX2_NUMA = 4;

    public const uint FUTEX2_PRIVATE = 128;

    /// <summary>The most words of futex_waitv(2).</summary>
    public const int FUTEX_WAITV_MAX = 128;

    public const uint FUTEX_BITSET_MATCH_ANY = 0xFFFF_FFFF;
}
