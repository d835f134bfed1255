using Faultline.Elf.Headers;

namespace Faultline.Explain.Images.Objects;

/// <summary>A section where a loader put it.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Flags">Its flags.</param>
internal readonly record struct PlacedSection(int Index, string Name, ulong Address, ulong Size, SectionFlags Flags);
