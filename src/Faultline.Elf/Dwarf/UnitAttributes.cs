namespace Faultline.Elf.Dwarf;

/// <summary>Attributes that only the first entry of a unit has.</summary>
/// <param name="Language">DW_AT_language.</param>
/// <param name="Lines">DW_AT_stmt_list.</param>
/// <param name="Folder">DW_AT_comp_dir.</param>
/// <param name="Producer">DW_AT_producer.</param>
/// <param name="StringOffsets">DW_AT_str_offsets_base.</param>
/// <param name="Addresses">DW_AT_addr_base.</param>
/// <param name="RangeLists">DW_AT_rnglists_base.</param>
internal readonly record struct UnitAttributes(
    AttributeValue Language, AttributeValue Lines, AttributeValue Folder, AttributeValue Producer, AttributeValue StringOffsets,
    AttributeValue Addresses, AttributeValue RangeLists);
