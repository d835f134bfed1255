using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Mm;
using Faultline.Memory;

namespace Faultline.Linux.Kernel.Signals;

/// <summary>
/// Everything about the moment in which a signal ended a process: what a fault report is made of. The address space itself stays
/// readable until the process is disposed.
/// </summary>
internal sealed class FatalSignal
{
    /// <summary>The signal, its code and, for a fault, its address.</summary>
    public required Siginfo Info { get; init; }

    /// <summary>The thread it was delivered to.</summary>
    public required int Tid { get; init; }

    /// <summary>The thread's name (comm).</summary>
    public required string Comm { get; init; }

    /// <summary>The registers at the instruction that faulted, or where the thread was.</summary>
    public required UserRegs Registers { get; init; }

    /// <summary>Vector of the thread's last exception (14 for a page fault), as sigcontext's trapno.</summary>
    public required ulong TrapNumber { get; init; }

    /// <summary>Error code of that exception.</summary>
    public required ulong ErrorCode { get; init; }

    /// <summary>Address of the last page fault.</summary>
    public required ulong Cr2 { get; init; }

    /// <summary>Whether the signal came from an instruction of the program rather than from kill(2) or a timer.</summary>
    public required bool IsSynchronous { get; init; }

    /// <summary>All mappings, in address order.</summary>
    public required Mapping[] Mappings { get; init; }

    /// <summary>Where the program and its interpreter lie.</summary>
    public required ProgramImage Image { get; init; }

    /// <summary>Guest memory as it was left.</summary>
    public required GuestMemory Memory { get; init; }

    /// <summary>One sentence where the kernel knows more than the signal says; empty otherwise.</summary>
    public string Explanation { get; init; } = "";
}
