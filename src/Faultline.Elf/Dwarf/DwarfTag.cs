namespace Faultline.Elf.Dwarf;

/// <summary>DW_TAG_ of a debugging entry (DWARF 5, section 7.5.3): those that are looked at here.</summary>
internal enum DwarfTag : ushort
{
    /// <summary>The end of a list of children.</summary>
    None = 0x0,

    /// <summary>An array.</summary>
    DW_TAG_array_type = 0x1,

    /// <summary>A class.</summary>
    DW_TAG_class_type = 0x2,

    /// <summary>An enumeration.</summary>
    DW_TAG_enumeration_type = 0x4,

    /// <summary>A parameter.</summary>
    DW_TAG_formal_parameter = 0x5,

    /// <summary>A block with variables of its own.</summary>
    DW_TAG_lexical_block = 0xb,

    /// <summary>A member of a structure.</summary>
    DW_TAG_member = 0xd,

    /// <summary>A pointer.</summary>
    DW_TAG_pointer_type = 0xf,

    /// <summary>A reference.</summary>
    DW_TAG_reference_type = 0x10,

    /// <summary>What one compilation gave.</summary>
    DW_TAG_compile_unit = 0x11,

    /// <summary>A structure.</summary>
    DW_TAG_structure_type = 0x13,

    /// <summary>The type of a function.</summary>
    DW_TAG_subroutine_type = 0x15,

    /// <summary>Another name of a type.</summary>
    DW_TAG_typedef = 0x16,

    /// <summary>A union.</summary>
    DW_TAG_union_type = 0x17,

    /// <summary>A base class.</summary>
    DW_TAG_inheritance = 0x1c,

    /// <summary>A function where it was inlined.</summary>
    DW_TAG_inlined_subroutine = 0x1d,

    /// <summary>A module (Fortran, Rust).</summary>
    DW_TAG_module = 0x1e,

    /// <summary>Bounds of an array.</summary>
    DW_TAG_subrange_type = 0x21,

    /// <summary>A type of the language.</summary>
    DW_TAG_base_type = 0x24,

    /// <summary>const.</summary>
    DW_TAG_const_type = 0x26,

    /// <summary>A function.</summary>
    DW_TAG_subprogram = 0x2e,

    /// <summary>A variable.</summary>
    DW_TAG_variable = 0x34,

    /// <summary>volatile.</summary>
    DW_TAG_volatile_type = 0x35,

    /// <summary>restrict.</summary>
    DW_TAG_restrict_type = 0x37,

    /// <summary>A namespace.</summary>
    DW_TAG_namespace = 0x39,

    /// <summary>Part of a compilation that others import.</summary>
    DW_TAG_partial_unit = 0x3c,

    /// <summary>A type on its own.</summary>
    DW_TAG_type_unit = 0x41,

    /// <summary>A reference to a temporary.</summary>
    DW_TAG_rvalue_reference_type = 0x42,

    /// <summary>_Atomic.</summary>
    DW_TAG_atomic_type = 0x47,

    /// <summary>What stays in the image when the rest is in a .dwo file.</summary>
    DW_TAG_skeleton_unit = 0x4a,
}
