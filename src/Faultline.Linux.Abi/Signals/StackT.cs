using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary><c>stack_t</c>: an alternate signal stack, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StackT
{
    /// <summary>Lowest address.</summary>
    public ulong ss_sp;

    /// <summary>SS_ flags.</summary>
    public int ss_flags;

    private readonly int _padding;

    /// <summary>Bytes.</summary>
    public ulong ss_size;
}
