using System.Buffers.Binary;
using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Symbols;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>
/// The ELF image of the vDSO (arch/x86/entry/vdso): a shared object of one page with the names, the version and both hash tables that Linux's has. It
/// differs in having no note and no data of the kernel's behind it ([vvar]).
/// </summary>
internal static class VdsoImage
{
    private const string SharedName = "linux-vdso.so.1";
    private const string VersionName = "LINUX_2.6";
    private const string Prefix = "__vdso_";

    /// <summary>Index of the version's definition; 1 is that of the object itself.</summary>
    private const ushort VersionIndex = 2;

    private const int Buckets = 8;
    private const int FunctionAlignment = 16;

    /// <summary>The two images, once they are made.</summary>
    private static readonly byte[]?[] s_images = new byte[2][];

    /// <summary>The image, the same for every kernel; not to be written to.</summary>
    /// <param name="isTimestampMonotonic">Whether RDTSC gives the nanoseconds of CLOCK_MONOTONIC.</param>
    public static byte[] Of(bool isTimestampMonotonic)
    {
        ref byte[]? image = ref s_images[isTimestampMonotonic ? 1 : 0];
        if (Volatile.Read(ref image) is null)
            Volatile.Write(ref image, Build(isTimestampMonotonic));
        return image!;
    }

    private static byte[] Build(bool isTimestampMonotonic)
    {
        (string Name, byte[] Code)[] functions =
        [
            ("clock_gettime", VdsoCode.ClockGettime(isTimestampMonotonic)),
            ("gettimeofday", VdsoCode.Gettimeofday),
            ("time", VdsoCode.Time),
            ("getcpu", VdsoCode.Getcpu),
            ("clock_getres", VdsoCode.ClockGetres),
        ];
        byte[] text = Text(functions, out int[] offsets);
        List<VdsoSymbol> symbols = Symbols(functions, offsets, out byte[] strings);
        VdsoSection[] sections =
        [
            new(".hash", SectionType.SHT_HASH, SectionFlags.SHF_ALLOC, 8, _ => Words(SystemVHash(symbols)), Link: ".dynsym", EntrySize: 4),
            new(".gnu.hash", SectionType.SHT_GNU_HASH, SectionFlags.SHF_ALLOC, 8, _ => GnuHash(symbols), Link: ".dynsym"),
            new(".dynsym", SectionType.SHT_DYNSYM, SectionFlags.SHF_ALLOC, 8, at => SymbolTable(symbols, at), Link: ".dynstr", Info: 1, EntrySize: SymbolEntry.Size),
            new(".dynstr", SectionType.SHT_STRTAB, SectionFlags.SHF_ALLOC, 1, _ => strings),
            new(".gnu.version", SectionType.SHT_GNU_versym, SectionFlags.SHF_ALLOC, 2, _ => Versions(symbols.Count), Link: ".dynsym", EntrySize: 2),
            new(".gnu.version_d", SectionType.SHT_GNU_verdef, SectionFlags.SHF_ALLOC, 8, _ => VersionDefinitions(strings), Link: ".dynstr", Info: 2),
            new(".dynamic", SectionType.SHT_DYNAMIC, SectionFlags.SHF_ALLOC, 8, at => Dynamic(strings, at), Link: ".dynstr", EntrySize: 16),
            new(".eh_frame_hdr", SectionType.SHT_PROGBITS, SectionFlags.SHF_ALLOC, 4, at => VdsoFrames.Header(at)),
            new(".eh_frame", SectionType.SHT_PROGBITS, SectionFlags.SHF_ALLOC, 8, at => VdsoFrames.Table(at, text.Length)),
            new(".text", SectionType.SHT_PROGBITS, SectionFlags.SHF_ALLOC | SectionFlags.SHF_EXECINSTR, FunctionAlignment, _ => text),
        ];
        return VdsoFile.Write(sections);
    }

    /// <summary>The code of all functions, with INT3 between them.</summary>
    private static byte[] Text((string Name, byte[] Code)[] functions, out int[] offsets)
    {
        List<byte> text = [];
        offsets = new int[functions.Length];
        for (int i = 0; i < functions.Length; i++)
        {
            while (text.Count % FunctionAlignment != 0)
                text.Add(0xCC);
            offsets[i] = text.Count;
            text.AddRange(functions[i].Code);
        }
        return [.. text];
    }

    /// <summary>Each function under two names, the shorter one weak, in the order of the buckets of .gnu.hash; the first symbol is none.</summary>
    private static List<VdsoSymbol> Symbols((string Name, byte[] Code)[] functions, int[] offsets, out byte[] strings)
    {
        StringBuilder names = new($"\0{SharedName}\0");
        List<VdsoSymbol> symbols = [new VdsoSymbol(VersionName, names.Length, 0, 0, IsFunction: false, IsWeak: false)];
        _ = names.Append(VersionName).Append('\0');
        for (int i = 0; i < functions.Length; i++)
        {
            (string name, byte[] code) = functions[i];
            symbols.Add(new VdsoSymbol(Prefix + name, names.Length, offsets[i], code.Length, IsFunction: true, IsWeak: false));
            symbols.Add(new VdsoSymbol(name, names.Length + Prefix.Length, offsets[i], code.Length, IsFunction: true, IsWeak: true));
            _ = names.Append(Prefix).Append(name).Append('\0');
        }
        strings = Encoding.ASCII.GetBytes(names.ToString());
        symbols.Sort((a, b) => (GnuHashOf(a.Name) % Buckets).CompareTo(GnuHashOf(b.Name) % Buckets));
        symbols.Insert(0, new VdsoSymbol("", 0, 0, 0, IsFunction: false, IsWeak: false));
        return symbols;
    }

