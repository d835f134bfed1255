using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary><c>siginfo_t</c>, 128 bytes: three common fields and a union of what each kind of signal tells.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct Siginfo
{
    /// <summary>Signal number.</summary>
    [FieldOffset(0)]
    public int si_signo;

    /// <summary>Always 0 from this kernel, as from Linux.</summary>
    [FieldOffset(4)]
    public int si_errno;

    /// <summary>Where it came from: SI_ or a code of the signal's own.</summary>
    [FieldOffset(8)]
    public int si_code;

    /// <summary>Sender's process id (SI_USER, SI_QUEUE, SI_TKILL, SIGCHLD).</summary>
    [FieldOffset(16)]
    public int si_pid;

    /// <summary>Sender's real user id.</summary>
    [FieldOffset(20)]
    public uint si_uid;

    /// <summary>SIGCHLD: exit status or signal.</summary>
    [FieldOffset(24)]
    public int si_status;

    /// <summary>SI_QUEUE: the value sent along; SI_TIMER: sigev_value.</summary>
    [FieldOffset(24)]
    public ulong si_value;

    /// <summary>SIGCHLD: user time in clock ticks.</summary>
    [FieldOffset(32)]
    public long si_utime;

    /// <summary>SIGCHLD: system time in clock ticks.</summary>
    [FieldOffset(40)]
    public long si_stime;

    /// <summary>SI_TIMER: the timer's id.</summary>
    [FieldOffset(16)]
    public int si_tid;

    /// <summary>SI_TIMER: expirations missed.</summary>
    [FieldOffset(20)]
    public int si_overrun;

    /// <summary>Faults: the address.</summary>
    [FieldOffset(16)]
    public ulong si_addr;

    /// <summary>Faults: least significant bit of the address.</summary>
    [FieldOffset(24)]
    public short si_addr_lsb;

    /// <summary>SIGIO: POLL_ band.</summary>
    [FieldOffset(16)]
    public long si_band;

    /// <summary>SIGIO: the descriptor.</summary>
    [FieldOffset(24)]
    public int si_fd;

    /// <summary>SIGSYS: address of the system call instruction.</summary>
    [FieldOffset(16)]
    public ulong si_call_addr;

    /// <summary>SIGSYS: number of the call.</summary>
    [FieldOffset(24)]
    public int si_syscall;

    /// <summary>SIGSYS: AUDIT_ARCH_ value.</summary>
    [FieldOffset(28)]
    public uint si_arch;
}
