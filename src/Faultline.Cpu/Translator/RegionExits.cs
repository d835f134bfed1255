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
