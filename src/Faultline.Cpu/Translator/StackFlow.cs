using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Finds where in a region RSP is within known distances of where it was when somebody looked whether the pages around it allow loads and stores: at the region's entry, and at the start of those
/// blocks that could otherwise be reached with any RSP.
/// </summary>
internal sealed class StackFlow
{
    /// <summary>Bytes around RSP, as it was looked at, within which accesses go unchecked.</summary>
    public const int Reach = 2048;

    /// <summary>Bytes that RSP may be away from there at the start of a block.</summary>
    private const int MaxDrift = 1024;

    /// <summary>Times that a block is gone through; a loop that moves RSP in each turn would otherwise go on up to the limit above.</summary>
    private const int MaxVisits = 8;

    private const int StackPointer = 4;

    /// <summary>Where somebody has just looked.</summary>
    private static readonly StackDrift s_none = new(0, 0);

    private readonly InstructionInfoFactory _information = new();
    private readonly Dictionary<RegionBlock, Passage> _passages = [];
    private readonly Queue<Passage> _open = new();
    private int _below;
    private int _above;

    /// <summary>
    /// Sets <see cref="RegionInstruction.Drift"/>, <see cref="RegionBlock.LooksAtStack"/> and <see cref="RegionBlock.LooksOnArrival"/> throughout a region, given its control flow.
    /// </summary>
    /// <returns>How far below and above RSP, as it was looked at, accesses go, in bytes; both 0 when no access gains by it: then nobody looks.</returns>
    public static (int Below, int Above) Find(IReadOnlyList<RegionBlock> blocks)
    {
        StackFlow flow = new();
        flow.Follow(blocks);
        foreach (Passage passage in flow._passages.Values)
            passage.SetDrifts(flow);
        if (flow._below + flow._above == 0)
        {
            foreach (RegionBlock block in blocks)
                block.LooksAtStack = block.LooksOnArrival = false;
        }
        return (flow._below, flow._above);
    }

    /// <summary>How far an explicit memory operand is from RSP; null when it follows from something else.</summary>
    public static long? DistanceOf(RegionInstruction instruction)
    {
        ref Operation op = ref instruction.Op;
        // The address of POP's operand is that after the increment.
        return op.Base == StackPointer * 8 && op.Index == CpuState.ZeroOffset && op.Segment == CpuState.ZeroOffset && (op.Flags & OperationFlags.Address32) == 0
            && instruction.Form.Shape != FormShape.Pop ? (long)op.Displacement : null;
    }

    private void Follow(IReadOnlyList<RegionBlock> blocks)
    {
        List<RegionBlock> computed = [];
        foreach (RegionBlock block in blocks)
        {
            if (block.IsComputed)
                computed.Add(block);
            // Where a computed jump goes to none that it is known to go to, RSP is looked at before the others are searched.
            if (block.IsEntry || block.IsComputed)
                Open(PassageOf(block), s_none);
        }
        while (_open.TryDequeue(out Passage? passage))
        {
            passage.IsOpen = false;
            RegionBlock block = passage.Block;
            StackDrift? after = passage.After;
            if (block.Last is { Form.Shape: FormShape.Return })
            {
                ArriveByReturn(block, after);
                continue;
            }
            foreach (RegionBlock successor in block.Successors)
                Arrive(successor, after);
            if (RegionTranslator.MayFindComputed(block))
            {
                foreach (RegionBlock any in computed)
                    Arrive(any, after);
            }
        }
    }

    /// <summary>A return goes to the sites of the calls that it is likely to end as any branch. Where there are many others, RSP is looked at on the way to them.</summary>
    private void ArriveByReturn(RegionBlock block, StackDrift? after)
    {
        bool byTable = block.Indirect.Length > RegionTranslator.MaxCompared;
        foreach (RegionBlock site in block.Indirect)
        {
            // Nobody else comes to a site that only one return leads to.
            if (!byTable || site.Predecessors == 1 || (RegionTranslator.ComparesCallers(block) && block.Callers.Contains(site)))
            {
                Arrive(site, after);
                continue;
            }
            site.LooksOnArrival = true;
            Arrive(site, s_none);
        }
    }

    private Passage PassageOf(RegionBlock block)
    {
        if (!_passages.TryGetValue(block, out Passage? passage))
            _passages.Add(block, passage = new Passage(block, [.. block.Instructions.Select(StepOf)]));
        return passage;
    }

    private void Open(Passage passage, StackDrift before)
    {
        passage.Before = before;
        passage.Visits++;
        if (passage.IsOpen)
            return;
        passage.IsOpen = true;
        _open.Enqueue(passage);
    }

