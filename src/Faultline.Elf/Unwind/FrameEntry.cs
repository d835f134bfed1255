namespace Faultline.Elf.Unwind;

/// <summary>A frame description entry (FDE): the unwind program of one range of code. Addresses are those of the table's memory.</summary>
internal struct FrameEntry
{
    /// <summary>The CIE.</summary>
    public CommonEntry Common;

    /// <summary>First address of the code.</summary>
    public ulong Start;

    /// <summary>Bytes of code.</summary>
    public ulong Size;

    /// <summary>Address of the instructions.</summary>
    public ulong Instructions;

    /// <summary>End of the instructions.</summary>
    public ulong InstructionsEnd;

    /// <summary>Whether the entry is for an address.</summary>
    public readonly bool Covers(ulong address) => address - Start < Size;
}
