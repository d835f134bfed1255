using System.Buffers.Binary;
using System.Numerics;
using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Elf.Symbols;
using Faultline.Explain.Images.Objects;

namespace Faultline.Explain.Images.Layout;

/// <summary>
/// Looks at every function's address, at the bytes before it and at its first bytes. What the kernel needs there: FineIBT writes 16 bytes before the
/// function (arch/x86/kernel/alternative.c, cfi_rewrite_preamble), call depth tracking and other thunks use the same 16 bytes of padding
/// (CONFIG_FUNCTION_PADDING_BYTES), both count on functions being aligned to 16, and ftrace patches the five bytes at the entry that __mcount_loc lists.
/// </summary>
internal sealed class LayoutReader
{
    /// <summary>Bytes before a function that boot-time patching uses.</summary>
    public const int PreambleSize = 16;

    private const int HashSize = 5;
    private const int EntrySize = 8;
    private const int MostBadSites = 64;
    private const int MostSites = 1 << 20;
    private static readonly byte[] _endbr64 = [0xf3, 0x0f, 0x1e, 0xfa];

    private readonly ImageFile _image;
    private readonly ElfSymbolTable _symbols;
    private readonly SectionWindow _window;
    private readonly List<FunctionLayout> _functions = [];
    private readonly SortedDictionary<int, int[]> _histograms = [];
    private readonly HashSet<ulong> _entries = [];
    private int _cfiSymbols;
    private int _prefixSymbols;

    private LayoutReader(ImageFile image)
    {
        _image = image;
        _symbols = image.Elf.Symbols;
        _window = new SectionWindow(image);
    }

    /// <summary>Reads an image; null when it has no symbols of functions.</summary>
    public static ImageLayoutReport? Read(ImageFile image, out string problem)
    {
        LayoutReader reader = new(image);
        reader.ReadFunctions();
        problem = reader._functions.Count != 0 ? "" : $"{image.Name}: no symbols of functions with code in the file (is it stripped, or a separate debug file?)";
        return problem.Length != 0 ? null : reader.Report();
    }

    private ImageLayoutReport Report()
    {
        List<PatchSite> bad = [];
        int good = 0;
        int sites = 0;
        int orphans = 0;
        string? table = FindPatchTable(out IEnumerable<ulong> places);
        foreach (ulong place in places.Take(MostSites))
        {
            sites++;
            if (IsPatchable(place, out ulong bytes))
            {
                good++;
                orphans += IsEntry(place) ? 0 : 1;
            }
            else if (bad.Count < MostBadSites)
                bad.Add(new PatchSite(place, bytes));
        }
        return new ImageLayoutReport
        {
            File = _image.Name,
            Sections = [.. _histograms.Select(pair => (_image.Elf.Sections.NameOf(pair.Key) ?? $"section {pair.Key}", pair.Value))],
            Functions = _functions,
            CfiSymbols = _cfiSymbols,
            PrefixSymbols = _prefixSymbols,
            PatchTable = table,
            PatchSites = sites,
            GoodPatchSites = good,
            OrphanPatchSites = orphans,
            BadPatchSites = bad,
            IsIncomplete = _symbols.IsIncomplete,
        };
    }

