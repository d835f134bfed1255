namespace Faultline.Elf.Dwarf;

/// <summary>Types as C spells them, near enough to recognise.</summary>
internal static class TypeNamer
{
    /// <summary>What C puts in front of the name of a type, with a space.</summary>
    public static string Keyword(DwarfTag tag) => tag switch
    {
        DwarfTag.DW_TAG_structure_type => "struct ",
        DwarfTag.DW_TAG_union_type => "union ",
        DwarfTag.DW_TAG_class_type => "class ",
        DwarfTag.DW_TAG_enumeration_type => "enum ",
        _ => string.Empty,
    };

    /// <summary>A type that has no name of its own.</summary>
    /// <param name="tag">What it is.</param>
    /// <param name="target">The name of the type that it is made from.</param>
    public static string Unnamed(DwarfTag tag, Func<string> target)
    {
        switch (tag)
        {
            case DwarfTag.DW_TAG_pointer_type:
                string pointed = target();
                return pointed.EndsWith('*') ? pointed + "*" : pointed.EndsWith(')') ? pointed : pointed + " *";
            case DwarfTag.DW_TAG_const_type:
                string constant = target();
                return constant.EndsWith('*') ? constant + "const" : "const " + constant;
            case DwarfTag.DW_TAG_volatile_type:
                return "volatile " + target();
            case DwarfTag.DW_TAG_array_type:
                return target() + "[]";
            case DwarfTag.DW_TAG_structure_type or DwarfTag.DW_TAG_union_type or DwarfTag.DW_TAG_class_type or DwarfTag.DW_TAG_enumeration_type:
                return Keyword(tag) + "(anonymous)";
            case DwarfTag.DW_TAG_restrict_type or DwarfTag.DW_TAG_atomic_type:
                return target();
            case DwarfTag.DW_TAG_subroutine_type:
                return target() + " (*)()";
            default:
                return target();
        }
    }
}
