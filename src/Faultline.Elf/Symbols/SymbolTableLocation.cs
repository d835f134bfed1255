using System.Buffers.Binary;
using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Symbols;

/// <summary>Where a file keeps the symbols to use, all as file offsets and bytes.</summary>
internal readonly struct SymbolTableLocation
{
    private SymbolTableLocation(ulong symbols, ulong count, ulong strings, ulong stringsSize)
    {
        Symbols = symbols;
        Count = count;
        Strings = strings;
        StringsSize = stringsSize;
    }

    /// <summary>File offset of the first Elf64_Sym.</summary>
    public ulong Symbols { get; }

    /// <summary>How many the file claims.</summary>
    public ulong Count { get; }

    /// <summary>File offset of the string table.</summary>
    public ulong Strings { get; }

    /// <summary>Its size in bytes.</summary>
    public ulong StringsSize { get; }

    /// <summary>Finds the richest table that the file has.</summary>
    public static bool TryFind(ElfFile file, out SymbolTableLocation location)
    {
        return TryFindSection(file, SectionType.SHT_SYMTAB, out location)
            || TryFindSection(file, SectionType.SHT_DYNSYM, out location)
            || TryFindDynamic(file, out location);
    }

    private static bool TryFindSection(ElfFile file, SectionType type, out SymbolTableLocation location)
    {
        location = default;
        int index = file.Sections.Find(type);
        if (index < 0)
        {
            return false;
        }

        ref readonly SectionHeader section = ref file.Sections.Headers[index];
        if (section.sh_entsize != SymbolEntry.Size || section.sh_link >= file.Sections.Headers.Length)
        {
            return false;
        }

        ref readonly SectionHeader strings = ref file.Sections.Headers[(int)section.sh_link];
        if (strings.sh_type != SectionType.SHT_STRTAB)
        {
            return false;
        }

        location = new SymbolTableLocation(section.sh_offset, section.sh_size / SymbolEntry.Size, strings.sh_offset, strings.sh_size);
        return true;
    }

    private static bool TryFindDynamic(ElfFile file, out SymbolTableLocation location)
    {
        location = default;
        if (!file.Dynamic.TryGet(DynamicTag.DT_SYMTAB, out ulong symbols)
            || !file.Dynamic.TryGet(DynamicTag.DT_STRTAB, out ulong strings)
            || !file.Dynamic.TryGet(DynamicTag.DT_STRSZ, out ulong size)
            || !file.TryGetFileOffset(symbols, out ulong symbolsOffset, out _)
            || !file.TryGetFileOffset(strings, out ulong stringsOffset, out _)
            || !TryCountSymbols(file, out ulong count))
        {
            return false;
        }

        location = new SymbolTableLocation(symbolsOffset, count, stringsOffset, size);
        return true;
    }

    /// <summary>The dynamic section does not say how many symbols there are; the hash tables imply it.</summary>
    private static bool TryCountSymbols(ElfFile file, out ulong count)
    {
        count = 0;
        Span<byte> words = stackalloc byte[16];
        if (file.Dynamic.TryGet(DynamicTag.DT_HASH, out ulong hash) && TryReadWords(file, hash, words[..8]))
        {
            count = BinaryPrimitives.ReadUInt32LittleEndian(words[4..]);
            return true;
        }

        // DT_GNU_HASH: { nbuckets, symoffset, bloom_size, bloom_shift }, bloom words of 8 bytes, buckets, chains. The last symbol is the end
        // of the chain of the bucket with the highest start; an odd chain value ends a chain.
        if (!file.Dynamic.TryGet(DynamicTag.DT_GNU_HASH, out hash) || !TryReadWords(file, hash, words))
        {
            return false;
        }

        uint buckets = BinaryPrimitives.ReadUInt32LittleEndian(words);
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(words[4..]);
        ulong bucket = hash + 16 + (8UL * BinaryPrimitives.ReadUInt32LittleEndian(words[8..]));
        if (!file.TryGetFileOffset(bucket, out ulong offset, out ulong available)
            || available / 4 < buckets
            || !TryFindHighest(file.Source, offset, buckets, out uint highest))
        {
            return false;
        }

        if (highest < first)
        {
            count = first;
            return true;
        }

        ulong chain = bucket + (4UL * buckets) + (4UL * (highest - first));
        if (!file.TryGetFileOffset(chain, out offset, out available))
        {
            return false;
        }

        for (ulong step = 0; step < Math.Min(available / 4, ElfSymbolTable.MaxSymbols); step++)
        {
            if (!file.Source.TryReadExactly(offset + (4 * step), words[..4]))
            {
                return false;
            }

            if ((words[0] & 1) != 0)
            {
                count = highest + step + 1;
                return true;
            }
        }

        return false;
    }

    private static bool TryFindHighest(IElfSource source, ulong offset, uint count, out uint highest)
    {
        highest = 0;
        Span<byte> block = stackalloc byte[1024];
        for (uint done = 0; done < count;)
        {
            int batch = (int)Math.Min(count - done, (uint)block.Length / 4);
            if (!source.TryReadExactly(offset + (4UL * done), block[..(batch * 4)]))
            {
                return false;
            }

            for (int i = 0; i < batch; i++)
            {
                highest = Math.Max(highest, BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]));
            }

            done += (uint)batch;
        }

        return true;
    }

    private static bool TryReadWords(ElfFile file, ulong address, Span<byte> words)
    {
        return file.TryGetFileOffset(address, out ulong offset, out ulong available)
            && available >= (ulong)words.Length
            && file.Source.TryReadExactly(offset, words);
    }
}
