using Faultline.Elf.Headers;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>A section of the vDSO, whose bytes may depend on where all of them are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">SHT_ number.</param>
/// <param name="Flags">SHF_ bits.</param>
/// <param name="Alignment">Of its address.</param>
/// <param name="Contents">Its bytes, as many for whatever addresses.</param>
/// <param name="Link">The section of sh_link, or null.</param>
/// <param name="Info">sh_info.</param>
/// <param name="EntrySize">sh_entsize.</param>
internal sealed record VdsoSection(
    string Name, SectionType Type, SectionFlags Flags, int Alignment, Func<VdsoAddresses, byte[]> Contents, string? Link = null, int Info = 0, int EntrySize = 0);
