namespace Faultline.Linux.Abi.Processes;

/// <summary>Numbers of seccomp(2) (linux/seccomp.h, linux/audit.h).</summary>
internal static class Seccomp
{
    public const int SECCOMP_MODE_STRICT = 1;
    public const int SECCOMP_MODE_FILTER = 2;

    public const uint SECCOMP_SET_MODE_STRICT = 0;
    public const uint SECCOMP_SET_MODE_FILTER = 1;
    public const uint SECCOMP_GET_ACTION_AVAIL = 2;
    public const uint SECCOMP_GET_NOTIF_SIZES = 3;

    public const uint SECCOMP_FILTER_FLAG_TSYNC = 1;
    public const uint SECCOMP_FILTER_FLAG_LOG = 2;
    public const uint SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;
    public const uint SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    public const uint SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 16;

    public const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    public const uint SECCOMP_RET_KILL_THREAD = 0;
    public const uint SECCOMP_RET_TRAP = 0x00030000;
    public const uint SECCOMP_RET_ERRNO = 0x00050000;
    public const uint SECCOMP_RET_USER_NOTIF = 0x7FC00000;
    public const uint SECCOMP_RET_TRACE = 0x7FF00000;
    public const uint SECCOMP_RET_LOG = 0x7FFC0000;
    public const uint SECCOMP_RET_ALLOW = 0x7FFF0000;

    /// <summary>The action of a filter's result; the rest is data.</summary>
    public const uint SECCOMP_RET_ACTION_FULL = 0xFFFF0000;

    public const uint AUDIT_ARCH_X86_64 = 0xC000003E;
    public const uint AUDIT_ARCH_I386 = 0x40000003;
}
