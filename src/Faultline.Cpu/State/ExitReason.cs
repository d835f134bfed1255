namespace Faultline.Cpu.State;

/// <summary>Why the processor stopped. At every exit the whole guest state is exact.</summary>
internal enum ExitReason : uint
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>SYSCALL; RIP is after it, RCX and R11 are set as the instruction sets them.</summary>
    SystemCall,

    /// <summary>#PF: <see cref="CpuState.ExitAddress"/> is CR2, <see cref="CpuState.ExitCode"/> the error code; RIP is at the instruction.</summary>
    PageFault,

    /// <summary>The mapped object ends before the page (no such thing in hardware: Linux's page-fault handler says SIGBUS).</summary>
    BusError,

    /// <summary>#GP: non-canonical address, misaligned SSE operand, privileged instruction.</summary>
    GeneralProtection,

    /// <summary>#SS: non-canonical address through RSP or RBP.</summary>
    StackFault,

    /// <summary>#DE.</summary>
    DivideError,

    /// <summary>#UD: undefined, or not in this processor model; RIP is at the instruction.</summary>
    InvalidOpcode,

    /// <summary>#BP: INT3; RIP is after it.</summary>
    Breakpoint,

    /// <summary>#DB: INT1 or a single step.</summary>
    Debug,

    /// <summary>#MF: an unmasked x87 exception is pending.</summary>
    FloatingPoint,

    /// <summary>#XM: an unmasked SSE exception.</summary>
    SimdFloatingPoint,

    /// <summary>#AC: misaligned access with RFLAGS.AC set.</summary>
    AlignmentCheck,

    /// <summary>INT n with a vector that user code may raise through a gate (80h); the vector is in <see cref="CpuState.ExitAddress"/>.</summary>
    SoftwareInterrupt,

    /// <summary>Someone called <see cref="Processor.RequestInterrupt"/>.</summary>
    Interrupted,

    /// <summary>The instruction budget is spent.</summary>
    BudgetSpent,

    /// <summary>The host has no memory left.</summary>
    OutOfMemory,
}
