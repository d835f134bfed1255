using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>One guest instruction of a region, with what the translator works out about it.</summary>
internal sealed class RegionInstruction
{
    /// <summary>As decoded.</summary>
    public Instruction Decoded;

    /// <summary>Its row of the instruction table.</summary>
    public InstructionForm Form;

    /// <summary>Its operands, as the interpreter would have them.</summary>
    public Operation Op;

    /// <summary>Status flags that it reads, or may leave as they were.</summary>
    public FlagSet Reads;

    /// <summary>Status flags that it always gives a new value.</summary>
    public FlagSet Kills;

    /// <summary>Status flags whose value after it matters to someone.</summary>
    public FlagSet NeededAfter;

    /// <summary>Whether control may leave the region at it, before it has had any effect.</summary>
    public bool MayExit;

    /// <summary>The access to its explicit memory operand.</summary>
    public GroupedAccess Operand;

    /// <summary>The access to what it pushes or pops.</summary>
    public GroupedAccess Stack;

    /// <summary>How far RSP may be before it from where it was when it was looked at; null when nobody knows.</summary>
    public StackDrift? Drift;

    /// <summary>Whether its access looks at the page in which it ends, too, because too often it may not be made in the page behind its first: see <see cref="Assumptions.PagePairs"/>.</summary>
    public bool AsksBothPages;

    /// <summary>Kind of the operands of a floating-point operation that is inline, see RegionTranslator.Float.cs; 0 for everything else.</summary>
    public int FloatKind;

    /// <summary>Vector registers that it writes; filled in where the region has such operations.</summary>
    public uint WrittenVectors;

    /// <summary>What later operations would like to know about vector registers.</summary>
    public VectorFacts WantedAfter;

    /// <summary>Address of the next instruction.</summary>
    public ulong Next => Decoded.NextIP;
}
