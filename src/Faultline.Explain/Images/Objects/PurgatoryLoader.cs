using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;

namespace Faultline.Explain.Images.Objects;

/// <summary>
/// Loads a relocatable purgatory as Linux does for kexec_file_load(2): kexec_load_purgatory and kexec_purgatory_find_symbol in kernel/kexec_file.c,
/// arch_kexec_apply_relocations_add in arch/x86/kernel/machine_kexec_64.c, and what bzImage64_load asks of it. Where the kernel stops at the first
/// error, this goes on and lists all.
/// </summary>
internal sealed class PurgatoryLoader
{
    /// <summary>Faults that are kept; all are counted in the messages' order, and a purgatory has a few hundred relocations.</summary>
    public const int MostFaults = 4096;

    private const ulong PageSize = 4096;

    /// <summary>The end of RAM of a PC with 16 GiB, 1 GiB of which make room for devices below 4 GiB. The kernel places the purgatory from the top down.</summary>
    private const ulong TopOfRam = 0x4_4000_0000;

    /// <summary>More than any purgatory takes (about 20 KiB); asking for more is a damaged file.</summary>
    private const ulong LargestPurgatory = 1 << 28;

    private const int MostRelocations = 1 << 20;

    /// <summary>What x86's bzImage loader and the digest code set or look up by name, with the sizes of what they store (include/linux/kexec.h, asm/kexec.h).</summary>
    private static readonly (string Name, ulong? Size)[] _wanted =
    [
        ("entry64_regs", 17 * 8), ("stack_end", null), ("purgatory_sha_regions", 16 * 16), ("purgatory_sha256_digest", 32),
    ];

    private readonly ElfFile _file;
    private readonly List<string> _messages = [];
    private readonly List<CheckedRelocation> _faults = [];
    private readonly SortedDictionary<RelocationType, int> _types = [];
    private int _relocations;
    private bool _hasMore;
    private string? _error;
    private long _highest = long.MaxValue;

    private PurgatoryLoader(ElfFile file)
    {
        _file = file;
    }

    /// <summary>Loads a file.</summary>
    /// <param name="image">The file.</param>
    /// <param name="at">The address, rounded down to the alignment; null for where a PC with 16 GiB has it.</param>
    /// <param name="problem">Why the file is no purgatory at all.</param>
    /// <returns>What comes of it, or null with <paramref name="problem"/> set.</returns>
    public static PurgatoryLoad? Load(ImageFile image, ulong? at, out string problem)
    {
        ElfFile file = image.Elf;
        problem = file.Header.e_type != ElfType.ET_REL
            ? $"{image.Name}: not a relocatable object (ET_REL): a purgatory is linked with ld -r"
            : file.Sections.Error.Code != ElfErrorCode.None ? $"{image.Name}: {file.Sections.Error.Message}" : "";
        return problem.Length != 0 ? null : new PurgatoryLoader(file).Load(image.Name, at, out problem);
    }

