namespace Faultline.Elf.Dwarf;

/// <summary>The shape that debugging entries with one code share.</summary>
/// <param name="Tag">What they describe.</param>
/// <param name="HasChildren">Whether children follow them.</param>
/// <param name="Attributes">Their attributes, in order.</param>
internal sealed record Abbreviation(DwarfTag Tag, bool HasChildren, AttributeSpecification[] Attributes);