    /// <summary>Control goes to a block with RSP so far away, or anywhere.</summary>
    private void Arrive(RegionBlock block, StackDrift? drift)
    {
        if (block.LooksAtStack)
            return;
        Passage passage = PassageOf(block);
        StackDrift? joined = passage.Before is { } before ? drift?.Or(before) : drift;
        if (joined is not { } both || both.Low < -MaxDrift || both.High > MaxDrift || passage.Visits > MaxVisits)
        {
            block.LooksAtStack = true;
            Open(passage, s_none);
        }
        else if (both != passage.Before)
        {
            Open(passage, both);
        }
    }

    /// <summary>What an instruction adds to RSP; null when that is not a constant.</summary>
    private long? StepOf(RegionInstruction instruction)
    {
        ref Operation op = ref instruction.Op;
        Instruction decoded = instruction.Decoded;
        if (!decoded.IsStackInstruction && !NamesStackPointer(decoded))
            return 0;
        bool isTop = decoded.OpCount > 0 && IsStackPointer(decoded, 0);
        switch (instruction.Form.Shape)
        {
            case FormShape.Push or FormShape.Call or FormShape.CallIndirect or FormShape.Return:
            case FormShape.Pop when !isTop:
                return decoded.StackPointerIncrement;
            case FormShape.Lea when isTop && instruction.Form.Width == 8 && op.Base >> 3 == StackPointer && op.Index == CpuState.ZeroOffset && (op.Flags & OperationFlags.Address32) == 0:
                return (long)op.Displacement;
            case FormShape.Rmw when isTop && instruction.Form.Width == 8 && decoded.Mnemonic is Mnemonic.Add or Mnemonic.Sub && decoded.Op1Kind is not (OpKind.Register or OpKind.Memory):
                return decoded.Mnemonic == Mnemonic.Add ? (long)op.Immediate : -(long)op.Immediate;
        }
        foreach (UsedRegister used in _information.GetInfo(decoded).GetUsedRegisters())
        {
            if (used.Register.IsGPR() && used.Register.GetFullRegister() == Register.RSP && used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite)
                return null;
        }
        return 0;
    }

    private static bool NamesStackPointer(in Instruction decoded)
    {
        for (int i = 0; i < decoded.OpCount; i++)
        {
            if (IsStackPointer(decoded, i))
                return true;
        }
        return false;
    }

    /// <summary>Whether an operand is RSP or a part of it.</summary>
    private static bool IsStackPointer(in Instruction decoded, int operand) =>
        decoded.GetOpKind(operand) == OpKind.Register && decoded.GetOpRegister(operand) is var register && register.IsGPR() && register.GetFullRegister() == Register.RSP;

    /// <summary>What is known of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="steps">What each of its instructions adds to RSP; null when that is not a constant.</param>
    private sealed class Passage(RegionBlock block, long?[] steps)
    {
        private readonly long? _sum = steps.Contains(null) ? null : steps.Sum();

        /// <summary>The block.</summary>
        public RegionBlock Block => block;

        /// <summary>How far RSP may be at its start; null when nobody is known to come here.</summary>
        public StackDrift? Before { get; set; }

        /// <summary>How far it may be at its end.</summary>
        public StackDrift? After => _sum is { } sum ? Before?.By(sum) : null;

        /// <summary>How often that has changed.</summary>
        public int Visits { get; set; }

        /// <summary>Whether it waits to be gone through.</summary>
        public bool IsOpen { get; set; }

        /// <summary>Tells its instructions, and the flow how far they go.</summary>
        public void SetDrifts(StackFlow flow)
        {
            StackDrift? drift = Before;
            for (int i = 0; i < steps.Length; i++)
            {
                block.Instructions[i].Drift = drift;
                if (drift is { } known)
                    flow.Reaches(block.Instructions[i], known);
                drift = steps[i] is { } step ? drift?.By(step) : null;
            }
        }
    }

    /// <summary>Widens what is looked at by the accesses of an instruction.</summary>
    private void Reaches(RegionInstruction instruction, StackDrift drift)
    {
        switch (instruction.Form.Shape)
        {
            case FormShape.Push or FormShape.Call or FormShape.CallIndirect:
                Reaches(drift, -8, 8);
                break;
            case FormShape.Pop or FormShape.Return:
                Reaches(drift, 0, 8);
                break;
        }
        if ((instruction.Op.Flags & RegionTranslator.AnyMemory) != 0 && instruction.Form.Shape is not (FormShape.Lea or FormShape.Nop) && DistanceOf(instruction) is { } distance)
            Reaches(drift, distance, instruction.Decoded.MemorySize.GetSize());
    }

    private void Reaches(StackDrift drift, long distance, int size)
    {
        long low = drift.Low + distance, high = drift.High + distance + size;
        if (size == 0 || distance is < -Reach or > Reach || low < -Reach || high > Reach)
            return;
        _below = Math.Max(_below, (int)-low);
        _above = Math.Max(_above, (int)high);
    }
}