    private PurgatoryLoad? Load(string name, ulong? at, out string problem)
    {
        (ulong bufferSize, ulong memorySize, ulong alignment) = Measure();
        ReadOnlySpan<SectionHeader> headers = _file.Sections.Headers;
        if (memorySize is 0 or > LargestPurgatory || alignment > LargestPurgatory)
        {
            problem = memorySize == 0
                ? $"{name}: no section of it is loaded"
                : $"{name}: its sections ask for {memorySize} bytes at a multiple of {alignment}; a purgatory has some 20,000";
            return null;
        }
        problem = "";
        memorySize = Align(memorySize, PageSize);
        alignment = Math.Max(alignment, PageSize);
        ulong address = AlignDown(at ?? TopOfRam - memorySize, alignment);

        ulong[] addresses = new ulong[headers.Length];
        List<PlacedSection> placed = [];
        List<PlacedSection> candidates = [];
        PlacedSection? entry = null;
        ulong entryOffset = _file.Header.e_entry;
        ulong start = entryOffset;
        ulong offset = 0;
        ulong bss = address + bufferSize;
        for (int i = 0; i < headers.Length; i++)
        {
            ref readonly SectionHeader header = ref headers[i];
            addresses[i] = header.sh_addr;
            if ((header.sh_flags & SectionFlags.SHF_ALLOC) == 0)
                continue;
            string sectionName = _file.Sections.NameOf(i) ?? $"section {i}";
            if (header.sh_type == SectionType.SHT_NOBITS)
            {
                addresses[i] = bss = Align(bss, header.sh_addralign);
                bss += header.sh_size;
                placed.Add(new PlacedSection(i, sectionName, addresses[i], header.sh_size, header.sh_flags));
                continue;
            }
            offset = Align(offset, header.sh_addralign);
            addresses[i] = address + offset;
            PlacedSection section = new(i, sectionName, addresses[i], header.sh_size, header.sh_flags);
            placed.Add(section);
            // The test is on the file's own sh_addr, 0 in a relocatable object, so it compares an offset with every executable section's size.
            if ((header.sh_flags & SectionFlags.SHF_EXECINSTR) != 0 && entryOffset >= header.sh_addr && entryOffset - header.sh_addr < header.sh_size)
            {
                candidates.Add(section);
                if (start == entryOffset)
                {
                    start = start - header.sh_addr + address + offset;
                    entry ??= section;
                }
            }
            if (!_file.Source.Contains(header.sh_offset, header.sh_size))
                _error ??= Say($"section {sectionName} reaches past the end of the file, where the kernel would read what follows in its own memory");
            offset += header.sh_size;
        }

        Relocate(addresses, address, placed);
        string? relocationError = _error;
        List<string> symbols = CheckSymbols(addresses);
        return new PurgatoryLoad
        {
            File = name,
            Address = address,
            Size = memorySize,
            Alignment = alignment,
            Sections = placed,
            Start = start,
            EntrySection = entry,
            EntryCandidates = candidates,
            EntrySymbol = FindEntrySymbol(addresses),
            EntryOffset = entryOffset,
            RelocationCount = _relocations,
            RelocationTypes = [.. _types.Select(pair => (CheckedRelocation.NameOf(pair.Key), pair.Value))],
            Faults = _faults,
            HasMoreFaults = _hasMore,
            KernelMessages = _messages,
            SymbolProblems = symbols,
            HighestAddress = _highest is < 0 or long.MaxValue ? null : AlignDown((ulong)_highest, alignment),
            CodeModel = CodeModelReader.Read(_file),
            KernelError = relocationError is not null ? "ENOEXEC" : symbols.Count != 0 ? "EINVAL" : null,
        };
    }

    /// <summary>ALIGN of include/linux/align.h, which gives 0 for an alignment of 0.</summary>
    private static ulong Align(ulong value, ulong alignment) => (value + (alignment - 1)) & ~(alignment - 1);

    private static ulong AlignDown(ulong value, ulong alignment) => value / alignment * alignment;

    /// <summary>kexec_purgatory_setup_kbuf: bytes of contents, bytes of memory, alignment.</summary>
    private (ulong Buffer, ulong Memory, ulong Alignment) Measure()
    {
        ulong buffer = 0, bss = 0, alignment = 1, bssAlignment = 1;
        foreach (ref readonly SectionHeader header in _file.Sections.Headers)
        {
            if ((header.sh_flags & SectionFlags.SHF_ALLOC) == 0)
                continue;
            if (header.sh_type != SectionType.SHT_NOBITS)
            {
                alignment = Math.Max(alignment, header.sh_addralign);
                buffer = Align(buffer, header.sh_addralign) + header.sh_size;
            }
            else
            {
                bssAlignment = Math.Max(bssAlignment, header.sh_addralign);
                bss = Align(bss, header.sh_addralign) + header.sh_size;
            }
            if (header.sh_size > LargestPurgatory || buffer > LargestPurgatory || bss > LargestPurgatory)
                return (buffer, ulong.MaxValue, alignment);
        }
        buffer = Align(buffer, bssAlignment);
        return (buffer, buffer + bss, Math.Max(alignment, bssAlignment));
    }

    private void Relocate(ulong[] addresses, ulong address, List<PlacedSection> placed)
    {
        RelocationChecker checker = new(_file, addresses, LoaderRules.Kexec);
        ReadOnlySpan<SectionHeader> headers = _file.Sections.Headers;
        HashSet<int> loaded = [.. placed.Select(section => section.Index)];
        for (int i = 0; i < headers.Length; i++)
        {
            SectionHeader header = headers[i];
            if (header.sh_type is not (SectionType.SHT_RELA or SectionType.SHT_REL))
                continue;
            if (header.sh_info >= headers.Length || header.sh_link >= headers.Length)
            {
                _error ??= Say($"relocation table {_file.Sections.NameOf(i)} names sections that do not exist");
                continue;
            }
            if (!loaded.Contains((int)header.sh_info))
                continue;
            if (header.sh_type == SectionType.SHT_REL)
            {
                _error ??= Say("kexec_file: REL relocation unsupported.");
                continue;
            }
            foreach (CheckedRelocation relocation in checker.Check(i))
            {
                if (_relocations++ == MostRelocations)
                {
                    _hasMore = true;
                    return;
                }
                Take(relocation, address);
            }
        }
    }

