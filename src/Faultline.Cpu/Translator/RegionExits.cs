using System.Runtime.CompilerServices;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

/// <summary>What translated code calls at its edges.</summary>
internal static unsafe class RegionExits
{
    /// <summary>
    /// Instructions that a region executes at most before it looks for interrupts and hands the thread to the dispatcher: some microseconds.
    /// </summary>
    private const long Slice = 20_000;

    /// <summary>Exits because of unusual floats after which a region is given up: about a millisecond's worth.</summary>
    private const nuint UnusualLimit = 3000;

    /// <summary>Takes a slice of the budget.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long TakeFuel(CpuState* s)
    {
        long fuel = Math.Min(s->Budget, Slice);
        s->Budget -= fuel;
        return fuel;
    }

    /// <summary>Gives back what was not used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReturnFuel(CpuState* s, long fuel) => s->Budget += fuel;

    /// <summary>Goes on at an address: the operation there, or null after noting the address for the dispatcher.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Follow(CpuState* s, ulong rip)
    {
        BlockEntry* entry = s->BlockTable + BlockEntry.Slot(rip);
        if (entry->Rip == rip && entry->First is not null && s->Budget > 0 && s->InterruptRequested == 0)
            return entry->First;
        s->Rip = rip;
        return null;
    }

    /// <summary>As <see cref="Interpret"/>, after a floating-point operation that was not routine; a region that does so often is made anew with calls of the bodies.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* InterpretFloat(CpuState* s, ulong rip, Operation* head)
    {
        CountUnusual(s, head);
        return Interpret(s, rip);
    }

    /// <summary>The region cannot run with this MXCSR: the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Decline(CpuState* s, Operation* head)
    {
        CountUnusual(s, head);
        return head + 1;
    }

    private static void CountUnusual(CpuState* s, Operation* head)
    {
        // The head has no body: the field counts.
        if ((nuint)(head->Body = (byte*)head->Body + 1) == UnusualLimit)
            Processor.Of(s).Translations!.StopInliningFloats(head->Rip);
    }

    /// <summary>Has the interpreter execute at least one instruction at an address, even if a region could be entered there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Interpret(CpuState* s, ulong rip)
    {
        s->Rip = rip;
        s->MustInterpret = 1;
        return null;
    }
}
