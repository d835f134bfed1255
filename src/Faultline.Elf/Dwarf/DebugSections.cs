using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Elf.Sections;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Dwarf;

/// <summary>The debug sections of a file, opened when first asked for.</summary>
internal sealed class DebugSections
{
    private readonly ElfFile _file;
    private readonly Dictionary<string, DebugSection?> _opened = [];
    private readonly List<string> _problems = [];

    /// <summary>Sections of <paramref name="file"/>, which must stay open.</summary>
    public DebugSections(ElfFile file)
    {
        _file = file;
    }

    /// <summary>.debug_info.</summary>
    public DebugSection? Info => Open(".debug_info");

    /// <summary>.debug_abbrev.</summary>
    public DebugSection? Abbreviations => Open(".debug_abbrev");

    /// <summary>.debug_line.</summary>
    public DebugSection? Lines => Open(".debug_line");

    /// <summary>.debug_str.</summary>
    public DebugSection? Strings => Open(".debug_str");

    /// <summary>.debug_line_str.</summary>
    public DebugSection? LineStrings => Open(".debug_line_str");

    /// <summary>.debug_str_offsets.</summary>
    public DebugSection? StringOffsets => Open(".debug_str_offsets");

    /// <summary>.debug_addr.</summary>
    public DebugSection? Addresses => Open(".debug_addr");

    /// <summary>.debug_ranges, of DWARF up to version 4.</summary>
    public DebugSection? Ranges => Open(".debug_ranges");

    /// <summary>.debug_rnglists, from DWARF 5 on.</summary>
    public DebugSection? RangeLists => Open(".debug_rnglists");

    /// <summary>What could not be read of the sections asked for so far: "section .debug_info: ...".</summary>
    public IReadOnlyList<string> Problems => _problems;

    private DebugSection? Open(string name)
    {
        if (_opened.TryGetValue(name, out DebugSection? section))
        {
            return section;
        }

        int index = _file.Sections.Find(name);
        if (index >= 0)
        {
            IElfSource? source = SectionContents.Open(_file, index, out string problem);
            if (problem.Length != 0)
            {
                _problems.Add($"section {name}: {problem}");
            }

            if (source is not null && _file.Header.e_type == ElfType.ET_REL)
            {
                source = RelocatedSource.Create(_file, index, source);
            }

            section = source is null ? null : new DebugSection(source);
        }

        _opened.Add(name, section);
        return section;
    }
}
