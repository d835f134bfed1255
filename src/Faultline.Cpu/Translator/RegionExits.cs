using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

/// <summary>What translated code calls at its edges.</summary>
internal static unsafe class RegionExits
{
    /// <summary>Exits because something was not as a region assumes after which it is made anew: about a millisecond's worth.</summary>
    private const nuint UnusualLimit = 3000;

    /// <summary>Such exits before pages are filled ahead for the sake of a region: a short program is over before that is worth what it takes to read them.</summary>
    private const nuint PatienceWithPairs = 32;

    /// <summary>
    /// A region is left before an instruction for the interpreter, which executes at least that one, even if a region could be entered there. Where the reason is that something is not as the region
    /// assumes, it is counted: a region that does so often is made anew without that assumption.
    /// </summary>
    /// <param name="s">The processor's state.</param>
    /// <param name="rip">The instruction's address.</param>
    /// <param name="head">The region's first operation.</param>
    /// <param name="missed">What is not so; none when the region has no way to go on.</param>
    /// <param name="below">How far below RSP the region's accesses go, in bytes.</param>
    /// <param name="above">The same above.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Interpret(CpuState* s, ulong rip, Operation* head, Assumptions missed, int below, int above)
    {
        s->Rip = rip;
        if (missed == Assumptions.StackWindow)
        {
            if (FindWindow(s, head, below, above))
                return null;
        }
        else if (missed != Assumptions.None)
        {
            if ((missed & Assumptions.PagePairs) != 0 && (nuint)head->Body >= PatienceWithPairs)
                Processor.Of(s).Translations!.MissedPair(s, head->Rip);
            CountUnusual(s, head, missed);
        }
        return Interpret(s);
    }

    /// <summary>The region cannot run with this MXCSR: the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Decline(CpuState* s, Operation* head)
    {
        CountUnusual(s, head, (s->Mxcsr & (MxcsrBits.Masks | MxcsrBits.Rounding)) == MxcsrBits.Masks ? Assumptions.Precise : Assumptions.RoutineFloats);
        return head + 1;
    }

    /// <summary>A vector register does not hold numbers that the block takes without a look: the interpreter takes it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* DeclineFloats(CpuState* s, Operation* head)
    {
        CountUnusual(s, head, Assumptions.NearFloats);
        return head + 1;
    }

    /// <summary>The region cannot run with this x87 control word, stack or values in registers: the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* DeclineX87(CpuState* s, Operation* head)
    {
        CountUnusual(s, head, Assumptions.RoutineX87);
        return head + 1;
    }

    /// <summary>At a region's entry RSP is not in the window: another is looked for, and where there is none the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* DeclineStack(CpuState* s, Operation* head, int below, int above)
    {
        bool found = FindWindow(s, head, below, above);
        // Whoever looks may wait, in which others may have changed code: the dispatcher looks.
        if ((Volatile.Read(ref s->InterruptRequested) & Interrupts.Pass) != 0)
        {
            s->Rip = head->Rip;
            return Interpret(s);
        }
        return found ? head : head + 1;
    }

    private static bool FindWindow(CpuState* s, Operation* head, int below, int above)
    {
        bool found = Processor.Of(s).TryFindWindow((ulong)below, (ulong)above, out bool moved);
        // Where stacks are changed all the time, to ask at each access takes less.
        if (moved || !found)
            CountUnusual(s, head, Assumptions.StackWindow);
        return found;
    }

    private static void CountUnusual(CpuState* s, Operation* head, Assumptions missed)
    {
        // The head has no body: the field counts. It goes on counting for the region that replaces this one.
        if ((nuint)(head->Body = (byte*)head->Body + 1) % UnusualLimit == 0)
            Processor.Of(s).Translations!.StopAssuming(s, head->Rip, missed);
    }

    private static Operation* Interpret(CpuState* s)
    {
        s->MustInterpret = 1;
        return null;
    }
}
