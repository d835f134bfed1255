using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct rusage</c>, 144 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rusage
{
    /// <summary>User time.</summary>
    public Time.Timeval ru_utime;

    /// <summary>System time.</summary>
    public Time.Timeval ru_stime;

    /// <summary>Largest resident set in KiB.</summary>
    public long ru_maxrss;

    /// <summary>Not kept.</summary>
    public long ru_ixrss;

    /// <summary>Not kept.</summary>
    public long ru_idrss;

    /// <summary>Not kept.</summary>
    public long ru_isrss;

    /// <summary>Page faults without I/O.</summary>
    public long ru_minflt;

    /// <summary>Page faults with I/O.</summary>
    public long ru_majflt;

    /// <summary>Not kept.</summary>
    public long ru_nswap;

    /// <summary>Block input operations.</summary>
    public long ru_inblock;

    /// <summary>Block output operations.</summary>
    public long ru_oublock;

    /// <summary>Not kept.</summary>
    public long ru_msgsnd;

    /// <summary>Not kept.</summary>
    public long ru_msgrcv;

    /// <summary>Not kept.</summary>
    public long ru_nsignals;

    /// <summary>Voluntary context switches.</summary>
    public long ru_nvcsw;

    /// <summary>Involuntary context switches.</summary>
    public long ru_nivcsw;
}
