using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>
/// The debug information of a file, DWARF 2 to 5: source of an address with inlined functions, and members of structures. Nothing is read before
/// it is asked for and little is kept, so a kernel's 600 MB cost what one question reads.
/// </summary>
/// <remarks>One thread at a time. Damaged data gives fewer answers, never an exception.</remarks>
internal sealed partial class DebugInfo
{
    /// <summary>Entries lie close together and are walked in order.</summary>
    private const int WalkWindow = 1 << 15;

    private const int MostHeadersKept = 128;
    private const int MostOrigins = 16;
    private const int DeepestInlining = 256;

    private readonly DebugSections _sections;
    private readonly UnitTable _units;
    private readonly WorkBudget _budget = new();
    private readonly EntryWalker _walker;
    private readonly DebugEntry _entry = new();
    private readonly EntryWalker _lookup;
    private readonly DebugEntry _lookupEntry = new();
    private readonly DwarfCursor? _lines;
    private readonly Dictionary<ulong, LineHeader?> _headers = [];
    private readonly List<AddressRange> _ranges = [];
    private readonly List<int> _candidates = [];

    private DebugInfo(DebugSections sections, DebugSection info, DebugSection abbreviations)
    {
        _sections = sections;
        _budget.Reset();
        _units = new UnitTable(sections, info, abbreviations, _budget);
        _walker = new EntryWalker(info.CreateCursor(WalkWindow), _budget);
        _lookup = new EntryWalker(info.CreateCursor(), _budget);
        _lines = sections.Lines?.CreateCursor(1 << 14);
    }

    /// <summary>How many units there are.</summary>
    public int UnitCount => _units.Count;

    /// <summary>Whether something was left out: damaged units, or a question that would have cost too much.</summary>
    public bool IsIncomplete => _units.IsIncomplete || _budget.WasExceeded;

    /// <summary>What could not be read, one sentence each.</summary>
    public IReadOnlyList<string> Problems => _sections.Problems;

    /// <summary>The debug information of a file; null when it has none, with the reason in <paramref name="problem"/> if it is there but unreadable.</summary>
    public static DebugInfo? Open(ElfFile file, out string problem)
    {
        DebugSections sections = new(file);
        DebugSection? info = sections.Info;
        DebugSection? abbreviations = sections.Abbreviations;
        problem = string.Join("; ", sections.Problems);
        return info is null || abbreviations is null ? null : new DebugInfo(sections, info, abbreviations);
    }

    /// <summary>
    /// The source of an instruction: the innermost inlined function first, the function that has the code last. Empty where the file does not say.
    /// </summary>
    /// <param name="address">Link-time address (of <see cref="Sections.ObjectLayout"/> in relocatable objects).</param>
    public List<SourcePlace> FindSource(ulong address)
    {
        _budget.Reset();
        List<SourcePlace> places = [];
        _units.FindByAddress(address, _candidates);
        foreach (int number in _candidates.ToArray())
        {
            if (_units.Get(number) is not { } unit)
            {
                continue;
            }

            List<FunctionLevel> levels = FindFunctions(unit, address, null);
            LineHeader? header = GetHeader(unit);
            LineRow row = default;
            bool hasRow = header is not null && LineProgram.TryFind(header, _lines!, address, out row);
            if (levels.Count == 0 && !hasRow)
            {
                continue;
            }

            AddPlaces(unit, levels, header, row, places);
            break;
        }

        return places;
    }

    private static void AddPlace(List<SourcePlace> places, string? function, LineHeader? header, in LineRow row, bool isInlined)
    {
        string file = header is null || (row.File == 0 && header.Encoding.Version < 5) ? string.Empty : header.GetFile(row.File);
        places.Add(new SourcePlace(function, file, row.Line, row.Column, isInlined));
    }

    private void AddPlaces(DebugUnit unit, List<FunctionLevel> levels, LineHeader? header, LineRow row, List<SourcePlace> places)
    {
        if (levels.Count == 0)
        {
            AddPlace(places, null, header, row, isInlined: false);
            return;
        }

        // Levels are outermost first. Each inlined one says where in the next outer one it was called.
        for (int i = levels.Count - 1; i >= 0; i--)
        {
            FunctionLevel level = levels[i];
            AddPlace(places, GetFunctionName(unit, level), row.Line == 0 && row.File == 0 ? null : header, row, level.IsInlined);
            row = new LineRow(level.CallFile, level.CallLine, level.CallColumn);
        }
    }

