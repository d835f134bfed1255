using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct futex_waitv</c>, 24 bytes: one word of futex_waitv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FutexWaitv
{
    /// <summary>The value it is expected to have.</summary>
    public ulong val;

    /// <summary>Its address.</summary>
    public ulong uaddr;

    /// <summary>FUTEX2_ flags.</summary>
    public uint flags;

    /// <summary>Must be 0.</summary>
    public uint __reserved;
}
