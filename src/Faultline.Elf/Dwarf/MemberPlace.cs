namespace Faultline.Elf.Dwarf;

/// <summary>A member of a structure.</summary>
/// <param name="Structure">The structure, with "struct" or "union".</param>
/// <param name="Path">The member; nested ones are separated by dots, elements of arrays have an index.</param>
/// <param name="Type">Its type as C spells it.</param>
/// <param name="Offset">Bytes from the start of the structure.</param>
/// <param name="Size">Its size in bytes, 0 when unknown.</param>
/// <param name="Variable">The variable or parameter that points to the structure, or null.</param>
internal readonly record struct MemberPlace(string Structure, string Path, string Type, ulong Offset, ulong Size, string? Variable);
