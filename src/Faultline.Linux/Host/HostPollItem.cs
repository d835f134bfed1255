using System.Runtime.InteropServices;

namespace Faultline.Linux.Host;

/// <summary>One handle to wait for; the layout is <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HostPollItem
{
    /// <summary>The handle; negative entries are ignored.</summary>
    public int Handle;

    /// <summary>POLL bits wanted.</summary>
    public short Wanted;

    /// <summary>POLL bits that hold.</summary>
    public short Returned;
}