    private void ReadFunctions()
    {
        ReadOnlySpan<SectionHeader> sections = _image.Elf.Sections.Headers;
        ulong previousEnd = 0;
        int previousSection = -1;
        ulong cfi = 0;
        for (int i = 0; i < _symbols.Count; i++)
        {
            SymbolEntry entry = _symbols.EntryAt(i);
            int section = entry.st_shndx;
            bool isCode = section < sections.Length && (sections[section].sh_flags & SectionFlags.SHF_EXECINSTR) != 0
                && sections[section].sh_type != SectionType.SHT_NOBITS;
            if (!isCode)
                continue;
            if (section != previousSection)
            {
                previousSection = section;
                previousEnd = 0;
            }
            // Symbols are sorted by address; of those at one place the best name comes last, so a place is taken with the last of them.
            bool isLast = i + 1 == _symbols.Count || _symbols.EntryAt(i + 1).st_value != entry.st_value || _symbols.EntryAt(i + 1).st_shndx != section;
            string name = _symbols[i].Name;
            if (name.StartsWith("__cfi_", StringComparison.Ordinal))
            {
                _cfiSymbols++;
                cfi = entry.st_value;
                continue;
            }
            if (name.StartsWith("__pfx_", StringComparison.Ordinal))
            {
                _prefixSymbols++;
                continue;
            }
            if (!isLast || entry.Type is not (SymbolType.STT_FUNC or SymbolType.STT_GNU_IFUNC) || entry.st_size == 0)
                continue;
            // What a compiler split off is jumped to, never called.
            if (!name.EndsWith(".cold", StringComparison.Ordinal))
            {
                AddFunction(i, section, entry.st_value, cfi, previousEnd);
            }
            cfi = 0;
            ulong end = entry.st_value + entry.st_size;
            previousEnd = Math.Max(previousEnd, end < entry.st_value ? 0 : end);
        }
    }

    private void AddFunction(int symbol, int section, ulong address, ulong cfi, ulong previousEnd)
    {
        if (!_histograms.TryGetValue(section, out int[]? histogram))
            _histograms.Add(section, histogram = new int[ImageLayoutReport.Alignments]);
        histogram[Math.Min(BitOperations.TrailingZeroCount(address), ImageLayoutReport.Alignments - 1)]++;
        _entries.Add(address);

        ReadOnlySpan<byte> before = address < PreambleSize ? default : _window.Read(address - PreambleSize, PreambleSize);
        int padding = before.Length == PreambleSize ? PaddingBefore(before) : 0;
        PreambleKind kind = padding > 0 ? PreambleKind.Padding : PreambleKind.None;
        int size = padding;
        uint hash = 0;
        if (before.Length == PreambleSize)
        {
            int at = PreambleSize - padding - HashSize;
            bool isHash = cfi != 0 && at >= 0 && before[at] is >= 0xb8 and <= 0xbf;
            if (isHash)
            {
                hash = BinaryPrimitives.ReadUInt32LittleEndian(before[(at + 1)..]);
                kind = padding > 0 ? PreambleKind.HashThenPadding : PreambleKind.HashAtEntry;
                size = PreambleSize - at;
                // Without patchable padding, clang puts the no-operations before the hash.
                if (kind == PreambleKind.HashAtEntry && PaddingBefore(before[..at]) == at)
                    size = PreambleSize;
            }
        }
        bool hasEndbr = _window.Read(address, _endbr64.Length).SequenceEqual(_endbr64);
        _functions.Add(new FunctionLayout(symbol, address, kind, size, padding, hash, hasEndbr, cfi == 0 ? null : address - cfi, previousEnd > address ? 0 : previousEnd));
    }

    /// <summary>Bytes of no-operation instructions at the end of a piece: single bytes, or the longer forms that assemblers use (Intel SDM, NOP).</summary>
    private static int PaddingBefore(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (count < bytes.Length && bytes[^(count + 1)] == 0x90)
            count++;
        if (count == bytes.Length)
            return count;
        // Longer forms end in their displacement; they can only be read forwards, so every start is tried.
        for (int start = 0; start < bytes.Length; start++)
        {
            int at = start;
            while (at < bytes.Length && NopLength(bytes[at..]) is > 0 and int length)
                at += length;
            if (at == bytes.Length)
                return Math.Max(count, bytes.Length - start);
        }
        return count;
    }

