namespace Faultline.Elf.Unwind;

/// <summary>DWARF register numbers of x86-64 (psABI, "DWARF Register Number Mapping"); they are not the processor's numbers.</summary>
internal enum DwarfRegister : byte
{
    /// <summary>RAX.</summary>
    Rax = 0,

    /// <summary>RDX.</summary>
    Rdx = 1,

    /// <summary>RCX.</summary>
    Rcx = 2,

    /// <summary>RBX.</summary>
    Rbx = 3,

    /// <summary>RSI.</summary>
    Rsi = 4,

    /// <summary>RDI.</summary>
    Rdi = 5,

    /// <summary>RBP.</summary>
    Rbp = 6,

    /// <summary>RSP.</summary>
    Rsp = 7,

    /// <summary>R8; R9 to R15 follow.</summary>
    R8 = 8,

    /// <summary>R9.</summary>
    R9 = 9,

    /// <summary>R10.</summary>
    R10 = 10,

    /// <summary>R11.</summary>
    R11 = 11,

    /// <summary>R12.</summary>
    R12 = 12,

    /// <summary>R13.</summary>
    R13 = 13,

    /// <summary>R14.</summary>
    R14 = 14,

    /// <summary>R15.</summary>
    R15 = 15,

    /// <summary>The return address column, which holds RIP.</summary>
    Rip = 16,
}
