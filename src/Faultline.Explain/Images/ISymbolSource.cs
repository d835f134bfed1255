namespace Faultline.Explain.Images;

/// <summary>
/// Something that knows where symbols are: an ELF image, or a System.map. All addresses are link-time addresses. No member
/// throws for what is in the file; what a source does not have it answers with null or an empty list.
/// </summary>
internal interface ISymbolSource
{
    /// <summary>The file, as the user named it.</summary>
    string Name { get; }

    /// <summary>The module's name as reports print it (<c>-</c> replaced by <c>_</c>); null for a kernel or a user program.</summary>
    string? ModuleName { get; }

    /// <summary>
    /// Whether the file is not linked yet (an object, a module): its addresses are then made up, each section at a range of its own, and mean something
    /// only to this source. What a report prints for a module is found by name and offset.
    /// </summary>
    bool IsRelocatable { get; }

    /// <summary>The symbol that covers an address, functions before other symbols.</summary>
    ImageSymbol? FindAddress(ulong address);

    /// <summary>Every symbol of exactly this name: static functions may have several.</summary>
    IReadOnlyList<ImageSymbol> FindName(string name);

    /// <summary>
    /// The source of the instruction at an address: the innermost inlined function first, the function that has the code
    /// last. Empty without line tables.
    /// </summary>
    IReadOnlyList<SourceFrame> FindSource(ulong address);

    /// <summary>The member of a structure at a byte offset, by the structure's name without <c>struct</c>.</summary>
    StructMember? FindMember(string structure, ulong offset);

    /// <summary>
    /// Members at a byte offset in the structures that parameters and variables of the function at an address point to: which
    /// member a small offset from NULL may have been.
    /// </summary>
    IReadOnlyList<StructMember> FindMembers(ulong address, ulong offset);

    /// <summary>Copies bytes of the image.</summary>
    /// <returns>How many bytes the image has from that address on, up to the length asked for; 0 when it has none there.</returns>
    int Read(ulong address, Span<byte> destination);
}
