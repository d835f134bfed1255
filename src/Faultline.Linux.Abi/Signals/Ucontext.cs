using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary>The kernel's <c>struct ucontext</c> of x86-64 (<c>asm-generic/ucontext.h</c>), 304 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Ucontext
{
    /// <summary>The frame's floating-point state is an XSAVE area.</summary>
    public const ulong UC_FP_XSTATE = 1;

    /// <summary>The frame saves SS.</summary>
    public const ulong UC_SIGCONTEXT_SS = 2;

    /// <summary>SS is to be restored exactly as saved.</summary>
    public const ulong UC_STRICT_RESTORE_SS = 4;

    /// <summary>UC_ flags.</summary>
    public ulong uc_flags;

    /// <summary>Zero from the kernel.</summary>
    public ulong uc_link;

    /// <summary>The alternate stack in force.</summary>
    public StackT uc_stack;

    /// <summary>The interrupted registers.</summary>
    public Sigcontext uc_mcontext;

    /// <summary>The mask to return to.</summary>
    public ulong uc_sigmask;
}
