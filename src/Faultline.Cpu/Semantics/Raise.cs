using System.Diagnostics.CodeAnalysis;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics;

/// <summary>
/// Ends the running instruction with a processor exception. The details go into the state; the .NET exception only unwinds to the
/// dispatcher, which puts RIP back to the instruction. A body raises before it changes any guest state.
/// </summary>
internal static unsafe class Raise
{
    /// <summary>#DE: division by zero or a quotient that does not fit.</summary>
    [DoesNotReturn]
    public static void DivideError(CpuState* s) => With(s, ExitReason.DivideError, 0, 0);

    /// <summary>#UD.</summary>
    [DoesNotReturn]
    public static void InvalidOpcode(CpuState* s) => With(s, ExitReason.InvalidOpcode, 0, 0);

    /// <summary>#GP with an error code, 0 for everything but selectors.</summary>
    [DoesNotReturn]
    public static void GeneralProtection(CpuState* s, uint code = 0) => With(s, ExitReason.GeneralProtection, 0, code);

    /// <summary>#MF: an unmasked x87 exception is pending.</summary>
    [DoesNotReturn]
    public static void FloatingPoint(CpuState* s) => With(s, ExitReason.FloatingPoint, 0, 0);

    /// <summary>#XM: an unmasked SSE exception.</summary>
    [DoesNotReturn]
    public static void SimdFloatingPoint(CpuState* s) => With(s, ExitReason.SimdFloatingPoint, 0, 0);

    /// <summary>#AC.</summary>
    [DoesNotReturn]
    public static void AlignmentCheck(CpuState* s) => With(s, ExitReason.AlignmentCheck, 0, 0);

    /// <summary>Any exit with its details (see <see cref="CpuState.ExitAddress"/>).</summary>
    [DoesNotReturn]
    public static void With(CpuState* s, ExitReason reason, ulong address, uint code)
    {
        s->Exit = reason;
        s->ExitAddress = address;
        s->ExitCode = code;
        throw new GuestFaultException();
    }
}
