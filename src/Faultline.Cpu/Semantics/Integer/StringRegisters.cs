using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// RCX, RSI and RDI as string instructions use them: 32 bits wide, and cleared above when written, under a 67h prefix; the source relative to FS or GS
/// under such a prefix (SDM vol. 1, 7.3.9; vol. 2, REP).
/// </summary>
internal static unsafe class StringRegisters
{
    private const int Rcx = 1;
    private const int Rsi = 6;
    private const int Rdi = 7;

    /// <summary>Whether an F2 or F3 prefix repeats the instruction. On MOVS, STOS and LODS both mean REP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Repeated(Operation* op) => (op->Flags & (OperationFlags.Repe | OperationFlags.Repne)) != 0;

    /// <summary>Whether whole pages can be done at once: DF clear and pointers that do not wrap at 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Bulk(CpuState* s, Operation* op) => (s->Rflags & Rflags.DF) == 0 && (op->Flags & OperationFlags.Address32) == 0;

    /// <summary>Repetitions left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Count(CpuState* s, Operation* op) => Truncate(op, s->Gpr[Rcx]);

    /// <summary>Linear address of the source element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Source(CpuState* s, Operation* op) => Truncate(op, s->Gpr[Rsi]) + *(ulong*)((byte*)s + op->Segment);

    /// <summary>Linear address of the destination element; ES has base 0 and cannot be overridden.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Destination(CpuState* s, Operation* op) => Truncate(op, s->Gpr[Rdi]);

    /// <summary>Moves RSI by elements in the direction of DF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AdvanceSource(CpuState* s, Operation* op, ulong elements, int size) => Advance(s, op, Rsi, elements, size);

    /// <summary>Moves RDI by elements in the direction of DF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AdvanceDestination(CpuState* s, Operation* op, ulong elements, int size) => Advance(s, op, Rdi, elements, size);

    /// <summary>Takes finished repetitions off RCX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Consume(CpuState* s, Operation* op, ulong elements) => s->Gpr[Rcx] = Truncate(op, s->Gpr[Rcx] - elements);

    /// <summary>Between repetitions: leaves the instruction, to be resumed, when someone asked the processor to stop or waits for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoticeInterrupt(CpuState* s)
    {
        if ((Volatile.Read(ref s->InterruptRequested) & (Interrupts.Stop | Interrupts.Pass)) != 0)
            Interrupt(s);
    }

    private static void Interrupt(CpuState* s)
    {
        Interlocked.And(ref s->InterruptRequested, ~(Interrupts.Stop | Interrupts.Pass));
        Raise.With(s, ExitReason.Interrupted, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(CpuState* s, Operation* op, int register, ulong elements, int size)
    {
        ulong bytes = elements * (ulong)size;
        s->Gpr[register] = Truncate(op, (s->Rflags & Rflags.DF) == 0 ? s->Gpr[register] + bytes : s->Gpr[register] - bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Truncate(Operation* op, ulong value) => (op->Flags & OperationFlags.Address32) != 0 ? (uint)value : value;
}
