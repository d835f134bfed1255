namespace Faultline.Cpu.Translator;

/// <summary>
/// What is known about the x87 stack at one point of a region that keeps its registers in locals. Registers are counted in slots: slot k is the physical register k behind
/// the region's base, which is fixed when the region is entered. Immutable: exits that branch off keep the one of their point.
/// </summary>
/// <param name="Top">The slot of ST(0).</param>
/// <param name="Known">Slots of which it is known whether they are in use, a bit each. Those in use hold normal numbers or zeros.</param>
/// <param name="Full">Those of them that are.</param>
internal sealed record X87State(int Top, byte Known, byte Full)
{
    /// <summary>Whether C1 is clear; otherwise the region's local has it.</summary>
    public bool C1Clear { get; init; }

    /// <summary>Address of the last x87 instruction; 0 when the CpuState has it.</summary>
    public ulong LastRip { get; init; }

    /// <summary>Whether RC is not known: between two FLDCW, in a block.</summary>
    public bool AnyRounding { get; init; }

    /// <summary>TOP, tags and which of these are known in one number, for the region's edges.</summary>
    public int Packed => Top | Full << 8 | Known << 16;

    /// <summary>The slot of ST(i).</summary>
    public int Slot(int index) => Top + index & 7;

    /// <summary>Turns a mask of ST(0) to ST(7) into one of slots.</summary>
    public byte Slots(byte registers) => (byte)(registers * 0x101 << Top >> 8);

    /// <summary>Whether an instruction is known to find a register empty that it reads, or in use where it pushes.</summary>
    public bool Contradicts(X87Effect effect) => (((Slots(effect.Reads) & ~Full) | (Slots(effect.Pushes) & Full)) & Known) != 0;

    /// <summary>The stack after an instruction.</summary>
    public X87State After(X87Effect effect)
    {
        int known = Known | Slots((byte)(effect.Reads | effect.Pushes | effect.Fills | effect.Frees));
        int full = (Full | Slots((byte)(effect.Reads | effect.Pushes | effect.Fills))) & ~Slots(effect.Frees);
        return this with { Top = Slot(effect.Turn), Known = (byte)known, Full = (byte)full };
    }
}
