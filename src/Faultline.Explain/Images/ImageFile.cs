using Faultline.Elf;
using Faultline.Elf.Dwarf;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;

namespace Faultline.Explain.Images;

/// <summary>
/// An ELF image as a source of symbols, lines and structures: a vmlinux, a module, a program. Addresses of relocatable files are those of
/// <see cref="Faultline.Elf.Sections.ObjectLayout"/>. Debug information comes from the file, else from a separate file that its build id or
/// .gnu_debuglink names.
/// </summary>
internal sealed class ImageFile : ISymbolSource, IDisposable
{
    private const int MostPathsToModule = 4096;

    private readonly IElfSource _source;
    private ImageFile? _separate;
    private DebugInfo? _debug;
    private bool _hasLookedForDebug;

    private ImageFile(string name, IElfSource source, ElfFile elf)
    {
        Name = name;
        _source = source;
        Elf = elf;
        ModuleName = IsRelocatable ? FindModuleName() : null;
    }

    /// <summary>The ELF file.</summary>
    public ElfFile Elf { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? ModuleName { get; }

    /// <inheritdoc/>
    public bool IsRelocatable => Elf.Header.e_type == ElfType.ET_REL;

    /// <summary>The file that the debug information came from; null when there is none.</summary>
    public string? DebugFile => Debug is null ? null : _separate?.Name ?? Name;

    /// <summary>Why there is no debug information, or what is missing of it; empty when all is well.</summary>
    public string DebugProblem { get; private set; } = "";

    /// <summary>The debug information, looked for when first asked for.</summary>
    public DebugInfo? Debug
    {
        get
        {
            if (!_hasLookedForDebug)
            {
                _hasLookedForDebug = true;
                FindDebug();
            }
            return _debug;
        }
    }

    /// <summary>Opens an image over a source, which it then owns: closed when the image is, or when there is none.</summary>
    public static ImageFile? Open(string name, IElfSource source, out string problem)
    {
        ElfFile? elf = ElfFile.Open(source, ElfRole.Inspect, out ElfError error);
        if (elf is null)
        {
            problem = $"{name}: {ImageOpener.Explain(source, error)}";
            (source as IDisposable)?.Dispose();
            return null;
        }
        problem = "";
        return new ImageFile(name, source, elf);
    }

    /// <inheritdoc/>
    public ImageSymbol? FindAddress(ulong address)
    {
        ElfSymbolTable symbols = Symbols;
        int index = symbols.FindIndex(address);
        return index < 0 ? null : Describe(symbols, index);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageSymbol> FindName(string name)
    {
        ElfSymbolTable symbols = Symbols;
        return [.. symbols.FindName(name).Select(index => Describe(symbols, index))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceFrame> FindSource(ulong address)
    {
        List<SourcePlace> places = Debug?.FindSource(address) ?? [];
        // Compilers that fold equal functions leave the second one without an entry; its symbol still names it.
        return [.. places.Select(place => new SourceFrame(place.Function ?? FindAddress(address)?.Name, place.File, place.Line, place.IsInlined))];
    }

    /// <inheritdoc/>
    public StructMember? FindMember(string structure, ulong offset) => Debug?.FindMember(structure, offset) is { } place ? Describe(place) : null;

    /// <inheritdoc/>
    public IReadOnlyList<StructMember> FindMembers(ulong address, ulong offset) =>
        Debug is null ? [] : [.. Debug.FindMembers(address, offset).Select(Describe)];

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> destination)
    {
        if (!TryGetFileOffset(address, out ulong offset, out ulong available))
            return 0;
        int count = (int)Math.Min((ulong)destination.Length, available);
        return Math.Max(0, _source.Read((long)offset, destination[..count]));
    }

    /// <summary>Where in the file the byte at an address is, and how many of its section follow; false where the file has none.</summary>
    public bool TryGetFileOffset(ulong address, out ulong offset, out ulong available)
    {
        ReadOnlySpan<SectionHeader> sections = Elf.Sections.Headers;
        for (int i = 1; i < sections.Length; i++)
        {
            ref readonly SectionHeader section = ref sections[i];
            ulong delta = address - Elf.SectionLayout.AddressOf(i);
            if ((section.sh_flags & SectionFlags.SHF_ALLOC) == 0 || (section.sh_flags & SectionFlags.SHF_TLS) != 0 || delta >= section.sh_size)
                continue;
            ulong length = (ulong)Math.Max(0, _source.Length);
            offset = section.sh_offset + delta;
            bool isThere = section.sh_type != SectionType.SHT_NOBITS && offset >= delta && offset < length;
            available = isThere ? Math.Min(section.sh_size - delta, length - offset) : 0;
            return isThere;
        }
        if (sections.Length > 1)
        {
            offset = available = 0;
            return false;
        }
        return Elf.TryGetFileOffset(address, out offset, out available) && offset < (ulong)Math.Max(0, _source.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _separate?.Dispose();
        (_source as IDisposable)?.Dispose();
    }

    /// <summary>The richer of two tables: a stripped image's separate debug file has the one of before.</summary>
    private ElfSymbolTable Symbols
    {
        get
        {
            if (Elf.Sections.Find(SectionType.SHT_SYMTAB) >= 0 || Debug is null || _separate is null)
                return Elf.Symbols;
            return _separate.Elf.Symbols;
        }
    }

    private static StructMember Describe(MemberPlace place) =>
        new(place.Structure, place.Path, place.Type, place.Offset, place.Size, place.Variable);

    private ImageSymbol Describe(ElfSymbolTable symbols, int index)
    {
        ElfSymbol symbol = symbols[index];
        return new ImageSymbol
        {
            Name = symbol.Name,
            Address = symbol.Address,
            Size = symbol.Size,
            Extent = symbols.ExtentOf(index),
            IsFunction = symbol.Type is SymbolType.STT_FUNC or SymbolType.STT_GNU_IFUNC,
            Section = Elf.Sections.NameOf(symbols.SectionOf(index)),
        };
    }

    private void FindDebug()
    {
        _debug = DebugInfo.Open(Elf, out string problem);
        DebugProblem = problem;
        if (_debug is not null)
            return;
        _separate = SeparateDebugFile.Find(this);
        _debug = _separate?.Elf is { } elf ? DebugInfo.Open(elf, out problem) : null;
        if (_debug is null && DebugProblem.Length == 0)
            DebugProblem = problem.Length != 0 ? problem : "the file has no debug information, and no separate debug file was found";
    }

    /// <summary>The name= of .modinfo, else the file's name, if it is a module's.</summary>
    private string? FindModuleName()
    {
        int index = Elf.Sections.Find(".modinfo");
        if (index >= 0)
        {
            ref readonly SectionHeader section = ref Elf.Sections.Headers[index];
            ulong offset = section.sh_offset;
            ulong left = section.sh_type == SectionType.SHT_NOBITS ? 0 : section.sh_size;
            for (int i = 0; i < MostPathsToModule && left > 0 && _source.ReadString(offset, left) is { } field; i++)
            {
                if (field.StartsWith("name=", StringComparison.Ordinal))
                    return field[5..];
                ulong used = Math.Min(left, (ulong)System.Text.Encoding.UTF8.GetByteCount(field) + 1);
                offset += used;
                left -= used;
            }
        }
        string file = Path.GetFileName(Name);
        int end = file.IndexOf(".ko", StringComparison.Ordinal);
        return end > 0 ? file[..end].Replace('-', '_') : null;
    }
}
