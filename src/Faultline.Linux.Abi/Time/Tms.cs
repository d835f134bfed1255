using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct tms</c>: processor times in clock ticks of 1/100 s.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Tms
{
    /// <summary>User time.</summary>
    public long tms_utime;

    /// <summary>System time.</summary>
    public long tms_stime;

    /// <summary>User time of waited-for children.</summary>
    public long tms_cutime;

    /// <summary>System time of waited-for children.</summary>
    public long tms_cstime;
}
