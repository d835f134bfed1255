using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

/// <summary>What translated code calls at its edges.</summary>
internal static unsafe class RegionExits
{
    /// <summary>Exits because of unusual floats after which a region is given up: about a millisecond's worth.</summary>
    private const nuint UnusualLimit = 3000;

    /// <summary>As <see cref="Interpret"/>, after a floating-point operation that was not routine; a region that does so often is made anew with calls of the bodies.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* InterpretFloat(CpuState* s, ulong rip, Operation* head)
    {
        CountUnusual(s, head, x87: false);
        return Interpret(s, rip);
    }

    /// <summary>The same after an x87 operation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* InterpretX87(CpuState* s, ulong rip, Operation* head)
    {
        CountUnusual(s, head, x87: true);
        return Interpret(s, rip);
    }

    /// <summary>The region cannot run with this MXCSR: the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Decline(CpuState* s, Operation* head)
    {
        CountUnusual(s, head, x87: false);
        return head + 1;
    }

    /// <summary>The region cannot run with this x87 control word, stack or values in registers: the interpreter takes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* DeclineX87(CpuState* s, Operation* head)
    {
        CountUnusual(s, head, x87: true);
        return head + 1;
    }

    private static void CountUnusual(CpuState* s, Operation* head, bool x87)
    {
        // The head has no body: the field counts. It goes on counting for the region that replaces this one.
        if ((nuint)(head->Body = (byte*)head->Body + 1) % UnusualLimit == 0)
            Processor.Of(s).Translations!.StopInlining(head->Rip, x87);
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
