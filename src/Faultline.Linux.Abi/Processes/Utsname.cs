using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct new_utsname</c>: six fields of 65 bytes, NUL-terminated.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Utsname
{
    /// <summary>Linux.</summary>
    public fixed byte sysname[65];

    /// <summary>The host name.</summary>
    public fixed byte nodename[65];

    /// <summary>Release of the kernel.</summary>
    public fixed byte release[65];

    /// <summary>Build of the kernel.</summary>
    public fixed byte version[65];

    /// <summary>x86_64.</summary>
    public fixed byte machine[65];

    /// <summary>NIS domain name.</summary>
    public fixed byte domainname[65];
}
