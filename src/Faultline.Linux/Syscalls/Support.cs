namespace Faultline.Linux.Syscalls;

/// <summary>How much of a system call Faultline has; printed on the compatibility page.</summary>
internal enum Support : byte
{
    /// <summary>No handler: ENOSYS, and counted.</summary>
    Missing,

    /// <summary>What is there is exact; the note says what is refused.</summary>
    Partial,

    /// <summary>Everything the man page says that a program can observe.</summary>
    Full,

    /// <summary>Always an errno, the one that Linux itself gives to a process without the privilege, or for a call it removed.</summary>
    Refused,
}