    private void Take(in CheckedRelocation relocation, ulong address)
    {
        _types[relocation.Type] = _types.GetValueOrDefault(relocation.Type) + 1;
        if (relocation.Type is RelocationType.R_X86_64_32 or RelocationType.R_X86_64_32S
            && relocation is { Verdict: RelocationVerdict.Fits or RelocationVerdict.Overflows, Detail: not RawSymbol.SHN_ABS })
        {
            // The value moves with the purgatory: how far may it?
            long limit = relocation.Type == RelocationType.R_X86_64_32 ? uint.MaxValue : int.MaxValue;
            _highest = Math.Min(_highest, limit - (long)(relocation.Value - address));
        }
        if (relocation.Verdict == RelocationVerdict.Fits)
            return;
        if (_faults.Count < MostFaults)
            _faults.Add(relocation);
        else
            _hasMore = true;
        // A cut value is stored without a message.
        if (relocation.Verdict != RelocationVerdict.IsCut && _error is null)
            _error = Say(KernelMessage(relocation));
    }

    /// <summary>A fault in the kernel's words, with the prefix of the file that prints it.</summary>
    public static string KernelMessage(in CheckedRelocation relocation) => relocation.Verdict switch
    {
        RelocationVerdict.Overflows => $"kexec: Overflow in relocation type {(uint)relocation.Type} value 0x{relocation.Value:x}",
        RelocationVerdict.IsUndefined => $"kexec: Undefined symbol: {relocation.Symbol}",
        RelocationVerdict.IsCommon => $"kexec: symbol '{relocation.Symbol}' in common section",
        RelocationVerdict.IsUnknown => $"kexec: Unknown rela relocation: {(uint)relocation.Type}",
        RelocationVerdict.IsMalformed => $"kexec: Invalid section {relocation.Detail} for symbol {relocation.Symbol}",
        _ => "",
    };

    private string Say(string message)
    {
        _messages.Add(message);
        return message;
    }

    private (string Name, ulong Address)? FindEntrySymbol(ulong[] addresses)
    {
        (string Name, ulong Address)? found = null;
        foreach (RawSymbol symbol in GlobalSymbols())
        {
            bool isCode = symbol.IsInSection && symbol.Section < addresses.Length
                && (_file.Sections.Headers[(int)symbol.Section].sh_flags & SectionFlags.SHF_EXECINSTR) != 0;
            if (!isCode || symbol.Value != _file.Header.e_entry)
                continue;
            // The entry point's name is purgatory_start by convention; another at the same offset may be of another section.
            if (found is null || symbol.Name == "purgatory_start")
                found = (symbol.Name, addresses[symbol.Section] + symbol.Value);
        }
        return found;
    }

    private List<string> CheckSymbols(ulong[] addresses)
    {
        List<string> problems = [];
        foreach ((string name, ulong? size) in _wanted)
        {
            RawSymbol? found = null;
            foreach (RawSymbol symbol in GlobalSymbols())
            {
                if (symbol.Name == name)
                {
                    found = symbol;
                    break;
                }
            }
            if (found is not { } there || !there.IsInSection || there.Section >= addresses.Length)
                problems.Add(name == "stack_end" ? "Could not find address of symbol stack_end" : $"symbol {name} is not defined (the kernel returns EINVAL and prints nothing)");
            else if (size is { } expected && there.Size != expected)
                problems.Add($"symbol {name} size mismatch: expected {there.Size} actual {expected}");
            else if (size is not null && _file.Sections.Headers[(int)there.Section].sh_type == SectionType.SHT_NOBITS)
                problems.Add($"symbol {name} is in a bss section. Cannot {(name == "entry64_regs" ? "get" : "set")}");
        }
        return problems;
    }

    private IEnumerable<RawSymbol> GlobalSymbols()
    {
        int index = _file.Sections.Find(SectionType.SHT_SYMTAB);
        if (index < 0 || RawSymbolTable.Read(_file, (uint)index) is not { } table)
            yield break;
        for (uint i = 1; i < Math.Min(table.Count, MostRelocations); i++)
        {
            if (table.TryGet(i, out RawSymbol symbol) && symbol.Binding == SymbolBinding.STB_GLOBAL)
                yield return symbol;
        }
    }
}
