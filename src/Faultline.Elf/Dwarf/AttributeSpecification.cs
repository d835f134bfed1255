namespace Faultline.Elf.Dwarf;

/// <summary>One attribute of an abbreviation.</summary>
/// <param name="Name">Which attribute.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Constant">Its value where the form is DW_FORM_implicit_const.</param>
internal readonly record struct AttributeSpecification(DwarfAttribute Name, DwarfForm Form, long Constant);
