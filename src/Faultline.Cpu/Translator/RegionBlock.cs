using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>A basic block of a region.</summary>
internal sealed class RegionBlock
{
    /// <summary>Guest address of the first instruction.</summary>
    public required ulong Start { get; init; }

    /// <summary>The instructions; only the last may be a branch.</summary>
    public List<RegionInstruction> Instructions { get; } = [];

    /// <summary>Where control goes when the last instruction does not branch away; null outside the region, or when it always does.</summary>
    public RegionBlock? Next { get; set; }

    /// <summary>The target of a direct branch or call, when it is in the region.</summary>
    public RegionBlock? Taken { get; set; }

    /// <summary>Known targets of an indirect branch or a return that are in the region.</summary>
    public RegionBlock[] Indirect { get; set; } = [];

    /// <summary>Of a return, those of the known targets that a call of what it ends goes on at: where it is likely to go.</summary>
    public RegionBlock[] Callers { get; set; } = [];

    /// <summary>Number of edges that lead here, from inside and from the region's entry.</summary>
    public int Predecessors { get; set; }

    /// <summary>Whether the region can be entered here.</summary>
    public bool IsEntry { get; set; }

    /// <summary>Whether computed jumps and calls come here that did not when they were interpreted: another one of the region did, or control was seen to come here from the region.</summary>
    public bool IsComputed { get; set; }

    /// <summary>Position in the order of emission.</summary>
    public int Order { get; set; } = -1;

    /// <summary>Status flags whose value at the start matters.</summary>
    public FlagSet NeededBefore { get; set; }

    /// <summary>The x87 stack at its start; null when the region does not have its registers in locals.</summary>
    public X87State? X87Before { get; set; }

    /// <summary>What is known about vector registers at its start.</summary>
    public VectorFacts FactsBefore { get; set; }

    /// <summary>Whether control comes back to it from code that is emitted later.</summary>
    public bool IsLoopHead { get; set; }

    /// <summary>Whether RSP is looked at at its start, because it may be far from where it was when that was done last.</summary>
    public bool LooksAtStack { get; set; }

    /// <summary>Whether RSP is looked at on the way here from returns that this is not a likely target of.</summary>
    public bool LooksOnArrival { get; set; }

    /// <summary>The flags at its start, when it is the head of a loop and its code is emitted.</summary>
    public HeldFlags? Held { get; set; }

    /// <summary>Where its code is.</summary>
    public Label Label { get; set; }

    /// <summary>What is known at its start when its only predecessor has been emitted; null at a join, where everything is in its canonical place.</summary>
    public TranslationState? Inherited { get; set; }

    /// <summary>The last instruction, or null in an empty block.</summary>
    public RegionInstruction? Last => Instructions.Count > 0 ? Instructions[^1] : null;

    /// <summary>Whether it takes over what is known at the end of another block, which alone leads here.</summary>
    public bool Inherits(RegionBlock from) => Predecessors == 1 && !IsEntry && Order > from.Order;

    /// <summary>Every block of the region that control may go to from here.</summary>
    public IEnumerable<RegionBlock> Successors
    {
        get
        {
            if (Next is not null)
                yield return Next;
            if (Taken is not null)
                yield return Taken;
            foreach (RegionBlock block in Indirect)
                yield return block;
        }
    }
}
