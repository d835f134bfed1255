using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct __user_cap_data_struct</c>: 32 capabilities.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapData
{
    /// <summary>In force.</summary>
    public uint effective;

    /// <summary>May be put in force.</summary>
    public uint permitted;

    /// <summary>Kept across execve.</summary>
    public uint inheritable;
}
