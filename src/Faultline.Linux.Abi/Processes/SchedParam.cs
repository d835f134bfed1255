using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct sched_param</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedParam
{
    /// <summary>Static priority: 0 except for real-time policies.</summary>
    public int sched_priority;
}