    /// <summary>The functions that an address is in, outermost first: one subprogram and what was inlined there.</summary>
    /// <param name="unit">The unit to look in.</param>
    /// <param name="address">The address.</param>
    /// <param name="variables">Receives the offsets of parameters and variables on the way, if wanted.</param>
    private List<FunctionLevel> FindFunctions(DebugUnit unit, ulong address, List<ulong>? variables)
    {
        List<FunctionLevel> levels = [];
        _walker.Start(unit, unit.FirstEntry);
        if (!_walker.Next(_entry) || !_entry.HasChildren)
        {
            return levels;
        }

        // Depths in the tree at which functions of the chain were found; the walk is over when it leaves the first of them.
        int depth = 1;
        int functionDepth = -1;
        while (depth > 0 && depth < DeepestInlining && _walker.Next(_entry))
        {
            if (_entry.Tag == DwarfTag.None)
            {
                depth--;
                if (functionDepth >= 0 && depth <= functionDepth)
                {
                    break;
                }

                continue;
            }

            bool enters = Enters(unit, address, levels, variables);
            if (enters && levels.Count != 0 && functionDepth < 0)
            {
                functionDepth = depth;
                if (!_entry.HasChildren)
                {
                    break;
                }
            }

            if (enters && _entry.HasChildren)
            {
                depth++;
            }
            else if (!_walker.SkipChildren(_entry))
            {
                break;
            }
        }

        return levels;
    }

    private bool Enters(DebugUnit unit, ulong address, List<FunctionLevel> levels, List<ulong>? variables)
    {
        switch (_entry.Tag)
        {
            case DwarfTag.DW_TAG_subprogram or DwarfTag.DW_TAG_inlined_subroutine:
                if (Covers(unit, address) != true)
                {
                    return false;
                }

                bool isInlined = _entry.Tag == DwarfTag.DW_TAG_inlined_subroutine;
                if (!isInlined)
                {
                    // A function inside a function (GNU C) has code of its own: it is not part of the outer one's chain.
                    levels.Clear();
                    variables?.Clear();
                }

                levels.Add(new FunctionLevel(
                    _entry.Offset, _entry.Name, _entry.LinkageName, _entry.Origin, isInlined, _entry.CallFile.Bits,
                    (int)Math.Min(_entry.CallLine.Bits, int.MaxValue), (int)Math.Min(_entry.CallColumn.Bits, int.MaxValue)));
                return true;
            case DwarfTag.DW_TAG_lexical_block:
                // Blocks without addresses are taken for the whole function's.
                return levels.Count != 0 && Covers(unit, address) != false;
            case DwarfTag.DW_TAG_namespace or DwarfTag.DW_TAG_module:
                return levels.Count == 0;
            case DwarfTag.DW_TAG_structure_type or DwarfTag.DW_TAG_class_type:
                // Rust and C++ may have definitions of methods inside their types.
                return levels.Count == 0 && _entry.Declaration.IsPresent == false && unit.HasMethods;
            case DwarfTag.DW_TAG_formal_parameter or DwarfTag.DW_TAG_variable:
                if (levels.Count != 0)
                {
                    variables?.Add(_entry.Offset);
                }

                return false;
            default:
                return false;
        }
    }

    private bool? Covers(DebugUnit unit, ulong address)
    {
        _ranges.Clear();
        return unit.CollectRanges(_entry, _ranges, _budget) ? _ranges.Exists(range => range.Contains(address)) : null;
    }

    private string? GetFunctionName(DebugUnit unit, in FunctionLevel level)
    {
        if (unit.GetString(level.Name) is { Length: > 0 } own)
        {
            return own;
        }

        return FollowOrigins(level.Origin, static (owner, entry) => owner.GetString(entry.Name)) ?? unit.GetString(level.LinkageName);
    }

    /// <summary>Looks at the entries that an instance was made from, the nearest first, until one has what is asked for.</summary>
    private string? FollowOrigins(AttributeValue origin, Func<DebugUnit, DebugEntry, string?> choose)
    {
        for (int i = 0; i < MostOrigins && TryReadEntry(origin, out DebugUnit? unit); i++)
        {
            if (choose(unit, _lookupEntry) is { Length: > 0 } found)
            {
                return found;
            }

            origin = _lookupEntry.Origin;
        }

        return null;
    }

    /// <summary>Reads the entry that an attribute refers to into <see cref="_lookupEntry"/>.</summary>
    private bool TryReadEntry(in AttributeValue reference, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DebugUnit? unit)
    {
        unit = reference.IsReference ? _units.FindByOffset(reference.Bits) : null;
        if (unit is null)
        {
            return false;
        }

        _lookup.Start(unit, reference.Bits);
        return _lookup.Next(_lookupEntry) && _lookupEntry.Tag != DwarfTag.None;
    }

    private LineHeader? GetHeader(DebugUnit unit)
    {
        if (_lines is null || unit.Lines is not { } offset)
        {
            return null;
        }

        if (!_headers.TryGetValue(offset, out LineHeader? header))
        {
            if (_headers.Count == MostHeadersKept)
            {
                _headers.Clear();
            }

            _lines.Seek(offset, _sections.Lines!.Length);
            header = LineHeader.Read(_sections, unit, _lines);
            _headers.Add(offset, header);
        }

        return header;
    }

    private readonly record struct FunctionLevel(
        ulong Offset, AttributeValue Name, AttributeValue LinkageName, AttributeValue Origin, bool IsInlined, ulong CallFile, int CallLine, int CallColumn);
}
