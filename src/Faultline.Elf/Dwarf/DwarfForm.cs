namespace Faultline.Elf.Dwarf;

/// <summary>DW_FORM_: how an attribute is written (DWARF 5, section 7.5.6, and GNU's).</summary>
internal enum DwarfForm : ushort
{
    /// <summary>No form.</summary>
    None = 0x0,

    /// <summary>An address.</summary>
    DW_FORM_addr = 0x1,

    /// <summary>A block with a length of 2 bytes.</summary>
    DW_FORM_block2 = 0x3,

    /// <summary>A block with a length of 4 bytes.</summary>
    DW_FORM_block4 = 0x4,

    /// <summary>2 bytes.</summary>
    DW_FORM_data2 = 0x5,

    /// <summary>4 bytes.</summary>
    DW_FORM_data4 = 0x6,

    /// <summary>8 bytes.</summary>
    DW_FORM_data8 = 0x7,

    /// <summary>A string in place.</summary>
    DW_FORM_string = 0x8,

    /// <summary>A block with a LEB128 length.</summary>
    DW_FORM_block = 0x9,

    /// <summary>A block with a length of 1 byte.</summary>
    DW_FORM_block1 = 0xa,

    /// <summary>1 byte.</summary>
    DW_FORM_data1 = 0xb,

    /// <summary>1 byte, true or false.</summary>
    DW_FORM_flag = 0xc,

    /// <summary>A signed LEB128 number.</summary>
    DW_FORM_sdata = 0xd,

    /// <summary>Offset in .debug_str.</summary>
    DW_FORM_strp = 0xe,

    /// <summary>An unsigned LEB128 number.</summary>
    DW_FORM_udata = 0xf,

    /// <summary>Offset in .debug_info.</summary>
    DW_FORM_ref_addr = 0x10,

    /// <summary>Offset in the unit, 1 byte.</summary>
    DW_FORM_ref1 = 0x11,

    /// <summary>Offset in the unit, 2 bytes.</summary>
    DW_FORM_ref2 = 0x12,

    /// <summary>Offset in the unit, 4 bytes.</summary>
    DW_FORM_ref4 = 0x13,

    /// <summary>Offset in the unit, 8 bytes.</summary>
    DW_FORM_ref8 = 0x14,

    /// <summary>Offset in the unit, LEB128.</summary>
    DW_FORM_ref_udata = 0x15,

    /// <summary>The form stands before the value.</summary>
    DW_FORM_indirect = 0x16,

    /// <summary>Offset in a section that the attribute implies.</summary>
    DW_FORM_sec_offset = 0x17,

    /// <summary>An expression.</summary>
    DW_FORM_exprloc = 0x18,

    /// <summary>True, without a byte.</summary>
    DW_FORM_flag_present = 0x19,

    /// <summary>Index in .debug_str_offsets, LEB128.</summary>
    DW_FORM_strx = 0x1a,

    /// <summary>Index in .debug_addr, LEB128.</summary>
    DW_FORM_addrx = 0x1b,

    /// <summary>Offset in a supplementary file, 4 bytes.</summary>
    DW_FORM_ref_sup4 = 0x1c,

    /// <summary>Offset of a string in a supplementary file.</summary>
    DW_FORM_strp_sup = 0x1d,

    /// <summary>16 bytes.</summary>
    DW_FORM_data16 = 0x1e,

    /// <summary>Offset in .debug_line_str.</summary>
    DW_FORM_line_strp = 0x1f,

    /// <summary>Signature of a type unit.</summary>
    DW_FORM_ref_sig8 = 0x20,

    /// <summary>The value stands in the abbreviation.</summary>
    DW_FORM_implicit_const = 0x21,

    /// <summary>Index of a location list.</summary>
    DW_FORM_loclistx = 0x22,

    /// <summary>Index of a range list.</summary>
    DW_FORM_rnglistx = 0x23,

    /// <summary>Offset in a supplementary file, 8 bytes.</summary>
    DW_FORM_ref_sup8 = 0x24,

    /// <summary>Index in .debug_str_offsets, 1 byte.</summary>
    DW_FORM_strx1 = 0x25,

    /// <summary>Index in .debug_str_offsets, 2 bytes.</summary>
    DW_FORM_strx2 = 0x26,

    /// <summary>Index in .debug_str_offsets, 3 bytes.</summary>
    DW_FORM_strx3 = 0x27,

    /// <summary>Index in .debug_str_offsets, 4 bytes.</summary>
    DW_FORM_strx4 = 0x28,

    /// <summary>Index in .debug_addr, 1 byte.</summary>
    DW_FORM_addrx1 = 0x29,

    /// <summary>Index in .debug_addr, 2 bytes.</summary>
    DW_FORM_addrx2 = 0x2a,

    /// <summary>Index in .debug_addr, 3 bytes.</summary>
    DW_FORM_addrx3 = 0x2b,

    /// <summary>Index in .debug_addr, 4 bytes.</summary>
    DW_FORM_addrx4 = 0x2c,

    /// <summary>Offset in the file that dwz made.</summary>
    DW_FORM_GNU_ref_alt = 0x1f20,

    /// <summary>Offset of a string in the file that dwz made.</summary>
    DW_FORM_GNU_strp_alt = 0x1f21,
}
