using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct itimerspec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Itimerspec
{
    /// <summary>Reload value; zero for a single shot.</summary>
    public Timespec it_interval;

    /// <summary>Time to the next expiration; zero when disarmed.</summary>
    public Timespec it_value;
}
