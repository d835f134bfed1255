using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>
/// The units of .debug_info: found by walking their headers, and by address through an index of the ranges that their first entries name, made
/// when first asked for. (.debug_aranges would say the same where compilers write it; Clang does not.)
/// </summary>
internal sealed class UnitTable
{
    /// <summary>Most units that are read; a kernel with all its modules has about 20,000.</summary>
    public const int MaxUnits = 1 << 18;

    private const int MaxRanges = 1 << 21;
    private const int MostKept = 128;
    private const byte DW_UT_type = 2;
    private const byte DW_UT_skeleton = 4;
    private const byte DW_UT_split_compile = 5;
    private const byte DW_UT_split_type = 6;

    private readonly DebugSections _sections;
    private readonly DebugSection _info;
    private readonly DwarfCursor _headers;
    private readonly DwarfCursor _abbreviations;
    private readonly ulong _abbreviationsLength;
    private readonly WorkBudget _budget;
    private readonly EntryWalker _walker;
    private readonly DebugEntry _entry = new();
    private readonly List<ulong> _offsets = [];
    private readonly Dictionary<ulong, AbbreviationTable> _tables = [];
    private readonly Dictionary<int, DebugUnit> _units = [];
    private (AddressRange Range, int Unit)[]? _index;
    private ulong[] _reach = [];

    /// <summary>Finds the units of a file's sections.</summary>
    public UnitTable(DebugSections sections, DebugSection info, DebugSection abbreviations, WorkBudget budget)
    {
        _sections = sections;
        _info = info;
        _budget = budget;
        _headers = info.CreateCursor();
        _abbreviations = abbreviations.CreateCursor();
        _abbreviationsLength = abbreviations.Length;
        _walker = new EntryWalker(_headers, budget);
        _headers.Seek(0, info.Length);
        while (_offsets.Count < MaxUnits && !_headers.IsDone)
        {
            ulong offset = _headers.Position;
            if (!UnitEncoding.TryReadLength(_headers, out ulong length, out _) || length > info.Length - _headers.Position)
            {
                IsIncomplete = true;
                break;
            }

            _offsets.Add(offset);
            _headers.Skip(length);
        }

        IsIncomplete |= !_headers.IsDone;
    }

    /// <summary>How many units there are.</summary>
    public int Count => _offsets.Count;

    /// <summary>Whether units were left out: too many, or damaged.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>A unit by number, or null when its header is malformed.</summary>
    public DebugUnit? Get(int number)
    {
        if (_units.TryGetValue(number, out DebugUnit? unit))
        {
            return unit;
        }

        unit = Read(_offsets[number]);
        if (unit is not null)
        {
            if (_units.Count == MostKept)
            {
                _units.Clear();
            }

            _units.Add(number, unit);
        }

        return unit;
    }

    /// <summary>The unit that an offset in .debug_info lies in, or null.</summary>
    public DebugUnit? FindByOffset(ulong offset)
    {
        int at = _offsets.BinarySearch(offset);
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && Get(at) is { } unit && offset >= unit.FirstEntry && offset < unit.End ? unit : null;
    }

    /// <summary>Numbers of the units whose ranges hold an address; usually one.</summary>
    public void FindByAddress(ulong address, List<int> numbers)
    {
        if (_index is null)
        {
            MakeIndex();
        }

        numbers.Clear();
        (AddressRange Range, int Unit)[] index = _index!;
        int low = 0;
        int high = index.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (index[middle].Range.Low <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // The narrowest first: it begins last.
        const int MostCandidates = 8;
        for (int i = low - 1; i >= 0 && _reach[i] > address && numbers.Count < MostCandidates; i--)
        {
            if (index[i].Range.Contains(address) && !numbers.Contains(index[i].Unit))
            {
                numbers.Add(index[i].Unit);
            }
        }
    }

    private void MakeIndex()
    {
        List<(AddressRange Range, int Unit)> index = [];
        List<AddressRange> ranges = [];
        for (int i = 0; i < _offsets.Count && index.Count < MaxRanges; i++)
        {
            ranges.Clear();
            if (Read(_offsets[i]) is { } unit && unit.CollectRanges(_entry, ranges, _budget))
            {
                foreach (AddressRange range in ranges)
                {
                    index.Add((range, i));
                }
            }
        }

        index.Sort((a, b) => a.Range.Low.CompareTo(b.Range.Low));
        _index = [.. index];
        _reach = new ulong[_index.Length];
        ulong reach = 0;
        for (int i = 0; i < _index.Length; i++)
        {
            reach = Math.Max(reach, _index[i].Range.High);
            _reach[i] = reach;
        }
    }

    /// <summary>Reads a unit's header and first entry, which stays in <see cref="_entry"/>.</summary>
    private DebugUnit? Read(ulong offset)
    {
        _headers.Seek(offset, _info.Length);
        if (!UnitEncoding.TryReadLength(_headers, out ulong length, out bool is64Bit))
        {
            return null;
        }

        ulong end = _headers.Position + length;
        ushort version = _headers.U16();
        byte kind = version >= 5 ? _headers.U8() : (byte)0;
        byte addressSize = version >= 5 ? _headers.U8() : (byte)0;
        UnitEncoding encoding = new(offset, version, is64Bit, addressSize);
        ulong abbreviations = encoding.ReadOffset(_headers);
        if (version < 5)
        {
            encoding = encoding with { AddressSize = _headers.U8() };
        }

        // What follows the common part: a unit id, or a signature and an offset.
        _headers.Skip(kind switch
        {
            DW_UT_skeleton or DW_UT_split_compile => 8UL,
            DW_UT_type or DW_UT_split_type => 8UL + (ulong)encoding.OffsetSize,
            _ => 0,
        });
        if (_headers.Failed || version is < 2 or > 5 || encoding.AddressSize is not (4 or 8) || abbreviations >= _abbreviationsLength)
        {
            return null;
        }

        DebugUnit unit = new(_sections, encoding, _headers.Position, end, GetAbbreviations(abbreviations));
        _walker.Start(unit, unit.FirstEntry);
        if (!_walker.Next(_entry))
        {
            return null;
        }

        unit.SetFirstEntry(_entry);
        return unit;
    }

    private AbbreviationTable GetAbbreviations(ulong offset)
    {
        if (!_tables.TryGetValue(offset, out AbbreviationTable? table))
        {
            if (_tables.Count == MostKept)
            {
                _tables.Clear();
            }

            table = new AbbreviationTable(_abbreviations, offset, _abbreviationsLength);
            _tables.Add(offset, table);
        }

        return table;
    }
}
