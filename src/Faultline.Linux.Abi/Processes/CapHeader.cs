using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct __user_cap_header_struct</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapHeader
{
    public const uint _LINUX_CAPABILITY_VERSION_1 = 0x1998_0330;
    public const uint _LINUX_CAPABILITY_VERSION_2 = 0x2007_1026;
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x2008_0522;

    /// <summary>_LINUX_CAPABILITY_VERSION_ 1, 2 or 3.</summary>
    public uint version;

    /// <summary>Thread, 0 for the caller.</summary>
    public int pid;
}
