namespace Faultline.Elf.Dwarf;

/// <summary>An attribute as it was read; what the bits mean depends on the form, and <see cref="DebugUnit"/> resolves them.</summary>
/// <param name="Form">Its form; <see cref="DwarfForm.None"/> for an attribute that is absent.</param>
/// <param name="Bits">
/// A constant, an address, an index or an offset. For strings in place and blocks the offset in .debug_info of their first byte, for references
/// the offset in .debug_info of what is meant.
/// </param>
internal readonly record struct AttributeValue(DwarfForm Form, ulong Bits)
{
    /// <summary>Whether the attribute is there.</summary>
    public bool IsPresent => Form != DwarfForm.None;

    /// <summary>Whether the value is a number rather than an address or a place in a section.</summary>
    public bool IsConstant => Form is DwarfForm.DW_FORM_data1 or DwarfForm.DW_FORM_data2 or DwarfForm.DW_FORM_data4 or DwarfForm.DW_FORM_data8
        or DwarfForm.DW_FORM_udata or DwarfForm.DW_FORM_sdata or DwarfForm.DW_FORM_implicit_const;

    /// <summary>Whether the value is an offset in .debug_info of another entry.</summary>
    public bool IsReference => Form is DwarfForm.DW_FORM_ref1 or DwarfForm.DW_FORM_ref2 or DwarfForm.DW_FORM_ref4 or DwarfForm.DW_FORM_ref8
        or DwarfForm.DW_FORM_ref_udata or DwarfForm.DW_FORM_ref_addr;

    /// <summary>A flag's value.</summary>
    public bool IsTrue => Form == DwarfForm.DW_FORM_flag_present || (Form == DwarfForm.DW_FORM_flag && Bits != 0);
}
