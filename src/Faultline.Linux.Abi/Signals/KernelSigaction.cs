using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary>The kernel's <c>struct sigaction</c> of x86-64 (not the C library's): 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelSigaction
{
    /// <summary>Address of the handler, SIG_DFL or SIG_IGN.</summary>
    public ulong sa_handler;

    /// <summary>SA_ flags.</summary>
    public ulong sa_flags;

    /// <summary>Where a handler returns to; it calls rt_sigreturn.</summary>
    public ulong sa_restorer;

    /// <summary>Blocked besides while the handler runs.</summary>
    public ulong sa_mask;
}
