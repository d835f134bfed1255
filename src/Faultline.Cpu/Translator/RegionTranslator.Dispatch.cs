using System.Numerics;
using System.Reflection.Emit;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

// Where computed jumps, computed calls and returns go: to those of the region's blocks that are known, by comparison or through a jump table, or out of it.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Targets that are compared with one after the other; for more there is a table.</summary>
    public const int MaxCompared = 3;

    /// <summary>Slots of a table to each target, at most.</summary>
    private const int MaxTableSize = 16;

    /// <summary>Factors that are tried for a table of each size.</summary>
    private const int MaxFactors = 64;

    /// <summary>By blocks, where tables lead for them: what is there compares the noted address, since a table knows only some bits of it.</summary>
    private readonly Dictionary<RegionBlock, Label> _arrivals = [];

    /// <summary>The tables of the sets of targets; all returns of a region have the same.</summary>
    private readonly Dictionary<RegionBlock[], JumpTable?> _tables = [];

    /// <summary>The sites that the region's returns go to through one table for all, and where that is.</summary>
    private (RegionBlock[] Sites, Label Label)? _returns;

    /// <summary>The blocks that computed jumps go to, of all of them; none where x87 registers are in locals, since the stack would have to agree as well.</summary>
    private readonly RegionBlock[] _computed;

    /// <summary>Where computed jumps go whose targets are found among those of all, with everything where the common ways out expect it and nothing pending.</summary>
    private readonly Label _findComputed;

    /// <summary>A target that is not canonical faults at the branch: the interpreter sees to it.</summary>
    private void EmitTargetCheck(LocalBuilder target, Label slow)
    {
        _il.Load(target);
        if (AtHome)
        {
            // The bits above the tables, of which nothing is mapped.
            _il.Load(_addressMask);
            _il.Op(OpCodes.And);
        }
        else
        {
            _il.Int32(47);
            _il.Op(OpCodes.Shr_Un);
        }
        _il.Branch(OpCodes.Brtrue, slow);
    }

    /// <summary>Goes to one of the block's known targets or leaves.</summary>
    /// <param name="target">The address.</param>
    /// <param name="popped">What the instruction has added to RSP, when it is not known yet whether the address is canonical: the known targets are. Null when it is known.</param>
    private void EmitDispatch(LocalBuilder target, long? popped)
    {
        RegionBlock[] known = _block.Indirect;
        if (FindsComputed(known))
        {
            MoveAllOut(target, popped);
            _il.Branch(OpCodes.Br, _findComputed);
            return;
        }
        if (known.Length > MaxCompared && TableOf(known) is { } table)
        {
            if (ComparesCallers(_block) && !known.Any(Inherits))
                EmitReturnToCallers(target, _block.Callers, () => EmitTableDispatch(target, popped, known, table));
            else
                EmitTableDispatch(target, popped, known, table);
            return;
        }
        if (known.Length > 0)
        {
            if (!known.All(Inherits))
                SettleStack();
            if (known.Any(block => block.NeededBefore != FlagSet.None || block.Order <= _block.Order))
                JoinFlags();
            JoinX87();
            BurnFuel(_at.Pending);
            _at = _at with { Pending = 0 };
        }
        EmitComparisons(target, known, block =>
        {
            if (block.Order <= _block.Order)
                CheckFuel(block);
            if (Inherits(block))
                block.Inherited = _at;
            if (_instruction.Form.Shape == FormShape.Return && LooksOnArrival(block))
                LookBefore(block);
            _il.Branch(OpCodes.Br, block.Label);
        });
        if (popped is { } distance)
            EmitTargetCheck(target, ExitBeforePop(distance));
        MoveOut(_at);
        _il.Load(target);
        _il.Store(_exitRip);
        EmitLeave(_at.Pending, _instruction.Form.Shape == FormShape.Return ? _leave : _find);
    }

    /// <summary>Whether a return compares with the sites of the calls that it is likely to end, where no other block leads to any site.</summary>
    public static bool ComparesCallers(RegionBlock block) => block.Callers.Length is > 0 and <= MaxCompared && block.Callers.All(block.Indirect.Contains);

    /// <summary>A return goes to its likely targets by comparison, which the host predicts as any branch; everything else is out of line.</summary>
    private void EmitReturnToCallers(LocalBuilder target, RegionBlock[] callers, Action emitOthers)
    {
        SettleStack();
        if (callers.Any(block => block.NeededBefore != FlagSet.None || block.Order <= _block.Order))
            JoinFlags();
        JoinX87();
        BurnFuel(_at.Pending);
        _at = _at with { Pending = 0 };
        Label rest = _il.Label();
        RegionInstruction instruction = _instruction;
        RegionBlock from = _block;
        TranslationState state = _at;
        for (int i = 0; i < callers.Length; i++)
        {
            Label other = i + 1 < callers.Length ? _il.Label() : _il.ExitLabel(() =>
            {
                _il.Load(target);
                _il.Store(_exitRip);
                _il.Branch(OpCodes.Br, rest);
            });
            _il.Load(target);
            _il.Int64(callers[i].Start);
            _il.Branch(OpCodes.Bne_Un, other);
            if (callers[i].Order <= _block.Order)
                CheckFuel(callers[i]);
            _il.Branch(OpCodes.Br, callers[i].Label);
            if (i + 1 < callers.Length)
                _il.Mark(other);
        }
        _stubs.Enqueue(() =>
        {
            _il.Mark(rest);
            (_instruction, _block, _at) = (instruction, from, state);
            emitOthers();
        });
    }

    /// <summary>
    /// The same through a table. What the table leads to compares the address, and is shared by all tables: an interpreter's loop has dozens of computed jumps with dozens of targets each, and
    /// comparisons of their own would be most of the blocks that the JIT has to do with. So everything is where the common ways out expect it before the table is looked at.
    /// </summary>
    private void EmitTableDispatch(LocalBuilder target, long? popped, RegionBlock[] known, JumpTable table)
    {
        MoveAllOut(target, popped);
        bool own = known.Any(Inherits);
        if (_instruction.Form.Shape == FormShape.Return && !own && (_returns is null || _returns.Value.Sites == known))
        {
            _returns ??= (known, _il.Label());
            _il.Branch(OpCodes.Br, _returns.Value.Label);
            return;
        }
        if (known.Any(block => block.Order <= _block.Order))
            LeaveWithoutFuel();
        Label missed = _instruction.Form.Shape == FormShape.Return ? _left : _missed;
        EmitTable(_exitRip, table, missed, block => Inherits(block) ? _il.Label() : Arrival(block), (block, label) =>
        {
            if (!Inherits(block))
                return;
            Compare(block, label, missed);
            block.Inherited = _at;
            _il.Branch(OpCodes.Br, block.Label);
        });
    }

    /// <summary>
    /// Whether a jump with many targets finds them among those of all: what it was seen to go to before it was translated is seldom all, and the others would be looked up in a second table. So it
    /// is in interpreters, whose jumps go to any of their instructions.
    /// </summary>
    private bool FindsComputed(RegionBlock[] known) => MayFindComputed(_block) && _computed.Length > known.Length && TableOf(_computed) is not null;

    /// <summary>Whether a block's end may be a jump that finds its target so.</summary>
    public static bool MayFindComputed(RegionBlock block) => block.Last is { Form.Shape: FormShape.JumpIndirect or FormShape.CallIndirect } && block.Indirect.Length > MaxCompared;

    /// <summary>Puts everything where the common ways out and blocks expect it, and notes the address.</summary>
    private void MoveAllOut(LocalBuilder target, long? popped)
    {
        if (popped is { } distance)
            EmitTargetCheck(target, ExitBeforePop(distance));
        SettleStack();
        MoveToJoin(_at.Flags);
        SetFlags(FlagsState.Join);
        JoinX87();
        BurnFuel(_at.Pending);
        _at = _at with { Pending = 0 };
        MoveOut(_at);
        _il.Load(target);
        _il.Store(_exitRip);
    }

    /// <summary>A label that leaves before the current instruction, which has added to RSP.</summary>
    private Label ExitBeforePop(long distance) => ExitBefore(_at with { StackOffset = _at.StackOffset - distance, Pending = _at.Pending - 1 }, Assumptions.None);

    /// <summary>When the fuel is spent, leaves to the noted address with everything stored.</summary>
    private void LeaveWithoutFuel()
    {
        _il.Load(_fuel);
        _il.Int64(0);
        _il.Branch(OpCodes.Blt, _left);
    }

    /// <summary>Where tables lead for a block.</summary>
    private Label Arrival(RegionBlock block)
    {
        if (!_arrivals.TryGetValue(block, out Label label))
            _arrivals.Add(block, label = _il.Label());
        return label;
    }

    /// <summary>What jumps through tables share: the table of all returns, and the comparisons.</summary>
    private void EmitArrivals()
    {
        if (_returns is var (sites, label))
        {
            _il.Mark(label);
            LeaveWithoutFuel();
            EmitTable(_exitRip, TableOf(sites)!.Value, _left, Arrival, (_, _) => { });
        }
        foreach ((RegionBlock block, Label arrival) in _arrivals)
        {
            Compare(block, arrival, block.IsComputed ? _missed : _left);
            if (LooksOnArrival(block))
                LookAtWindow(_il.ExitLabel(() => EmitUnusual(0, Assumptions.StackWindow)));
            _il.Branch(OpCodes.Br, block.Label);
        }
    }

    /// <summary>Where a table leads for a block: goes on when the noted address is the block's.</summary>
    private void Compare(RegionBlock block, Label label, Label other)
    {
        _il.Mark(label);
        _il.Load(_exitRip);
        _il.Int64(block.Start);
        _il.Branch(OpCodes.Bne_Un, other);
    }

    /// <summary>
    /// Goes to those of the region's blocks that computed jumps go to, whichever it was that went there before: in an interpreter's loop each has seen a few of the targets of all. Everything is
    /// where the common way out expects it, which is also where blocks expect it.
    /// </summary>
    private void EmitFind()
    {
        _il.Mark(_find);
        if (_computed.Length == 0)
        {
            _il.Branch(OpCodes.Br, _leave);
            return;
        }
        _il.Load(_fuel);
        _il.Load(_exitCount);
        _il.Op(OpCodes.Sub);
        _il.Int64(FuelBias);
        _il.Op(OpCodes.Sub);
        _il.Store(_fuel);
        if (HasWindow)
            LookAtWindow(_il.ExitLabel(() => EmitUnusual(0, Assumptions.StackWindow)));
        _il.Mark(_findComputed);
        LeaveWithoutFuel();
        if (_computed.Length > MaxCompared && TableOf(_computed) is { } table)
        {
            EmitTable(_exitRip, table, _left, _ => _il.Label(), (block, label) =>
            {
                Compare(block, label, _left);
                ToComputed(block);
            });
        }
        else
        {
            EmitComparisons(_exitRip, _computed, ToComputed);
            _il.Branch(OpCodes.Br, _left);
        }

        void ToComputed(RegionBlock block)
        {
            if (!block.FactsBefore.IsNone)
                EmitFactsLook(block.FactsBefore, _il.ExitLabel(() => EmitUnusual(0, MissedFloats)));
            _il.Branch(OpCodes.Br, block.Label);
        }
    }

    /// <summary>Selects a block by comparing its address; goes on behind when it is none of them.</summary>
    /// <param name="target">The address.</param>
    /// <param name="known">The blocks.</param>
    /// <param name="goTo">Goes to one of them.</param>
    private void EmitComparisons(LocalBuilder target, RegionBlock[] known, Action<RegionBlock> goTo)
    {
        foreach (RegionBlock block in known)
        {
            Label other = _il.Label();
            _il.Load(target);
            _il.Int64(block.Start);
            _il.Branch(OpCodes.Bne_Un, other);
            goTo(block);
            _il.Mark(other);
        }
    }

    /// <summary>Jumps through a table over some bits of an address.</summary>
    /// <param name="target">The address.</param>
    /// <param name="table">The table.</param>
    /// <param name="missed">Where its empty slots lead.</param>
    /// <param name="labelOf">Where it leads for a block.</param>
    /// <param name="emit">Emits what is there, unless that is elsewhere.</param>
    private void EmitTable(LocalBuilder target, JumpTable table, Label missed, Func<RegionBlock, Label> labelOf, Action<RegionBlock, Label> emit)
    {
        Label empty = _il.Label();
        Label[] labels = [.. table.Slots.Select(block => block is null ? empty : labelOf(block))];
        _il.Load(target);
        if (table.Factor != 1)
        {
            _il.Op(OpCodes.Conv_U4);
            _il.Int32((int)table.Factor);
            _il.Op(OpCodes.Mul);
        }
        _il.Int32(table.Shift);
        _il.Op(OpCodes.Shr_Un);
        _il.Op(OpCodes.Conv_I4);
        _il.Int32(labels.Length - 1);
        _il.Op(OpCodes.And);
        _il.Switch(labels);
        _il.Mark(empty);
        _il.Branch(OpCodes.Br, missed);
        for (int i = 0; i < labels.Length; i++)
        {
            if (table.Slots[i] is { } block)
                emit(block, labels[i]);
        }
    }

    private JumpTable? TableOf(RegionBlock[] known)
    {
        if (!_tables.TryGetValue(known, out JumpTable? table))
            _tables.Add(known, table = FindTable(known));
        return table;
    }

    /// <summary>The smallest table in which no two targets collide; null when there is none of reasonable size.</summary>
    private static JumpTable? FindTable(RegionBlock[] known)
    {
        int smallest = (int)BitOperations.RoundUpToPowerOf2((uint)known.Length);
        for (int size = smallest; size <= known.Length * MaxTableSize; size *= 2)
        {
            for (int shift = 0; shift < 20; shift++)
            {
                if (Fill(1, shift, size) is { } table)
                    return table;
            }
        }
        // Where targets are spread over several files no bits may do on their own. To multiply is what a jump that is wrongly predicted waits for.
        for (int size = smallest; size <= known.Length * MaxTableSize; size *= 2)
        {
            uint factor = 0x9E37_79B1;
            for (int i = 0; i < MaxFactors; i++, factor = (factor * 0x0019_660D) | 1)
            {
                if (Fill(factor, 32 - BitOperations.Log2((uint)size), size) is { } table)
                    return table;
            }
        }
        return null;

        JumpTable? Fill(uint factor, int shift, int size)
        {
            JumpTable table = new(factor, shift, new RegionBlock?[size]);
            foreach (RegionBlock block in known)
            {
                ref RegionBlock? slot = ref table.Slots[table.SlotOf(block.Start)];
                if (slot is not null)
                    return null;
                slot = block;
            }
            return table;
        }
    }

    /// <summary>A table of targets without collisions.</summary>
    /// <param name="Factor">What the lower half of the address is multiplied by first; 1 for bits of the address itself.</param>
    /// <param name="Shift">The lowest bit that counts.</param>
    /// <param name="Slots">The targets; a power of two.</param>
    private readonly record struct JumpTable(uint Factor, int Shift, RegionBlock?[] Slots)
    {
        /// <summary>The slot of an address.</summary>
        public int SlotOf(ulong address) => (int)((Factor == 1 ? address >> Shift : (uint)address * Factor >> Shift) & (ulong)(Slots.Length - 1));
    }
}
