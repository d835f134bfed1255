using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Time;

/// <summary><c>struct itimerval</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Itimerval
{
    /// <summary>Reload value; zero for a single shot.</summary>
    public Timeval it_interval;

    /// <summary>Time to the next expiration; zero when disarmed.</summary>
    public Timeval it_value;
}
