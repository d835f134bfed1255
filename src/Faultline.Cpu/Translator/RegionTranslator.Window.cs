using System.Reflection.Emit;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Translator;

// Accesses to the stack: instead of each, RSP is looked at, where the region is entered and where it may be anywhere (see StackFlow).
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Whether the region goes by the window around RSP.</summary>
    private bool HasWindow => (_region.Assumes & Assumptions.StackWindow) != 0;

    /// <summary>Whether so many bytes at a distance from RSP need no check.</summary>
    private bool IsInWindow(long? top, int size) =>
        HasWindow && top is { } distance && _instruction.Drift is var (low, high) && low + distance >= -_region.StackBelow && high + distance + size <= _region.StackAbove;

    /// <summary>Before anything is loaded: the interpreter takes the block where RSP is not in the window, unless another is found around it.</summary>
    private void EmitWindowEntry()
    {
        if (!HasWindow)
            return;
        Label outside = _il.ExitLabel(() =>
        {
            _il.State();
            _il.Operation();
            PushExtent();
            _il.Call(Method(nameof(RegionExits.DeclineStack)));
            _il.Op(OpCodes.Ret);
        });
        _il.StateAddress(StackPointer * 8);
        _il.Op(OpCodes.Ldind_I8);
        LeaveOutside(outside);
    }

    /// <summary>The same at the start of a block to which RSP may come from anywhere.</summary>
    private void EmitWindowLook()
    {
        if (!HasWindow || !_block.LooksAtStack || _block.Instructions.Count == 0)
            return;
        _instruction = _block.Instructions[0];
        PushGpr(StackPointer * 8, 8);
        LeaveOutside(ExitBefore(Assumptions.StackWindow));
    }

    /// <summary>Whether RSP is looked at on the way to a block that does not do that itself.</summary>
    private bool LooksOnArrival(RegionBlock block) => HasWindow && block is { LooksOnArrival: true, LooksAtStack: false };

    /// <summary>The same on the way to a block, with nothing pending.</summary>
    private void LookBefore(RegionBlock block)
    {
        TranslationState state = _at;
        PushGpr(StackPointer * 8, 8);
        LeaveOutside(ExitTo(block.Start, () => EmitUnusual(state, 0, Assumptions.StackWindow)));
    }

    /// <summary>Where everything is as the common ways out expect it: leaves to the noted address when RSP is not in the window.</summary>
    private void LookAtWindow(Label outside)
    {
        if ((_visiting >> StackPointer & 1) != 0)
        {
            _il.StateAddress(StackPointer * 8);
            _il.Op(OpCodes.Ldind_I8);
        }
        else
        {
            _il.Load(Gpr(StackPointer * 8));
        }
        LeaveOutside(outside);
    }

    /// <summary>Pushes how far below and above RSP, as it is looked at, the region's accesses go.</summary>
    private void PushExtent()
    {
        _il.Int32(_region.StackBelow);
        _il.Int32(_region.StackAbove);
    }

    /// <summary>Pops RSP and goes to a label when what lies around it is not in the window.</summary>
    private void LeaveOutside(Label outside)
    {
        LocalBuilder distance = _il.Rent(typeof(ulong));
        LoadState(nameof(CpuState.StackLow));
        _il.Op(OpCodes.Sub);
        _il.Store(distance);
        LeaveBeyond(-_region.StackBelow);
        LeaveBeyond(_region.StackAbove - 1);
        _il.Release(distance);

        void LeaveBeyond(long more)
        {
            _il.Load(distance);
            AddConstant(more);
            LoadState(nameof(CpuState.StackSpan));
            _il.Branch(OpCodes.Bge_Un, outside);
        }
    }
}
