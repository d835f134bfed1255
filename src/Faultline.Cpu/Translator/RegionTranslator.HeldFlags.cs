using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

// Flags that follow from registers on the way back of a loop, and stay there (see HeldFlags).
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Whether the blocks are done and what lies out of line is emitted.</summary>
    private bool _emitsStubs;

    /// <summary>Where the flags are at the start of a block that does not inherit them.</summary>
    private static FlagsState FlagsBefore(RegionBlock block)
    {
        if (block.NeededBefore == FlagSet.None)
            return FlagsState.Dead;
        if (!block.IsLoopHead)
            return FlagsState.Join;
        block.Held = new HeldFlags();
        return FlagsState.Join with { Held = block.Held };
    }

    /// <summary>On the way back of a loop: leaves the flags in the registers that they follow from, if the head can do with that.</summary>
    /// <returns>False when they have to be moved.</returns>
    private bool TryHoldFlags(RegionBlock target)
    {
        FlagsState flags = _at.Flags;
        if (target.Held is not { } held || flags.InMemory || flags.Change is not null || flags.Old is not null
            || flags.Form is not (FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic or FlagsForm.Inc or FlagsForm.Dec))
        {
            return false;
        }
        if (held.Find(flags) is not { } kind)
        {
            if (held.IsTaken || held.Ways.Count == HeldFlags.Most || !(Stays(flags.A) && Stays(flags.B) && Stays(flags.R) && Stays(flags.Carry)))
                return false;
            kind = held.Add(flags);
        }
        _il.Int32((int)kind);
        _il.Store(_joinKind);
        SetFlags(FlagsState.Join with { Held = held });
        return true;

        // Registers that stay in their locals, and copies for flags, of which there are no others as long as those of the join are asked for.
        bool Stays(FlagsSource? source) => source?.Local is not { } local || (!held.Overwritten.Contains(local) && (IsResident(local) || IsCopy(local)));
    }

    private bool IsResident(LocalBuilder local)
    {
        int number = Array.IndexOf(_gprs, local);
        return number >= 0 && number != StackPointer && (_visiting >> number & 1) == 0;
    }

    private bool IsCopy(LocalBuilder local) => local == _flagsA || local == _flagsB || local == _flagsR || local == _flagsCarry;

    /// <summary>Before a local is overwritten while somebody may still ask for the flags at the head of the loop.</summary>
    private void KeepHeldFlags(LocalBuilder local)
    {
        HeldFlags held = _at.Flags.Held!;
        if (held.FollowsFrom(local))
        {
            MoveToJoin(_at.Flags);
            SetFlags(FlagsState.Join);
        }
        else
        {
            // No way back that comes later may have it so.
            held.Overwritten.Add(local);
        }
    }

    /// <summary>Moves flags that may be held elsewhere to where joins have them.</summary>
    private void TakeHeldFlags(HeldFlags held)
    {
        // Once the blocks are done there are no more ways back.
        held.IsTaken |= !_emitsStubs;
        if (held.Ways.Count == 0)
            return;
        Label joined = _il.Label();
        for (int way = 0; way < held.Ways.Count; way++)
        {
            bool isLast = way == held.Ways.Count - 1;
            Label next = isLast ? joined : _il.Label();
            _il.Load(_joinKind);
            _il.Int32((int)HeldFlags.Kind(way));
            _il.Branch(OpCodes.Bne_Un, next);
            MoveToJoin(held.Ways[way]);
            if (isLast)
                break;
            _il.Branch(OpCodes.Br, joined);
            _il.Mark(next);
        }
        _il.Mark(joined);
    }
}
