namespace Faultline.Explain.Images;

/// <summary>A member of a structure.</summary>
/// <param name="Structure">The structure's name, with <c>struct</c> or <c>union</c>.</param>
/// <param name="Path">The member, nested ones separated by dots, with an index for arrays: <c>mm.pgd</c>, <c>slots[3].next</c>.</param>
/// <param name="Type">Its type as C spells it.</param>
/// <param name="Offset">Bytes from the structure's start.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Variable">The variable or parameter that points to the structure; null when the question was about a type alone.</param>
internal sealed record StructMember(string Structure, string Path, string Type, ulong Offset, ulong Size, string? Variable);
