using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary><c>struct sigcontext</c> of x86-64 (<c>asm/sigcontext.h</c>), 256 bytes: the interrupted registers in a signal frame.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Sigcontext
{
    public ulong r8;
    public ulong r9;
    public ulong r10;
    public ulong r11;
    public ulong r12;
    public ulong r13;
    public ulong r14;
    public ulong r15;
    public ulong rdi;
    public ulong rsi;
    public ulong rbp;
    public ulong rbx;
    public ulong rdx;
    public ulong rax;
    public ulong rcx;
    public ulong rsp;
    public ulong rip;
    public ulong eflags;
    public ushort cs;
    public ushort gs;
    public ushort fs;
    public ushort ss;

    /// <summary>Error code of the last exception.</summary>
    public ulong err;

    /// <summary>Vector of the last exception.</summary>
    public ulong trapno;

    /// <summary>Low word of the blocked signals, as in uc_sigmask.</summary>
    public ulong oldmask;

    /// <summary>Address of the last page fault.</summary>
    public ulong cr2;

    /// <summary>Address of the floating-point state in the frame.</summary>
    public ulong fpstate;

    /// <summary>Zero.</summary>
    public fixed ulong reserved1[8];
}
