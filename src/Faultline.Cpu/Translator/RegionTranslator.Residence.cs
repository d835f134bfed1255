using System.Numerics;
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

    /// <summary>How often a loop goes round for each time that it is entered, at least, to be worth loading registers for.</summary>
    private const int Rounds = 3;

    /// <summary>Whether the region has loops that are worth loading something for at the entry.</summary>
    private bool _hasLoops;

    /// <summary>Registers that are in a local only within blocks and those that one block alone leads to.</summary>
    private uint _visitingGprs, _visitingVectors;

    /// <summary>Chooses by how often instructions name a register, where a loop counts eightfold.</summary>
    private void ChooseResidents()
    {
        long[] weights = new long[16];
        uint inLoops = 0, vectorsInLoops = 0;
        int[] depths = LoopDepths();
        _hasLoops = depths.Any(depth => depth > 0);
        for (int i = 0; i < _region.Blocks.Count; i++)
        {
            long weight = 1L << 3 * Math.Min(depths[i], 4);
            foreach (RegionInstruction instruction in _region.Blocks[i].Instructions)
            {
                for (uint rest = instruction.Gprs.Named; rest != 0; rest &= rest - 1)
                    weights[BitOperations.TrailingZeroCount(rest)] += weight;
                if (depths[i] > 0)
                {
                    inLoops |= instruction.Gprs.Named;
                    vectorsInLoops |= instruction.Vectors.Named;
                    _checksFloatsAtEntry |= UsesMxcsr(instruction);
                }
            }
        }
        // Stack addresses are tracked.
        weights[StackPointer] = long.MaxValue;
        uint residents = 0;
        foreach (int number in Enumerable.Range(0, 16).OrderByDescending(number => weights[number]).Take(MaxResident))
            residents |= 1u << number;
        _visitingGprs = 0xffff & ~(residents & (inLoops | 1u << StackPointer));
        _visitingVectors = 0xffff & ~vectorsInLoops;
    }

    /// <summary>
    /// How many loops each block is in, by the order of emission: a way back spans what lies between. Returns to callers in the region are no loops, nor is what was not often
    /// gone round when it was entered.
    /// </summary>
    private int[] LoopDepths()
    {
        IReadOnlyList<RegionBlock> blocks = _region.Blocks;
        int[] depths = new int[blocks.Count];
        Dictionary<int, int> ends = [];
        foreach (RegionBlock block in blocks)
        {
            foreach (RegionBlock target in Jumps(block))
            {
                if (target.Order <= block.Order)
                    ends[target.Order] = Math.Max(ends.GetValueOrDefault(target.Order), block.Order);
            }
        }
        foreach ((int start, int end) in ends)
        {
            if (!IsGoneRound(start, end))
                continue;
            for (int i = start; i <= end; i++)
                depths[i]++;
        }
        return depths;
    }

    /// <summary>Whether a loop went round several times whenever it was entered, as far as is known.</summary>
    private bool IsGoneRound(int start, int end)
    {
        IReadOnlyList<RegionBlock> blocks = _region.Blocks;
        long entered = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (i == start)
                i = end + 1;
            if (i < blocks.Count && Jumps(blocks[i]).Any(target => target.Order >= start && target.Order <= end))
                entered += blocks[i].Heat;
        }
        return entered == 0 || blocks[start].Heat >= Rounds * entered;
    }

    private static IEnumerable<RegionBlock> Jumps(RegionBlock block) => block.Last!.Form.Shape is Table.FormShape.Return or Table.FormShape.CallIndirect ? [] : block.Successors;

    /// <summary>Loads the visiting registers whose value the current instruction may look at, unless they are here already.</summary>
    private void LoadVisitors()
    {
        uint gprs = _instruction.Gprs.Reads & _visitingGprs & ~_at.HeldGprs, vectors = _visitingVectors & ~_at.HeldVectors & _instruction.Vectors.Reads;
        // Legacy forms keep the upper half.
        if (_wide && _instruction.Decoded.Code.ToOpCode().Encoding != EncodingKind.VEX)
            vectors |= _instruction.Vectors.Named & _visitingVectors & ~_at.HeldVectors;
        if ((gprs | vectors) == 0)
            return;
        for (uint rest = gprs; rest != 0; rest &= rest - 1)
        {
            int number = BitOperations.TrailingZeroCount(rest);
            KeepFlagsSource(_gprs[number]!);
            LoadGpr(number);
        }
        for (uint rest = vectors; rest != 0; rest &= rest - 1)
            LoadVector(BitOperations.TrailingZeroCount(rest));
        _at = _at with { HeldGprs = _at.HeldGprs | gprs, HeldVectors = _at.HeldVectors | vectors };
    }

    private bool HasDirtyVisitors => (_at.DirtyGprs & _visitingGprs | _at.DirtyVectors & _visitingVectors) != 0;

    /// <summary>Where ways join: visitors go back to the CpuState.</summary>
    private void DismissVisitors()
    {
        StoreRegisters(_at.DirtyGprs & _visitingGprs, _at.DirtyVectors & _visitingVectors);
        _at = _at with { DirtyGprs = _at.DirtyGprs & ~_visitingGprs, DirtyVectors = _at.DirtyVectors & ~_visitingVectors };
    }

    /// <summary>A general register has a new value in its local.</summary>
    private void Wrote(int number) =>
        _at = _at with { DirtyGprs = _at.DirtyGprs | 1u << number, HeldGprs = _at.HeldGprs | 1u << number };
}
