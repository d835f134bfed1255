using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>Instructions that end in an exception: what only an operating system may execute, breakpoints and software interrupts.</summary>
internal static unsafe class Faults
{
    private const uint BreakpointVector = 3;
    private const uint OverflowVector = 4;
    private const uint LinuxVector = 0x80;

    /// <summary>#GP(0): the instruction is for privilege level 0, or reads a register or port that user code may not.</summary>
    public static void Privileged(CpuState* s, Operation* op) => Raise.GeneralProtection(s);

    /// <summary>INT3: a trap, RIP is after it.</summary>
    public static void Int3(CpuState* s, Operation* op) => Leave(s, ExitReason.Breakpoint, 0);

    /// <summary>INT1: a trap, RIP is after it.</summary>
    public static void Int1(CpuState* s, Operation* op) => Leave(s, ExitReason.Debug, 0);

    /// <summary>INT n: Linux lets user code through the gates of 3, 4 and 80h; any other is #GP with the vector's number.</summary>
    public static void Int(CpuState* s, Operation* op)
    {
        uint vector = (byte)op->Immediate;
        switch (vector)
        {
            case BreakpointVector:
                Leave(s, ExitReason.Breakpoint, 0);
                break;
            case OverflowVector:
            case LinuxVector:
                Leave(s, ExitReason.SoftwareInterrupt, vector);
                break;
            default:
                const uint FromTable = 2;
                Raise.GeneralProtection(s, vector << 3 | FromTable);
                break;
        }
    }

    private static void Leave(CpuState* s, ExitReason reason, ulong vector)
    {
        s->ExitAddress = vector;
        s->ExitCode = 0;
        s->Exit = reason;
    }
}