    private static int NopLength(ReadOnlySpan<byte> bytes)
    {
        int prefixes = 0;
        while (prefixes < bytes.Length && bytes[prefixes] is 0x66 or 0x2e)
            prefixes++;
        ReadOnlySpan<byte> rest = bytes[prefixes..];
        int length = rest switch
        {
            [0x90, ..] => 1,
            [0x0f, 0x1f, 0x00, ..] => 3,
            [0x0f, 0x1f, 0x40, _, ..] => 4,
            [0x0f, 0x1f, 0x44, _, _, ..] => 5,
            [0x0f, 0x1f, 0x80, _, _, _, _, ..] => 7,
            [0x0f, 0x1f, 0x84, _, _, _, _, _, ..] => 8,
            _ => 0,
        };
        return length == 0 ? 0 : prefixes + length;
    }

    private bool IsPatchable(ulong place, out ulong bytes)
    {
        ReadOnlySpan<byte> five = _window.Read(place, 5);
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        five.CopyTo(wide);
        bytes = BinaryPrimitives.ReadUInt64LittleEndian(wide);
        return five is [0xe8, ..] or [0x0f, 0x1f, 0x44, 0x00, 0x00] or [0x90, ..] or [0x66, 0x90, ..] or [0x0f, 0x1f, ..];
    }

    /// <summary>Whether a place belongs to a function: its first byte, behind its endbr64, or in its padding.</summary>
    private bool IsEntry(ulong place) =>
        _entries.Contains(place) || _entries.Contains(place - (ulong)_endbr64.Length)
        || _entries.Contains(place + PreambleSize) || _entries.Contains(place + PreambleSize - HashSize);

    private string? FindPatchTable(out IEnumerable<ulong> places)
    {
        ReadOnlySpan<SectionHeader> sections = _image.Elf.Sections.Headers;
        places = [];
        string? name = null;
        for (int i = 1; i < sections.Length; i++)
        {
            if (_image.Elf.Sections.NameOf(i) is not ("__patchable_function_entries" or "__mcount_loc") || sections[i].sh_type == SectionType.SHT_NOBITS)
                continue;
            name = _image.Elf.Sections.NameOf(i);
            places = places.Concat(_image.IsRelocatable ? RelocatedPlaces(i) : Places(_image.Elf.SectionLayout.AddressOf(i), sections[i].sh_size));
        }
        if (name is not null)
            return name;
        // A linked kernel keeps the list among the data that it drops after boot.
        List<int> start = _symbols.FindName("__start_mcount_loc");
        List<int> stop = _symbols.FindName("__stop_mcount_loc");
        if (start.Count == 0 || stop.Count == 0 || _symbols[stop[0]].Address <= _symbols[start[0]].Address)
            return null;
        ulong from = _symbols[start[0]].Address;
        places = Places(from, _symbols[stop[0]].Address - from);
        return "__start_mcount_loc";
    }

    private IEnumerable<ulong> Places(ulong address, ulong size)
    {
        byte[] chunk = new byte[EntrySize * 512];
        for (ulong at = 0; at < size;)
        {
            int count = _image.Read(address + at, chunk.AsSpan(0, (int)Math.Min((ulong)chunk.Length, size - at))) / EntrySize;
            if (count == 0)
                yield break;
            for (int i = 0; i < count; i++)
            {
                // Zeros are places that the linker or sorttable dropped (weak functions).
                if (BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(i * EntrySize)) is not 0 and ulong place)
                    yield return place;
            }
            at += (ulong)count * EntrySize;
        }
    }

    private IEnumerable<ulong> RelocatedPlaces(int section)
    {
        ulong[] addresses = new ulong[_image.Elf.Sections.Headers.Length];
        for (int i = 0; i < addresses.Length; i++)
            addresses[i] = _image.Elf.SectionLayout.AddressOf(i);
        RelocationChecker checker = new(_image.Elf, addresses, LoaderRules.Linker);
        for (int i = 1; i < addresses.Length; i++)
        {
            if (ElfRelocationTable.Read(_image.Elf, i) is not { } table || table.Target != (uint)section)
                continue;
            foreach (CheckedRelocation relocation in checker.Check(i))
            {
                if (relocation is { Type: RelocationType.R_X86_64_64, Verdict: RelocationVerdict.Fits })
                    yield return relocation.Value;
            }
        }
    }
}