    private static byte[] SymbolTable(List<VdsoSymbol> symbols, VdsoAddresses at)
    {
        byte[] table = new byte[symbols.Count * SymbolEntry.Size];
        for (int i = 1; i < symbols.Count; i++)
        {
            VdsoSymbol symbol = symbols[i];
            Span<byte> entry = table.AsSpan(i * SymbolEntry.Size);
            SymbolBinding binding = symbol.IsWeak ? SymbolBinding.STB_WEAK : SymbolBinding.STB_GLOBAL;
            SymbolType type = symbol.IsFunction ? SymbolType.STT_FUNC : SymbolType.STT_OBJECT;
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)symbol.NameOffset);
            entry[4] = (byte)(((int)binding << 4) | (int)type);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], symbol.IsFunction ? (ushort)at.IndexOf(".text") : (ushort)RawSymbol.SHN_ABS);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], symbol.IsFunction ? at[".text"] + (ulong)symbol.Offset : 0);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], (ulong)symbol.Size);
        }
        return table;
    }

    /// <summary>DT_HASH (gABI): the numbers of buckets and symbols, the buckets, and what follows each symbol in its chain.</summary>
    private static uint[] SystemVHash(List<VdsoSymbol> symbols)
    {
        uint[] words = new uint[2 + Buckets + symbols.Count];
        words[0] = Buckets;
        words[1] = (uint)symbols.Count;
        for (int i = 1; i < symbols.Count; i++)
        {
            uint bucket = 2 + (SystemVHashOf(symbols[i].Name) % Buckets);
            words[2 + Buckets + i] = words[bucket];
            words[bucket] = (uint)i;
        }
        return words;
    }

    /// <summary>DT_GNU_HASH: { buckets, first symbol, words of the filter, its second shift }, one word of filter, buckets, hashes whose low bit ends a chain.</summary>
    private static byte[] GnuHash(List<VdsoSymbol> symbols)
    {
        const int shift = 6;
        uint[] words = new uint[4 + 2 + Buckets + symbols.Count - 1];
        (words[0], words[1], words[2], words[3]) = (Buckets, 1, 1, shift);
        ulong filter = 0;
        for (int i = 1; i < symbols.Count; i++)
        {
            uint hash = GnuHashOf(symbols[i].Name), bucket = hash % Buckets;
            filter |= (1UL << (int)(hash % 64)) | (1UL << (int)((hash >> shift) % 64));
            ref uint start = ref words[6 + bucket];
            start = start == 0 ? (uint)i : start;
            bool isLast = i + 1 == symbols.Count || GnuHashOf(symbols[i + 1].Name) % Buckets != bucket;
            words[6 + Buckets + i - 1] = isLast ? hash | 1 : hash & ~1U;
        }
        (words[4], words[5]) = ((uint)filter, (uint)(filter >> 32));
        return Words(words);
    }

    private static byte[] Versions(int symbols)
    {
        byte[] table = new byte[symbols * sizeof(ushort)];
        for (int i = 1; i < symbols; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(i * sizeof(ushort)), VersionIndex);
        return table;
    }

    /// <summary>Two Elf64_Verdef, each with its one Elf64_Verdaux: the object's own name (VER_FLG_BASE) and the version.</summary>
    private static byte[] VersionDefinitions(byte[] strings)
    {
        const int definition = 20, size = definition + 8, flagBase = 1;
        byte[] table = new byte[2 * size];
        for (int i = 0; i < 2; i++)
        {
            string name = i == 0 ? SharedName : VersionName;
            Span<byte> entry = table.AsSpan(i * size);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], i == 0 ? (ushort)flagBase : (ushort)0);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], i == 0 ? (ushort)1 : VersionIndex);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], SystemVHashOf(name));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], definition);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], i == 0 ? (uint)size : 0);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[definition..], NameOffset(strings, name));
        }
        return table;
    }

    private static byte[] Dynamic(byte[] strings, VdsoAddresses at)
    {
        const ulong soname = 14, symbolic = 16, hash = 4, gnuHash = 0x6FFFFEF5, table = 5, symbols = 6, size = 10, entry = 11, definitions = 0x6FFFFFFC, count = 0x6FFFFFFD,
            versions = 0x6FFFFFF0;
        ulong[] words =
        [
            soname, NameOffset(strings, SharedName),
            symbolic, 0,
            hash, at[".hash"],
            gnuHash, at[".gnu.hash"],
            table, at[".dynstr"],
            symbols, at[".dynsym"],
            size, (ulong)strings.Length,
            entry, SymbolEntry.Size,
            definitions, at[".gnu.version_d"],
            count, 2,
            versions, at[".gnu.version"],
            0, 0,
        ];
        byte[] bytes = new byte[words.Length * sizeof(ulong)];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), words[i]);
        return bytes;
    }

    private static uint NameOffset(byte[] strings, string name) => (uint)strings.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{name}\0"));

    private static byte[] Words(uint[] words)
    {
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        return bytes;
    }

    private static uint GnuHashOf(string name)
    {
        uint hash = 5381;
        foreach (char c in name)
            hash = (hash * 33) + c;
        return hash;
    }

    private static uint SystemVHashOf(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xF000_0000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
