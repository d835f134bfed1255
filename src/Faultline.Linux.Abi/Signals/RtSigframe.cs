using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary>
/// <c>struct rt_sigframe</c> of x86-64 (<c>asm/sigframe.h</c>), 440 bytes: what a handler finds on its stack. RSP points at
/// <see cref="pretcode"/>, as if the handler had been called.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RtSigframe
{
    /// <summary>Return address: sa_restorer.</summary>
    public ulong pretcode;

    /// <summary>The interrupted context; the handler's third argument.</summary>
    public Ucontext uc;

    /// <summary>The second argument.</summary>
    public Siginfo info;
}
