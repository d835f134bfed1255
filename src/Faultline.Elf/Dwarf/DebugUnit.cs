namespace Faultline.Elf.Dwarf;

/// <summary>A unit of .debug_info: where it lies, and what its first entry says about all others.</summary>
internal sealed class DebugUnit
{
    /// <summary>DW_LANG_ of C89, C, C99, C11, C17 and assemblers (DWARF 5, section 7.12).</summary>
    private static readonly ushort[] _cLanguages = [0x0001, 0x0002, 0x000c, 0x001d, 0x002c, 0x8001];

    private readonly DebugSections _sections;
    private UnitAttributes _attributes;

    /// <summary>Makes a unit from its header.</summary>
    public DebugUnit(DebugSections sections, in UnitEncoding encoding, ulong firstEntry, ulong end, AbbreviationTable abbreviations)
    {
        _sections = sections;
        Encoding = encoding;
        FirstEntry = firstEntry;
        End = end;
        Abbreviations = abbreviations;
    }

    /// <summary>Widths, and the offset of the unit.</summary>
    public UnitEncoding Encoding { get; }

    /// <summary>Offset of the first entry.</summary>
    public ulong FirstEntry { get; }

    /// <summary>Offset after the last byte.</summary>
    public ulong End { get; }

    /// <summary>The shapes of its entries.</summary>
    public AbbreviationTable Abbreviations { get; }

    /// <summary>What range lists without a base of their own count from: DW_AT_low_pc, or 0.</summary>
    public ulong BaseAddress { get; private set; }

    /// <summary>Offset in .debug_line, or null.</summary>
    public ulong? Lines => _attributes.Lines.IsPresent ? _attributes.Lines.Bits : null;

    /// <summary>The folder that the compiler ran in.</summary>
    public string Folder => GetString(_attributes.Folder) ?? string.Empty;

    /// <summary>The compiler and its options, or null.</summary>
    public string? Producer => GetString(_attributes.Producer);

    /// <summary>Whether types may have functions in them (any language but C and assembly).</summary>
    public bool HasMethods { get; private set; }

    /// <summary>Takes over what the first entry says. Bases come before what needs them.</summary>
    public void SetFirstEntry(DebugEntry entry)
    {
        _attributes = entry.Unit;
        HasMethods = !_cLanguages.Contains((ushort)Math.Min(_attributes.Language.Bits, ushort.MaxValue));
        BaseAddress = GetAddress(entry.LowPc) ?? 0;
    }

    /// <summary>The string of an attribute, or null.</summary>
    public string? GetString(in AttributeValue value)
    {
        switch (value.Form)
        {
            case DwarfForm.DW_FORM_string:
                return _sections.Info?.ReadString(value.Bits);
            case DwarfForm.DW_FORM_strp:
                return _sections.Strings?.ReadString(value.Bits);
            case DwarfForm.DW_FORM_line_strp:
                return _sections.LineStrings?.ReadString(value.Bits);
            case DwarfForm.DW_FORM_strx or DwarfForm.DW_FORM_strx1 or DwarfForm.DW_FORM_strx2 or DwarfForm.DW_FORM_strx3 or DwarfForm.DW_FORM_strx4:
                // Without a base, the part begins after a header of 8 or 16 bytes.
                ulong start = _attributes.StringOffsets.IsPresent ? _attributes.StringOffsets.Bits : 2UL * (ulong)Encoding.OffsetSize;
                return TryReadIndexed(_sections.StringOffsets, start, value.Bits, Encoding.OffsetSize, out ulong offset)
                    ? _sections.Strings?.ReadString(offset)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The address of an attribute, or null.</summary>
    public ulong? GetAddress(in AttributeValue value)
    {
        return value.Form switch
        {
            DwarfForm.DW_FORM_addr => value.Bits,
            DwarfForm.DW_FORM_addrx or DwarfForm.DW_FORM_addrx1 or DwarfForm.DW_FORM_addrx2 or DwarfForm.DW_FORM_addrx3 or DwarfForm.DW_FORM_addrx4 =>
                GetIndexedAddress(value.Bits),
            _ => null,
        };
    }

    /// <summary>An entry of the unit's part of .debug_addr, or null.</summary>
    public ulong? GetIndexedAddress(ulong index)
    {
        ulong start = _attributes.Addresses.IsPresent ? _attributes.Addresses.Bits : 8;
        return TryReadIndexed(_sections.Addresses, start, index, Encoding.AddressSize, out ulong address) ? address : null;
    }

    /// <summary>Adds the addresses that an entry covers to a list.</summary>
    /// <returns>Whether it says anything about addresses.</returns>
    public bool CollectRanges(DebugEntry entry, List<AddressRange> ranges, WorkBudget budget)
    {
        if (entry.Ranges.IsPresent)
        {
            return TryGetRangeList(entry.Ranges, out ulong offset) && RangeListReader.Collect(_sections, this, offset, ranges, budget);
        }

        if (GetAddress(entry.LowPc) is not { } low || !entry.HighPc.IsPresent)
        {
            return false;
        }

        ulong high = entry.HighPc.IsConstant ? low + entry.HighPc.Bits : GetAddress(entry.HighPc) ?? low;
        if (high > low)
        {
            ranges.Add(new AddressRange(low, high));
        }

        return true;
    }

    private bool TryGetRangeList(in AttributeValue value, out ulong offset)
    {
        offset = value.Bits;
        if (value.Form != DwarfForm.DW_FORM_rnglistx)
        {
            return true;
        }

        // The base points behind the header, at the table of offsets, which count from there.
        ulong start = _attributes.RangeLists.Bits;
        bool isFound = _attributes.RangeLists.IsPresent && TryReadIndexed(_sections.RangeLists, start, value.Bits, Encoding.OffsetSize, out offset);
        offset += start;
        return isFound;
    }

    private static bool TryReadIndexed(DebugSection? section, ulong start, ulong index, int width, out ulong value)
    {
        value = 0;
        return section is not null
            && index < section.Length
            && start < section.Length
            && section.TryReadNumber(start + (index * (ulong)width), width, out value);
    }
}
