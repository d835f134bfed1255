using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>The first operation of a block when hot code is translated: not an instruction, it counts executions until a region takes its place.</summary>
internal static unsafe class Profile
{
    /// <summary>Displacement of an operation that counts.</summary>
    public const ulong Counting = 0;

    /// <summary>Displacement of one that waits for its region.</summary>
    public const ulong Waiting = 1;

    /// <summary>Displacement of one that enters a region.</summary>
    public const ulong Translated = 2;

    /// <summary>Counts down, and asks for a translation at 0. Half-way the targets of an indirect branch at the end begin to be noted.</summary>
    public static Operation* Count(CpuState* s, Operation* op) => --op->Immediate == 0 ? Hot(s, op) : op + 1;

    /// <summary>A translation was asked for.</summary>
    public static Operation* Pass(CpuState* s, Operation* op) => op + 1;

    /// <summary>JMP or CALL through a register or memory, noting where it goes.</summary>
    public static Operation* Indirect(CpuState* s, Operation* op)
    {
        Operation* next = ((delegate*<CpuState*, Operation*, Operation*>)op->Body)(s, op);
        Processor.Of(s).NoteTarget(op->Rip, next is null ? s->Rip : next->Rip);
        return next;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Operation* Hot(CpuState* s, Operation* op)
    {
        Processor.Of(s).Translate(op);
        // In immediate mode the region may be there already.
        return op->Displacement == Translated ? op : op + 1;
    }
}
