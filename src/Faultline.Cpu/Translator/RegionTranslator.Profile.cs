using System.Reflection.Emit;
using Faultline.Cpu.Profiling;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Counting, in regions that are profiled; others have none of this code.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Counts the entry, with the fuel taken.</summary>
    private void CountEntry()
    {
        if (_region.Profile is not { } profile)
            return;
        _il.State();
        _il.Load(_fuel);
        EmitAddress(profile.Counters);
        _il.Call(ProfiledEdges.Method(nameof(ProfiledEdges.Enter)));
    }

    /// <summary>Counts the exit, with the fuel left.</summary>
    private void CountExit()
    {
        if (_region.Profile is not { } profile)
            return;
        _il.State();
        _il.Load(_fuel);
        EmitAddress(profile.Counters);
        _il.Call(ProfiledEdges.Method(nameof(ProfiledEdges.Leave)));
    }

    /// <summary>Counts an execution of the current instruction by the interpreter's handler.</summary>
    private void CountFallback()
    {
        if (_region.Profile is { } profile)
            EmitIncrement(profile.Processor.Execution.FallbackCounter(_instruction.Decoded.Mnemonic));
    }

    /// <summary>Counts an exit to the interpreter for want of a way to go on.</summary>
    private void CountSlowExit(Mnemonic mnemonic)
    {
        if (_region.Profile is { } profile)
            EmitIncrement(profile.Processor.Execution.SlowExitCounter(mnemonic));
    }

    private void EmitIncrement(long* counter)
    {
        EmitAddress(counter);
        _il.Op(OpCodes.Dup);
        _il.Op(OpCodes.Ldind_I8);
        _il.Int64(1);
        _il.Op(OpCodes.Add);
        _il.Op(OpCodes.Stind_I8);
    }

    private void EmitAddress(void* address)
    {
        _il.Int64((ulong)address);
        _il.Op(OpCodes.Conv_I);
    }
}
