using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>The first operation of a block when hot code is translated: not an instruction, it counts executions until a region takes its place.</summary>
internal static unsafe class Profile
{
    /// <summary>Changes of target after which an indirect branch is not watched any more.</summary>
    private const ulong MaxNotes = 512;

    /// <summary>Displacement of an operation that counts.</summary>
    public const ulong Counting = 0;

    /// <summary>Displacement of one that waits for its region.</summary>
    public const ulong Waiting = 1;

    /// <summary>Displacement of one that enters a region.</summary>
    public const ulong Translated = 2;

    /// <summary>Counts down, and asks for a translation at 0.</summary>
    public static Operation* Count(CpuState* s, Operation* op) => --op->Immediate == 0 ? Hot(s, op) : Chain.Next(s, op);

    /// <summary>A translation was asked for; goes on counting, so that the hottest comes first.</summary>
    public static Operation* Pass(CpuState* s, Operation* op)
    {
        op->Immediate++;
        return Chain.Next(s, op);
    }

    /// <summary>Where a branch to a block goes on: past a first operation that only counts, which is done here without a dispatch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Past(Operation* first)
    {
        if (first->Count != 0 || first->Displacement == Translated)
            return first;
        // Up while it waits, down while it counts; the last step of those is the operation's own.
        ulong count = first->Immediate + (first->Displacement << 1) - 1;
        if (count == 0)
            return first;
        first->Immediate = count;
        return first + 1;
    }

    /// <summary>Enters the region whose code is in place of the link.</summary>
    public static Operation* Enter(CpuState* s, Operation* op)
    {
        s->EntryIndex = op->Immediate;
        return ((delegate*<CpuState*, Operation*, Operation*>)op->Link)(s, op);
    }

    /// <summary>What translated code goes to where no region is entered: back to the dispatcher's loop, with the block's first operation.</summary>
    public static Operation* Resume(CpuState* s, Operation* op) => op;

    /// <summary>Has a JMP or CALL through a register or memory note where it goes. Such operations have neither a body nor a link, an immediate or a second operand.</summary>
    public static void Watch(ref Operation op)
    {
        op.Body = op.Handler;
        op.Handler = MethodCode.Of(&Indirect);
    }

    private static Operation* Indirect(CpuState* s, Operation* op)
    {
        Operation* next = ((delegate*<CpuState*, Operation*, Operation*>)op->Body)(s, op);
        ulong target = next is null ? s->Rip : next->Rip;
        // Only where it changes, and not for ever.
        if ((ulong)op->Link != target)
        {
            op->Link = (Operation*)target;
            Processor.Of(s).NoteTarget(op->Rip, target);
            if (++op->Immediate == MaxNotes)
                op->Handler = (delegate*<CpuState*, Operation*, Operation*>)op->Body;
        }
        return next;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Operation* Hot(CpuState* s, Operation* op)
    {
        Processor.Of(s).Translate(op);
        // To ask for a region may mean waiting, in which others may have changed code: the dispatcher looks.
        if ((Volatile.Read(ref s->InterruptRequested) & Interrupts.Pass) != 0)
        {
            s->Rip = op->Rip;
            s->LinkFrom = null;
            return null;
        }
        // In immediate mode the region may be there already.
        return op->Displacement == Translated ? op : Chain.Next(s, op);
    }
}
