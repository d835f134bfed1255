namespace Faultline.Elf.Unwind;

/// <summary>A common information entry (CIE): what the FDEs that point to it share.</summary>
internal struct CommonEntry
{
    /// <summary>Address of the entry's length field.</summary>
    public ulong Address;

    /// <summary>Factor of advances.</summary>
    public ulong CodeAlignment;

    /// <summary>Factor of offsets.</summary>
    public long DataAlignment;

    /// <summary>The column that holds the return address, below <see cref="RegisterSet.Count"/>.</summary>
    public byte ReturnColumn;

    /// <summary>Encoding of the addresses in FDEs ('R').</summary>
    public byte PointerEncoding;

    /// <summary>Encoding of the language-specific data pointer in FDEs ('L').</summary>
    public byte LsdaEncoding;

    /// <summary>Whether FDEs carry augmentation data ('z').</summary>
    public bool HasAugmentationData;

    /// <summary>Whether the frame was made by a signal ('S'): the caller was interrupted, not calling.</summary>
    public bool IsSignalFrame;

    /// <summary>Address of the initial instructions.</summary>
    public ulong Instructions;

    /// <summary>End of the initial instructions.</summary>
    public ulong InstructionsEnd;
}
