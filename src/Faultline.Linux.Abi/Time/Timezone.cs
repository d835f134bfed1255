using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct timezone</c>, always zero here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timezone
{
    /// <summary>Minutes west of Greenwich.</summary>
    public int tz_minuteswest;

    /// <summary>Type of summer time.</summary>
    public int tz_dsttime;
}
