using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Notes;
using Faultline.Elf.Sections;
using Faultline.Elf.Symbols;

namespace Faultline.Elf;

/// <summary>The parts that loading does not need, read when first asked for and kept.</summary>
internal sealed partial class ElfFile
{
    private ElfSectionTable? _sections;
    private ElfDynamicSection? _dynamic;
    private ElfNotes? _notes;
    private ElfSymbolTable? _symbols;
    private ObjectLayout? _layout;

    /// <summary>The section headers.</summary>
    public ElfSectionTable Sections => _sections ??= ElfSectionTable.Read(Source, Header);

    /// <summary>The dynamic section; empty for static programs.</summary>
    public ElfDynamicSection Dynamic => _dynamic ??= ElfDynamicSection.Read(this);

    /// <summary>Addresses of sections: their own, or in a relocatable object the ones that we give them.</summary>
    public ObjectLayout SectionLayout => _layout ??= ObjectLayout.Create(this);

    /// <summary>The notes.</summary>
    public ElfNotes Notes => _notes ??= ElfNotes.Read(this);

    /// <summary>Symbols by address. Reading them takes time and memory in proportion to their number; a report wants them, a start does not.</summary>
    public ElfSymbolTable Symbols => _symbols ??= ElfSymbolTable.Read(this);
}
