namespace Faultline.Elf.Dwarf;

/// <summary>A debugging entry with the attributes that are looked at here; one object serves a whole walk.</summary>
internal sealed class DebugEntry
{
    /// <summary>Offset in .debug_info.</summary>
    public ulong Offset { get; private set; }

    /// <summary>What it describes.</summary>
    public DwarfTag Tag { get; private set; }

    /// <summary>Whether children follow.</summary>
    public bool HasChildren { get; private set; }

    /// <summary>DW_AT_sibling.</summary>
    public AttributeValue Sibling { get; private set; }

    /// <summary>DW_AT_name.</summary>
    public AttributeValue Name { get; private set; }

    /// <summary>DW_AT_linkage_name.</summary>
    public AttributeValue LinkageName { get; private set; }

    /// <summary>DW_AT_low_pc.</summary>
    public AttributeValue LowPc { get; private set; }

    /// <summary>DW_AT_high_pc.</summary>
    public AttributeValue HighPc { get; private set; }

    /// <summary>DW_AT_ranges.</summary>
    public AttributeValue Ranges { get; private set; }

    /// <summary>DW_AT_abstract_origin, else DW_AT_specification.</summary>
    public AttributeValue Origin { get; private set; }

    /// <summary>DW_AT_type.</summary>
    public AttributeValue Type { get; private set; }

    /// <summary>DW_AT_call_file.</summary>
    public AttributeValue CallFile { get; private set; }

    /// <summary>DW_AT_call_line.</summary>
    public AttributeValue CallLine { get; private set; }

    /// <summary>DW_AT_call_column.</summary>
    public AttributeValue CallColumn { get; private set; }

    /// <summary>DW_AT_byte_size.</summary>
    public AttributeValue ByteSize { get; private set; }

    /// <summary>DW_AT_data_member_location.</summary>
    public AttributeValue MemberLocation { get; private set; }

    /// <summary>DW_AT_data_bit_offset.</summary>
    public AttributeValue BitOffset { get; private set; }

    /// <summary>DW_AT_count, else DW_AT_upper_bound.</summary>
    public AttributeValue Bound { get; private set; }

    /// <summary>Whether <see cref="Bound"/> is the last index rather than the count.</summary>
    public bool IsUpperBound { get; private set; }

    /// <summary>DW_AT_declaration.</summary>
    public AttributeValue Declaration { get; private set; }

    /// <summary>Attributes of units only.</summary>
    public UnitAttributes Unit { get; private set; }

    /// <summary>Forgets everything and begins an entry.</summary>
    public void Begin(ulong offset, DwarfTag tag, bool hasChildren)
    {
        Offset = offset;
        Tag = tag;
        HasChildren = hasChildren;
        Sibling = Name = LinkageName = LowPc = HighPc = Ranges = Origin = Type = default;
        CallFile = CallLine = CallColumn = ByteSize = MemberLocation = BitOffset = Bound = Declaration = default;
        IsUpperBound = false;
        if (tag is DwarfTag.DW_TAG_compile_unit or DwarfTag.DW_TAG_skeleton_unit or DwarfTag.DW_TAG_partial_unit or DwarfTag.DW_TAG_type_unit)
        {
            Unit = default;
        }
    }

    /// <summary>Takes an attribute; those that are of no interest are dropped.</summary>
    public void Set(DwarfAttribute attribute, in AttributeValue value)
    {
        switch (attribute)
        {
            case DwarfAttribute.DW_AT_sibling:
                Sibling = value;
                break;
            case DwarfAttribute.DW_AT_name:
                Name = value;
                break;
            case DwarfAttribute.DW_AT_linkage_name or DwarfAttribute.DW_AT_MIPS_linkage_name:
                LinkageName = value;
                break;
            case DwarfAttribute.DW_AT_low_pc:
                LowPc = value;
                break;
            case DwarfAttribute.DW_AT_high_pc:
                HighPc = value;
                break;
            case DwarfAttribute.DW_AT_ranges:
                Ranges = value;
                break;
            case DwarfAttribute.DW_AT_abstract_origin:
                Origin = value;
                break;
            case DwarfAttribute.DW_AT_specification when !Origin.IsPresent:
                Origin = value;
                break;
            case DwarfAttribute.DW_AT_type:
                Type = value;
                break;
            case DwarfAttribute.DW_AT_call_file:
                CallFile = value;
                break;
            case DwarfAttribute.DW_AT_call_line:
                CallLine = value;
                break;
            case DwarfAttribute.DW_AT_call_column:
                CallColumn = value;
                break;
            case DwarfAttribute.DW_AT_byte_size:
                ByteSize = value;
                break;
            case DwarfAttribute.DW_AT_data_member_location:
                MemberLocation = value;
                break;
            case DwarfAttribute.DW_AT_data_bit_offset:
                BitOffset = value;
                break;
            case DwarfAttribute.DW_AT_count:
                Bound = value;
                IsUpperBound = false;
                break;
            case DwarfAttribute.DW_AT_upper_bound when !Bound.IsPresent:
                Bound = value;
                IsUpperBound = true;
                break;
            case DwarfAttribute.DW_AT_declaration:
                Declaration = value;
                break;
            case DwarfAttribute.DW_AT_stmt_list:
                Unit = Unit with { Lines = value };
                break;
            case DwarfAttribute.DW_AT_language:
                Unit = Unit with { Language = value };
                break;
            case DwarfAttribute.DW_AT_comp_dir:
                Unit = Unit with { Folder = value };
                break;
            case DwarfAttribute.DW_AT_producer:
                Unit = Unit with { Producer = value };
                break;
            case DwarfAttribute.DW_AT_str_offsets_base:
                Unit = Unit with { StringOffsets = value };
                break;
            case DwarfAttribute.DW_AT_addr_base:
                Unit = Unit with { Addresses = value };
                break;
            case DwarfAttribute.DW_AT_rnglists_base:
                Unit = Unit with { RangeLists = value };
                break;
        }
    }
}
