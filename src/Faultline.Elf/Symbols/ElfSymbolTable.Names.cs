using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Symbols;

/// <summary>Lookup by name, through a hash table that is made when first asked for, and what lies around a symbol.</summary>
internal sealed partial class ElfSymbolTable
{
    /// <summary>Largest string table that is searched by name, in bytes; a kernel's with all symbols has 3 MB, a browser's some hundred.</summary>
    private const ulong LargestStrings = 256 << 20;

    private byte[]? _names;
    private int[] _heads = [];
    private int[] _next = [];

    /// <summary>Index of the section that a symbol is in.</summary>
    public int SectionOf(int index) => _entries[index].st_shndx;

    /// <summary>A symbol without its name, which stays unread.</summary>
    public ref readonly SymbolEntry EntryAt(int index) => ref _entries[index];

    /// <summary>Index of the first symbol at or after an address; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(ulong address) => address == 0 ? 0 : LastAtOrBefore(address - 1) + 1;

    /// <summary>
    /// Bytes to the next symbol of the same section at a higher address, or to the section's end: what kallsyms takes for the size. 0 when neither
    /// is known.
    /// </summary>
    public ulong ExtentOf(int index)
    {
        ref readonly SymbolEntry entry = ref _entries[index];
        for (int i = index + 1; i < _entries.Length; i++)
        {
            if (_entries[i].st_value != entry.st_value)
            {
                if (_entries[i].st_shndx == entry.st_shndx)
                {
                    return _entries[i].st_value - entry.st_value;
                }

                break;
            }
        }

        ReadOnlySpan<SectionHeader> sections = _file.Sections.Headers;
        if (entry.st_shndx >= sections.Length)
        {
            return 0;
        }

        ulong offset = entry.st_value - _file.SectionLayout.AddressOf(entry.st_shndx);
        ulong size = sections[entry.st_shndx].sh_size;
        return offset < size ? size - offset : 0;
    }

    /// <summary>Indexes of all symbols of exactly this name, in order of address.</summary>
    public List<int> FindName(string name)
    {
        List<int> found = [];
        if (_names is null)
        {
            MakeNameTable();
        }

        if (_heads.Length == 0 || name.Length == 0)
        {
            return found;
        }

        byte[] wanted = Encoding.UTF8.GetBytes(name);
        for (int i = _heads[Hash(wanted) & (_heads.Length - 1)]; i >= 0; i = _next[i])
        {
            if (NameBytes(i).SequenceEqual(wanted))
            {
                found.Add(i);
            }
        }

        found.Reverse();
        return found;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        // FNV-1a.
        uint hash = 2166136261;
        foreach (byte part in name)
        {
            hash = (hash ^ part) * 16777619;
        }

        return (int)(hash ^ (hash >> 15));
    }

    private void MakeNameTable()
    {
        ulong length = (ulong)Math.Max(0, _file.Source.Length);
        ulong size = _strings >= length ? 0 : Math.Min(_stringsSize, length - _strings);
        _names = _entries.Length == 0 || size > LargestStrings ? [] : new byte[size];
        if (_names.Length == 0 || !_file.Source.TryReadExactly(_strings, _names))
        {
            return;
        }

        // Chains are linked from the front, so they hold the highest address first.
        _heads = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_entries.Length)];
        _next = new int[_entries.Length];
        _heads.AsSpan().Fill(-1);
        for (int i = 0; i < _entries.Length; i++)
        {
            int bucket = Hash(NameBytes(i)) & (_heads.Length - 1);
            _next[i] = _heads[bucket];
            _heads[bucket] = i;
        }
    }

    /// <summary>The name's bytes, of which no more than 4 KiB count.</summary>
    private ReadOnlySpan<byte> NameBytes(int index)
    {
        const int Longest = 4096;
        uint start = _entries[index].st_name;
        if (start >= (uint)_names!.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = _names.AsSpan((int)start);
        rest = rest[..Math.Min(rest.Length, Longest)];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }
}
