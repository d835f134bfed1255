namespace Faultline.Elf.Dwarf;

/// <summary>DW_AT_ of a debugging entry (DWARF 5, section 7.5.4): those that are looked at here.</summary>
internal enum DwarfAttribute : ushort
{
    /// <summary>The end of a list of attributes.</summary>
    None = 0x0,

    /// <summary>The next entry at the same level.</summary>
    DW_AT_sibling = 0x1,

    /// <summary>A name.</summary>
    DW_AT_name = 0x3,

    /// <summary>Size in bytes.</summary>
    DW_AT_byte_size = 0xb,

    /// <summary>The line table, as an offset in .debug_line.</summary>
    DW_AT_stmt_list = 0x10,

    /// <summary>The first address.</summary>
    DW_AT_low_pc = 0x11,

    /// <summary>The address after the last, or the distance to it.</summary>
    DW_AT_high_pc = 0x12,

    /// <summary>The source language.</summary>
    DW_AT_language = 0x13,

    /// <summary>The folder the compiler ran in.</summary>
    DW_AT_comp_dir = 0x1b,

    /// <summary>The compiler and its options.</summary>
    DW_AT_producer = 0x25,

    /// <summary>The last index of an array.</summary>
    DW_AT_upper_bound = 0x2f,

    /// <summary>The entry that this one is an instance of.</summary>
    DW_AT_abstract_origin = 0x31,

    /// <summary>The number of elements of an array.</summary>
    DW_AT_count = 0x37,

    /// <summary>Offset of a member, in bytes.</summary>
    DW_AT_data_member_location = 0x38,

    /// <summary>Whether the entry only announces another.</summary>
    DW_AT_declaration = 0x3c,

    /// <summary>The declaration that this entry completes.</summary>
    DW_AT_specification = 0x47,

    /// <summary>The type.</summary>
    DW_AT_type = 0x49,

    /// <summary>Addresses that are not in one piece.</summary>
    DW_AT_ranges = 0x55,

    /// <summary>Column of the call that was inlined.</summary>
    DW_AT_call_column = 0x57,

    /// <summary>File of the call that was inlined.</summary>
    DW_AT_call_file = 0x58,

    /// <summary>Line of the call that was inlined.</summary>
    DW_AT_call_line = 0x59,

    /// <summary>Offset of a bit field, in bits.</summary>
    DW_AT_data_bit_offset = 0x6b,

    /// <summary>The name that the linker sees.</summary>
    DW_AT_linkage_name = 0x6e,

    /// <summary>Where the unit's part of .debug_str_offsets begins.</summary>
    DW_AT_str_offsets_base = 0x72,

    /// <summary>Where the unit's part of .debug_addr begins.</summary>
    DW_AT_addr_base = 0x73,

    /// <summary>Where the unit's part of .debug_rnglists begins.</summary>
    DW_AT_rnglists_base = 0x74,

    /// <summary>The .dwo file that has the rest of the unit.</summary>
    DW_AT_dwo_name = 0x76,

    /// <summary>DW_AT_linkage_name before DWARF 4.</summary>
    DW_AT_MIPS_linkage_name = 0x2007,
}
