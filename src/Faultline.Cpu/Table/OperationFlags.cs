namespace Faultline.Cpu.Table;

/// <summary>Prefixes and operand facts that bodies with whole-state access read from an <see cref="Operation"/>.</summary>
[Flags]
internal enum OperationFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Operand 0 is memory.</summary>
    Memory0 = 1,

    /// <summary>Operand 1 is memory.</summary>
    Memory1 = 2,

    /// <summary>Operand 2 is memory.</summary>
    Memory2 = 4,

    /// <summary>LOCK prefix.</summary>
    Lock = 8,

    /// <summary>F3 prefix on a string instruction.</summary>
    Repe = 16,

    /// <summary>F2 prefix on a string instruction.</summary>
    Repne = 32,

    /// <summary>67h: addresses, and RCX, RSI, RDI as counter and pointers, are 32 bits wide.</summary>
    Address32 = 64,

    /// <summary>The memory operand's base is RSP or RBP and no other segment is named: a non-canonical address is #SS, not #GP.</summary>
    StackSegment = 128,

    /// <summary>Instruction ends its block and has a target known at decode time.</summary>
    DirectBranch = 256,
}
