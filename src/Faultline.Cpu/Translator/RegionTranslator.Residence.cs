using System.Numerics;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Which general registers live in locals for the whole region, and which in the CpuState, from where a block that reads them loads them.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>
    /// General registers kept in locals across blocks, at most. The host has some fourteen for them, for what is always there (state, fuel, tables) and for what is computed;
    /// what does not fit the JIT would load at the entry, spill, reload and store at the exit.
    /// </summary>
    private const int MaxResident = 8;

    /// <summary>Registers that are not in a local across blocks: what is written is stored before control may leave or the block ends, whatever comes first.</summary>
    private uint _visiting;

    /// <summary>Chooses by how often instructions name a register, where a loop counts eightfold.</summary>
    private void ChooseResidents()
    {
        long[] weights = new long[16];
        int[] depths = LoopDepths();
        for (int i = 0; i < _region.Blocks.Count; i++)
        {
            long weight = 1L << 3 * Math.Min(depths[i], 4);
            foreach (RegionInstruction instruction in _region.Blocks[i].Instructions)
            {
                foreach (UsedRegister used in _information.GetInfo(instruction.Decoded).GetUsedRegisters())
                {
                    if (used.Register.IsGPR())
                        weights[used.Register.GetFullRegister() - Register.RAX] += weight;
                }
            }
        }
        // Stack addresses are tracked.
        weights[StackPointer] = long.MaxValue;
        int[] order = new int[16];
        for (int number = 0; number < order.Length; number++)
            order[number] = number;
        Array.Sort(order, (a, b) => weights[a] != weights[b] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));
        foreach (int number in order.AsSpan(MaxResident))
        {
            if (_gprs[number] is not null)
                _visiting |= 1u << number;
        }
        _writtenGprs &= ~_visiting;
    }

    /// <summary>How many loops each block is in, by the order of emission: a way back spans what lies between. Returns to callers in the region are no loops.</summary>
    private int[] LoopDepths()
    {
        int[] depths = new int[_region.Blocks.Count];
        Dictionary<int, int> ends = [];
        foreach (RegionBlock block in _region.Blocks)
        {
            Note(block, block.Next);
            Note(block, block.Taken);
            if (block.Last!.Form.Shape == FormShape.JumpIndirect)
            {
                foreach (RegionBlock target in block.Indirect)
                    Note(block, target);
            }
        }
        foreach ((int start, int end) in ends)
        {
            for (int i = start; i <= end; i++)
                depths[i]++;
        }
        return depths;

        void Note(RegionBlock from, RegionBlock? to)
        {
            if (to is not null && to.Order <= from.Order)
                ends[to.Order] = Math.Max(ends.GetValueOrDefault(to.Order), from.Order);
        }
    }

    /// <summary>Loads the visiting registers that a block reads before it writes them and that are not in their locals yet.</summary>
    private void LoadVisitors(RegionBlock block)
    {
        if (_visiting == 0)
            return;
        uint seen = _at.Loaded, loaded = 0;
        if (block.LooksAtStack)
        {
            loaded = 1u << StackPointer & _visiting & ~seen;
            seen |= loaded;
        }
        foreach (RegionInstruction instruction in block.Instructions)
        {
            uint read = 0, written = 0;
            foreach (UsedRegister used in _information.GetInfo(instruction.Decoded).GetUsedRegisters())
            {
                if (!used.Register.IsGPR())
                    continue;
                uint bit = 1u << used.Register.GetFullRegister() - Register.RAX;
                // The decoder takes what clears a register for a write, and narrow ones keep the rest.
                if (used.Access == OpAccess.Write && used.Register.GetSize() >= 4 && instruction.Decoded.Mnemonic is not (Mnemonic.Xor or Mnemonic.Sub))
                    written |= bit;
                else
                    read |= bit;
            }
            loaded |= read & _visiting & ~seen;
            seen |= read | written;
        }
        for (uint rest = loaded; rest != 0; rest &= rest - 1)
            LoadGpr(BitOperations.TrailingZeroCount(rest));
        _at = _at with { Loaded = _at.Loaded | loaded };
    }

    /// <summary>A general register has a new value in its local.</summary>
    private void Wrote(int number) => _at = _at with { DirtyGprs = _at.DirtyGprs | 1u << number, Loaded = _at.Loaded | 1u << number };

    /// <summary>Stores the visiting registers that were written: where blocks end, none is newer than the CpuState.</summary>
    private void StoreVisitors()
    {
        StoreRegisters(_at.DirtyGprs & _visiting, 0);
        _at = _at with { DirtyGprs = _at.DirtyGprs & ~_visiting };
    }

    /// <summary>
    /// Before an instruction that may leave: rather stored here than in each of its exits. Straight code computes a value in many steps, and only the last of them is stored.
    /// </summary>
    private void StoreVisitorsBefore()
    {
        if ((_at.DirtyGprs & _visiting) != 0 && MayLeave())
            StoreVisitors();
    }

    /// <summary>Whether control is likely to have a way out at the current instruction. Where it has one all the same, that stores what is newer.</summary>
    private bool MayLeave()
    {
        if (_instruction.Form.Shape is not (FormShape.Rmw or FormShape.Read or FormShape.Modify or FormShape.Shift or FormShape.DoubleShift or FormShape.Compute or FormShape.Compute2
            or FormShape.Move or FormShape.MoveZeroExtend or FormShape.MoveSignExtend or FormShape.Lea or FormShape.ConditionalMove or FormShape.SetCondition or FormShape.Nop))
            return true;
        return (_instruction.Op.Flags & AnyMemory) != 0 && _instruction.Form.Shape != FormShape.Lea && !(_instruction.Operand.Group is { } group && IsChecked(group));
    }
}
